package io.turnstream.cluster;

import io.turnstream.embedded.EmbeddedRegistry;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The schema registry, which is a child process by itself.
final class RegistryPart implements Part {

    private final Path folder;
    private final int port;
    private volatile @Nullable EmbeddedRegistry registry;

    RegistryPart(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    @Override
    public String name() {
        return Cluster.REGISTRY;
    }

    /// Its address without a path, known before it runs.
    String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void start() {
        registry = EmbeddedRegistry.start(folder, Reactor.LOGS.resolve(name() + ".log"), port);
    }

    @Override
    public boolean isReady() {
        EmbeddedRegistry current = registry;
        return current != null && current.ready().isDone() && !current.ready().isCompletedExceptionally();
    }

    @Override
    public boolean isAlive() {
        EmbeddedRegistry current = registry;
        return current != null && current.process().isAlive();
    }

    @Override
    public ProcessHandle process() {
        EmbeddedRegistry current = registry;
        if (current == null) {
            throw new IllegalStateException(name() + " was never started");
        }
        return current.process();
    }

    @Override
    public void kill9() {
        EmbeddedRegistry current = registry;
        if (current != null) {
            current.process().destroyForcibly();
            current.process().onExit().join();
        }
    }
}
