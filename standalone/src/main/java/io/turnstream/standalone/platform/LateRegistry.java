package io.turnstream.standalone.platform;

import io.turnstream.embedded.CannotStartException;
import io.turnstream.embedded.EmbeddedRegistry;
import io.turnstream.standalone.home.HomeLayout;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The registry of a home. It starts once somebody asks for its address, because a schema has to be registered, and
/// otherwise a while after everything else: nobody waits for it then, and until the first calls are made the processor
/// has better things to do.
final class LateRegistry implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LateRegistry.class);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration DELAY = Duration.ofSeconds(5);

    private final HomeLayout home;
    private @Nullable EmbeddedRegistry running;
    private boolean closed;

    LateRegistry(HomeLayout home) {
        this.home = home;
    }

    /// Starts it, unless it runs, and returns without waiting for it.
    ///
    /// @throws CannotStartException if its folder cannot be written or no distribution is found
    synchronized EmbeddedRegistry start() {
        EmbeddedRegistry registry = running;
        if (registry == null) {
            if (closed) {
                throw new IllegalStateException("the platform is being stopped");
            }
            registry = EmbeddedRegistry.start(home.registry(), home.logs().resolve("registry.log"));
            running = registry;
        }
        return registry;
    }

    /// Its address, once it answers there.
    ///
    /// @throws CannotStartException if it cannot start or does not answer in time
    URI address() {
        EmbeddedRegistry registry = start();
        registry.awaitReady(PATIENCE);
        return URI.create(registry.url());
    }

    /// Starts it later. Without it everything goes on, so a failure is only noted.
    void startLater() {
        CompletableFuture
                .delayedExecutor(DELAY.toMillis(), TimeUnit.MILLISECONDS,
                        task -> Thread.ofPlatform().name("registry").daemon().start(task))
                .execute(this::startUnlessClosed);
    }

    private synchronized void startUnlessClosed() {
        if (!closed) {
            try {
                start();
            } catch (CannotStartException e) {
                LOG.warnf("the schema registry does not run: %s", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        EmbeddedRegistry registry;
        synchronized (this) {
            closed = true;
            registry = running;
        }
        if (registry != null) {
            registry.close();
        }
    }
}
