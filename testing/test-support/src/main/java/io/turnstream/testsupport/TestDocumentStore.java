package io.turnstream.testsupport;

import io.turnstream.embedded.EmbeddedDocumentStore;
import java.util.concurrent.atomic.AtomicInteger;

/// One document store in memory for all tests of a JVM, started at first use. Tests keep apart by
/// [#newDatabase(String)].
public final class TestDocumentStore {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private TestDocumentStore() {}

    /// `mongodb://127.0.0.1:port`, for MongoDB's driver.
    public static String connectionString() {
        return Running.STORE.connectionString();
    }

    /// The name of a database that no other test of this JVM uses.
    public static String newDatabase(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet();
    }

    private static final class Running {

        static final EmbeddedDocumentStore STORE = start();

        private static EmbeddedDocumentStore start() {
            EmbeddedDocumentStore store = EmbeddedDocumentStore.inMemory();
            Runtime.getRuntime().addShutdownHook(new Thread(store::close, "test-document-store-stop"));
            return store;
        }
    }
}
