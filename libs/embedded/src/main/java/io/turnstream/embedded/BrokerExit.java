package io.turnstream.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;

/// Kafka ends the JVM on a fatal error (a full disk, a damaged metadata log). Inside a platform that must become an
/// error that says what happened, so Kafka's process-wide exit procedures are replaced while brokers are running.
///
/// Kafka does not say which broker asked to exit; with several in one JVM (tests) all of them are told.
final class BrokerExit {

    private static final List<Watch> WATCHES = new CopyOnWriteArrayList<>();

    /// Those who know why the broker is about to give up, and tell nobody but the log.
    private static final List<Logger> WITNESSES = List.of(
            Logger.getLogger("org.apache.kafka.storage.internals.log.LogDirFailureChannel"),
            Logger.getLogger("org.apache.kafka.server.fault.ProcessTerminatingFaultHandler"));

    private static final LastCause LAST_CAUSE = new LastCause();

    private BrokerExit() {}

    static synchronized Watch watch(Path folder) {
        Watch watch = new Watch(folder);
        WATCHES.add(watch);
        WITNESSES.stream().filter(witness -> !List.of(witness.getHandlers()).contains(LAST_CAUSE))
                .forEach(witness -> witness.addHandler(LAST_CAUSE));
        Exit.setExitProcedure(BrokerExit::fail);
        Exit.setHaltProcedure(BrokerExit::fail);
        return watch;
    }

    private static void fail(int status, @Nullable String message) {
        for (Watch watch : WATCHES) {
            watch.fail(status, message);
        }
    }

    /// Remembers the failure that was logged last.
    private static final class LastCause extends Handler {

        private volatile @Nullable Throwable failure;

        @Override
        public void publish(LogRecord entry) {
            if (entry.getThrown() != null) {
                failure = entry.getThrown();
            }
        }

        @Override
        public void flush() { /* nothing is held back */ }

        @Override
        public void close() { /* nothing is open */ }
    }

    /// One broker's share in the exits of the JVM.
    static final class Watch {

        private static final int HALT_CODE = 70;

        private final Path folder;
        private final CompletableFuture<Void> failure = new CompletableFuture<>();
        private @Nullable Consumer<CannotStartException> action;
        private boolean started;

        private Watch(Path folder) {
            this.folder = folder;
        }

        /// Ends exceptionally with a [CannotStartException] when Kafka gives up.
        CompletableFuture<Void> failure() {
            return failure;
        }

        synchronized void started() {
            started = true;
        }

        synchronized void onFailure(Consumer<CannotStartException> newAction) {
            action = newAction;
        }

        void end() {
            WATCHES.remove(this);
        }

        private CannotStartException error(int status, @Nullable String message) {
            Throwable cause = LAST_CAUSE.failure;
            if (cause != null && FullDisk.isToBlame(cause)) {
                return FullDisk.error(folder, cause);
            }
            String why = cause != null ? EmbeddedKafka.reason(cause) : message == null ? "code " + status : message;
            return new CannotStartException("The broker gave up (" + why + ")", folder.toString(),
                    "Check the disk and the files in this folder; if they are damaged, put them back from a copy.",
                    cause);
        }

        private void fail(int status, @Nullable String message) {
            CannotStartException error = error(status, message);
            if (!failure.completeExceptionally(error)) {
                return;
            }
            Consumer<CannotStartException> react;
            synchronized (this) {
                if (!started) {
                    return;
                }
                react = action;
            }
            if (react != null) {
                react.accept(error);
            } else {
                System.err.println(error.getMessage());
                Runtime.getRuntime().halt(HALT_CODE);
            }
        }
    }
}
