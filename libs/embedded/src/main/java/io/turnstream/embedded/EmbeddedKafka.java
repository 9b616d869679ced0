package io.turnstream.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/// A real Kafka broker (KRaft, one node, broker and controller in one) inside this JVM, on loopback.
///
/// The log folder is formatted on first use and keeps its data over restarts, clean or not. Ports may change from one
/// start to the next: the voters of the metadata quorum come from the configuration, so no address is kept in the
/// folder. Topics have no time retention, and the offsets of idle groups are kept as long as the broker can (about
/// 4,000 years). Topics are never created by merely using their name.
///
/// One folder has one broker at a time; a second one is refused. A broker writes numbers in the language of its JVM,
/// also into the names of its files; a log that was written in another language is opened all the same, see
/// [LocalDigits].
public final class EmbeddedKafka implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(EmbeddedKafka.class.getName());
    private static final String FORMATTED = "meta.properties";
    private static final String COPY = "meta.properties.copy";
    private static final String METADATA_LOG = "__cluster_metadata-0";
    private static final int NODE_ID = 1;
    private static final int FREE_PORT_ATTEMPTS = 5;
    private static final int START_TIMEOUT_SECONDS = 60;

    private final KafkaRaftServer server;
    private final int port;
    private final BrokerExit.Watch watch;
    private boolean closed;

    private EmbeddedKafka(KafkaRaftServer server, int port, BrokerExit.Watch watch) {
        this.server = server;
        this.port = port;
        this.watch = watch;
    }

    /// Starts a broker on a free port and returns once it serves requests.
    ///
    /// @param logDir folder of the data; made if missing
    /// @throws CannotStartException if the folder cannot be used, or its files are damaged or cut short
    public static EmbeddedKafka start(Path logDir) {
        return start(logDir, topic -> false);
    }

    /// Starts a broker on a free port and returns once it serves requests.
    ///
    /// @param logDir  folder of the data; made if missing
    /// @param lasting topics that are never deleted, whose files are looked at before the broker uses them, see
    ///         [LogInspection]
    /// @throws CannotStartException if the folder cannot be used, or its files are missing, damaged or cut short
    public static EmbeddedKafka start(Path logDir, Predicate<String> lasting) {
        for (int attempt = 1;; attempt++) {
            int port = Loopback.freePort();
            try {
                return startOn(logDir, port, lasting);
            } catch (CannotStartException e) {
                // between finding the port and binding it, somebody else may have taken it
                if (attempt == FREE_PORT_ATTEMPTS || !Loopback.isPortConflict(e)) {
                    throw e;
                }
            }
        }
    }

    /// Starts a broker on the given port and returns once it serves requests.
    ///
    /// @param logDir folder of the data; made if missing
    /// @param port   1 to 65535
    /// @throws CannotStartException if the port is in use or the folder cannot be used
    public static EmbeddedKafka start(Path logDir, int port) {
        Loopback.requireFree(port, "the broker");
        return startOn(logDir, port, topic -> false);
    }

    private static EmbeddedKafka startOn(Path logDir, int port, Predicate<String> lasting) {
        Path folder = logDir.toAbsolutePath();
        QuietLoggers.hush();
        makeUsable(folder);
        BrokerExit.Watch watch = BrokerExit.watch(folder);
        boolean started = false;
        KafkaRaftServer server = null;
        try {
            int renamed = LocalDigits.spellOut(folder);
            if (renamed > 0) {
                LOG.log(System.Logger.Level.INFO,
                        "{0} files of the log had been named in the digits of another language", renamed);
            }
            format(folder);
            new LogInspection(folder, lasting).requireWhole();
            server = new KafkaRaftServer(
                    new KafkaConfig(BrokerSettings.of(NODE_ID, folder, port, Loopback.freePortBut(port)), false),
                    Time.SYSTEM);
            startUp(server, watch, folder);
            started = true;
            watch.started();
            return new EmbeddedKafka(server, port, watch);
        } catch (CannotStartException e) {
            throw e;
        } catch (Exception e) {
            throw cannotUse(folder, e);
        } finally {
            if (!started) {
                shutDownAfterFailure(server);
                watch.end();
            }
        }
    }

    /// Kafka calls `exit` or `halt` from whatever thread meets a fatal error, and `startup` may then never return. So
    /// it runs on a thread of its own and races with the watch.
    private static void startUp(KafkaRaftServer server, BrokerExit.Watch watch, Path folder) throws Exception {
        CompletableFuture<Void> startup = new CompletableFuture<>();
        Thread.ofPlatform().name("kafka-startup").daemon().start(() -> {
            try {
                server.startup();
                startup.complete(null);
            } catch (RuntimeException | Error e) {
                startup.completeExceptionally(e);
            }
        });
        try {
            CompletableFuture.anyOf(startup, watch.failure()).get(START_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CannotStartException known ? known : cannotUse(folder, e.getCause());
        } catch (TimeoutException e) {
            throw new CannotStartException("The broker did not start within " + START_TIMEOUT_SECONDS + " s",
                    folder.toString(), "Look at the log for what it waits for, and try again.", e);
        }
    }

    private static void makeUsable(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new CannotStartException("Cannot make the broker's folder (" + reason(e) + ")", folder.toString(),
                    "Choose a folder that you may write to.", e);
        }
        if (!Files.isWritable(folder)) {
            throw new CannotStartException("Cannot write to the broker's folder", folder.toString(),
                    "Choose a folder that you may write to.");
        }
    }

    /// Whether a broker has kept its log in that folder.
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(FORMATTED)) || Files.isDirectory(folder.resolve(METADATA_LOG));
    }

    /// The file that says how a folder was formatted cannot be made anew, since partitions are assigned to the folder's
    /// id in it. A copy takes its place where it has been lost.
    private static void format(Path folder) throws Exception {
        Path description = folder.resolve(FORMATTED);
        Path copy = folder.resolve(COPY);
        if (isIn(folder) && !isReadable(description)) {
            if (!isReadable(copy)) {
                throw new CannotStartException("The broker's description of its folder is missing or damaged",
                        description.toString(),
                        "Put back this file from a copy of the home; the others are left as they are.");
            }
            Files.copy(copy, description, StandardCopyOption.REPLACE_EXISTING);
        }
        if (!isIn(folder)) {
            new Formatter()
                    .setNodeId(NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(folder.toString())
                    .setMetadataLogDirectory(folder.toString())
                    .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                    .setIgnoreFormatted(true)
                    .setPrintStream(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()))
                    .run();
        }
        if (!isReadable(copy) || Files.mismatch(copy, description) >= 0) {
            Files.copy(description, copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static boolean isReadable(Path description) throws IOException {
        if (!Files.exists(description)) {
            return false;
        }
        Properties formatted = new Properties();
        try (InputStream in = Files.newInputStream(description)) {
            formatted.load(in);
        } catch (IllegalArgumentException e) {
            return false;
        }
        return Integer.toString(NODE_ID).equals(formatted.getProperty("node.id")) && formatted.containsKey("cluster.id")
                && formatted.containsKey("directory.id");
    }

    private static void shutDownAfterFailure(@Nullable KafkaRaftServer server) {
        if (server == null) {
            return;
        }
        // may block on what never started; the caller's error must not wait for it
        Thread.ofPlatform().name("kafka-abandon").daemon().start(() -> {
            try {
                server.shutdown();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "shutdown after a failed start", e);
            }
        });
    }

    private static CannotStartException cannotUse(Path folder, Throwable cause) {
        if (Loopback.isPortConflict(cause)) {
            return Loopback.portConflict("the broker", cause);
        }
        if (FullDisk.isToBlame(cause)) {
            return FullDisk.error(folder, cause);
        }
        String reason = reason(cause);
        if (reason.contains("Failed to acquire lock")) {
            return new CannotStartException("The broker's folder is in use by another broker", folder.toString(),
                    "Stop the other one or choose another folder.", cause);
        }
        return new CannotStartException("The broker cannot use its folder (" + reason + ")", folder.toString(),
                "Check the disk and the folder's files; if they are damaged, restore a copy or choose another folder.",
                cause);
    }

    static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null
                ? root.getClass().getSimpleName()
                : root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    /// `127.0.0.1:port`, for `bootstrap.servers`.
    public String bootstrapServers() {
        return Loopback.HOST + ":" + port;
    }

    /// The port that clients connect to.
    public int port() {
        return port;
    }

    /// Calls `action` once if the broker meets an error it cannot go on from (the disk is full, say). Without an action
    /// such an error is printed in one line and the JVM halts with code 70.
    public void onFailure(Consumer<CannotStartException> action) {
        watch.onFailure(action);
    }

    /// Stops cleanly. Calling it again does nothing.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        server.shutdown();
        server.awaitShutdown();
        watch.end();
    }
}
