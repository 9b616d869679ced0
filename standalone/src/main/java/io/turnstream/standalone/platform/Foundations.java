package io.turnstream.standalone.platform;

import io.turnstream.embedded.CannotStartException;
import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.embedded.EmbeddedRegistry;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaCatalog;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.projection.store.ProjectionGeneration;
import io.turnstream.standalone.home.Home;
import io.turnstream.standalone.home.HomeLayout;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.jboss.logging.Logger;

/// What the services stand on: broker with its topics, registry, document store, schema ids. Everything that can start side by
/// side does; the registry is waited for only where a schema is not registered yet.
final class Foundations implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Foundations.class);
    private static final Duration REGISTRY_PATIENCE = Duration.ofSeconds(90);
    private static final String CLIENT = "standalone";

    private final KafkaConnection connection;
    private final SchemaCatalog schemas;
    private final OpenProjection projection;
    private final Supplier<URI> registry;
    private final Deque<AutoCloseable> open;

    private Foundations(
            KafkaConnection connection, SchemaCatalog schemas, Supplier<URI> registry, OpenProjection projection, Deque<AutoCloseable> open) {
        this.connection = connection;
        this.schemas = schemas;
        this.registry = registry;
        this.projection = projection;
        this.open = open;
    }

    /// Starts everything and returns once it serves.
    ///
    /// @param repair whether a projection whose file is damaged is replaced by an empty one
    /// @param lost called once a part cannot go on
    /// @throws CannotStartException if a part cannot start; then all are stopped again
    static Foundations start(HomeLayout home, boolean repair, Consumer<CannotStartException> lost) {
        Deque<AutoCloseable> open = new ArrayDeque<>();
        try (ExecutorService starters = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("starter-", 0).factory())) {
            CompletableFuture<EmbeddedRegistry> registry = CompletableFuture.supplyAsync(
                    () -> EmbeddedRegistry.start(home.registry(), home.logs().resolve("registry.log")), starters);
            CompletableFuture<OpenProjection> store = CompletableFuture.supplyAsync(() -> {
                ProjectionGeneration live = Home.projection(home);
                OpenProjection projection = repair ? OpenProjection.openOrReplace(home, live) : OpenProjection.open(home, live);
                projection.onFailure(lost);
                return projection;
            }, starters);
            CompletableFuture<EmbeddedKafka> kafka = CompletableFuture.supplyAsync(() -> HomeLog.broker(home, lost), starters);
            try {
                keep(open, registry);
                keep(open, store);
                KafkaConnection connection = KafkaConnection.to(keep(open, kafka).bootstrapServers(), CLIENT);
                TopicLayout.standalone().createMissing(connection);
                Supplier<URI> address = addressOf(registry);
                SchemaCatalog schemas = SchemaCatalog.open(connection, address);
                open.push(schemas);
                return new Foundations(connection, schemas, address, keep(open, store), open);
            } catch (RuntimeException e) {
                CompletableFuture.allOf(registry, store, kafka).handle((done, failure) -> done).join();
                for (CompletableFuture<? extends AutoCloseable> part : List.of(registry, store, kafka)) {
                    if (!part.isCompletedExceptionally() && !open.contains(part.join())) {
                        open.addLast(part.join());
                    }
                }
                closeAll(open);
                throw e instanceof CompletionException wrapped && wrapped.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }
    }

    private static Supplier<URI> addressOf(CompletableFuture<EmbeddedRegistry> starting) {
        return () -> {
            EmbeddedRegistry registry = starting.join();
            registry.awaitReady(REGISTRY_PATIENCE);
            return URI.create(registry.url());
        };
    }

    private static <T extends AutoCloseable> T keep(Deque<AutoCloseable> open, CompletableFuture<T> starting) {
        T started = starting.join();
        if (!open.contains(started)) {
            open.push(started);
        }
        return started;
    }

    KafkaConnection connection() {
        return connection;
    }

    SchemaCatalog schemas() {
        return schemas;
    }

    /// Makes schemas known that other versions wrote events with.
    void registerAlso(Collection<Schema> others) {
        schemas.registerAlso(others, connection, registry);
    }

    /// The projection that is read when the home is opened.
    OpenProjection projection() {
        return projection;
    }

    @Override
    public void close() {
        closeAll(open);
    }

    static void closeAll(Deque<AutoCloseable> open) {
        while (!open.isEmpty()) {
            AutoCloseable part = open.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warnf(e, "%s did not stop cleanly", part.getClass().getSimpleName());
            }
        }
    }
}
