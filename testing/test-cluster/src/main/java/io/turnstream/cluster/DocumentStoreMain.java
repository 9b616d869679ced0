package io.turnstream.cluster;

import io.turnstream.embedded.EmbeddedDocumentStore;
import io.turnstream.events.ProcessLocale;
import java.nio.file.Path;

/// A document store as a process of its own: folder, port.
public final class DocumentStoreMain {

    private DocumentStoreMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        ProcessLocale.fix();
        EmbeddedDocumentStore.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        Thread.currentThread().join();
    }
}
