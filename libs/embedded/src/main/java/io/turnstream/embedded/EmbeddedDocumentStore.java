package io.turnstream.embedded;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/// A server that speaks MongoDB's protocol inside this JVM, on loopback, with its documents in one file or in memory.
///
/// Writes reach the file within about a second, those with the journal's promise (`j: true`) before they are answered.
/// An abrupt end of the process loses other writes made since, and keeps a prefix of the commands it answered: when a
/// later write is there, so is every earlier one.
public final class EmbeddedDocumentStore implements AutoCloseable {

    private static final String FILE = "documents.mv";
    private static final int CACHE_MEGABYTES = 6;

    private final MongoServer server;
    private final int port;

    private final Consumer<Consumer<CannotStartException>> failures;

    private EmbeddedDocumentStore(MongoServer server, int port, Consumer<Consumer<CannotStartException>> failures) {
        this.server = server;
        this.port = port;
        this.failures = failures;
    }

    /// Starts a store that forgets everything when it is closed.
    public static EmbeddedDocumentStore inMemory() {
        QuietLoggers.hush();
        return serve(new MongoServer(new MemoryBackend()), Loopback.freePort(), action -> {});
    }

    /// Starts a store that keeps its documents in `folder`, on a free port.
    ///
    /// @throws CannotStartException if the folder cannot be used, the file is damaged, or another store uses it
    public static EmbeddedDocumentStore start(Path folder) {
        return start(folder, Loopback.freePort());
    }

    /// Starts a store that keeps its documents in `folder`, on the given port.
    ///
    /// @param port 1 to 65535
    /// @throws CannotStartException if the port is in use, the folder cannot be used, the file is damaged, or another
    ///                              store uses it
    public static EmbeddedDocumentStore start(Path folder, int port) {
        Loopback.requireFree(port, "the document store");
        QuietLoggers.hush();
        Path file = folder.toAbsolutePath().resolve(FILE);
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new CannotStartException("Cannot make the document store's folder (" + EmbeddedKafka.reason(e) + ")",
                    folder.toString(), "Choose a folder that you may write to.", e);
        }
        if (!Files.isWritable(file.getParent()) || Files.exists(file) && !Files.isWritable(file)) {
            throw new CannotStartException("Cannot write to the document store's folder", folder.toString(),
                    "Choose a folder that you may write to.");
        }
        OrderedCommits backend = new OrderedCommits(open(file));
        return serve(new MongoServer(backend), port,
                action -> backend.onFailure(failure -> action.accept(cannotWrite(file, failure))));
    }

    /// Whether a store has kept documents in that folder.
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    private static MVStore open(Path file) {
        try {
            MVStore store = new MVStore.Builder().fileName(file.toString()).cacheSize(CACHE_MEGABYTES)
                    .autoCommitDisabled().open();
            BsonDatabase.upgrade(store);
            return store;
        } catch (MVStoreException e) {
            if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
                throw new CannotStartException("The document store's file is in use by another process",
                        file.toString(),
                        "Stop the other one or choose another folder.", e);
            }
            if (FullDisk.isToBlame(e)) {
                throw FullDisk.error(file, e);
            }
            throw new DamagedFileException("The document store's file is damaged (" + EmbeddedKafka.reason(e) + ")",
                    file.toString(), "Move the file away: the documents are made again from the log.", e);
        }
    }

    private static CannotStartException cannotWrite(Path file, MVStoreException failure) {
        return FullDisk.isToBlame(failure)
                ? FullDisk.error(file, failure)
                : new CannotStartException(
                        "The document store cannot write its file (" + EmbeddedKafka.reason(failure) + ")",
                        file.toString(),
                        "Check the disk.", failure);
    }

    private static EmbeddedDocumentStore serve(MongoServer server, int port,
            Consumer<Consumer<CannotStartException>> failures) {
        try {
            server.bind(Loopback.HOST, port);
            return new EmbeddedDocumentStore(server, port, failures);
        } catch (RuntimeException e) {
            server.shutdownNow();
            throw new CannotStartException("The document store cannot listen (" + EmbeddedKafka.reason(e) + ")",
                    Loopback.HOST, "Try again.", e);
        }
    }

    /// `mongodb://127.0.0.1:port`, for MongoDB's driver.
    public String connectionString() {
        return "mongodb://" + Loopback.HOST + ":" + port;
    }

    /// Calls `action` once if it can no longer write its file (the disk is full, say): what was written since is lost.
    public void onFailure(Consumer<CannotStartException> action) {
        failures.accept(action);
    }

    /// Writes what is not yet in the file, and stops.
    @Override
    public void close() {
        server.shutdownNow();
    }
}
