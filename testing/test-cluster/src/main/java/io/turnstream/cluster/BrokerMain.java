package io.turnstream.cluster;

import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.events.ProcessLocale;
import java.nio.file.Path;

/// A broker as a process of its own: folder, port.
public final class BrokerMain {

    private BrokerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        ProcessLocale.fix();
        EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        Thread.currentThread().join();
    }
}
