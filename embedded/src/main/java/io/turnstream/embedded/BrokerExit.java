package io.turnstream.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;

/// Kafka ends the JVM on a fatal error (a full disk, a damaged metadata log). Inside a platform that must become an error
/// that says what happened, so Kafka's process-wide exit procedures are replaced while brokers are running.
///
/// Kafka does not say which broker asked to exit; with several in one JVM (tests) all of them are told.
final class BrokerExit {

    private static final List<Watch> WATCHES = new CopyOnWriteArrayList<>();

    private BrokerExit() {
    }

    static synchronized Watch watch(Path folder) {
        Watch watch = new Watch(folder);
        WATCHES.add(watch);
        Exit.setExitProcedure(BrokerExit::fail);
        Exit.setHaltProcedure(BrokerExit::fail);
        return watch;
    }

    private static void fail(int status, @Nullable String message) {
        for (Watch watch : WATCHES) {
            watch.fail(status, message);
        }
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

        private void fail(int status, @Nullable String message) {
            CannotStartException error = new CannotStartException(
                    "The broker gave up (" + (message == null ? "code " + status : message) + ")", folder.toString(),
                    "See its log for the cause: a full disk or a damaged file in this folder are the usual ones.");
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
