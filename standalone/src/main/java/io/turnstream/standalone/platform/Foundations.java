package io.turnstream.standalone.platform;

import io.turnstream.embedded.CannotStartException;
import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.RegisteredSchema;
import io.turnstream.messaging.SchemaCatalog;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.projection.store.ProjectionGeneration;
import io.turnstream.standalone.home.Home;
import io.turnstream.standalone.home.HomeLayout;
import java.net.URI;
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

/// What the services stand on: broker with its topics, registry, document store, schema ids. Everything that can start
/// side by side does; the registry is waited for only where a schema is not registered yet, see [RegistrySeed].
final class Foundations implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Foundations.class);
    private static final String CLIENT = "standalone";

    private final KafkaConnection connection;
    private final SchemaCatalog schemas;
    private final OpenProjection projection;
    private final Supplier<URI> registry;
    private final boolean isNew;
    private final Deque<AutoCloseable> open;

    private Foundations(
            KafkaConnection connection, SchemaCatalog schemas, Supplier<URI> registry, OpenProjection projection,
            boolean isNew,
            Deque<AutoCloseable> open) {
        this.connection = connection;
        this.schemas = schemas;
        this.registry = registry;
        this.projection = projection;
        this.isNew = isNew;
        this.open = open;
    }

    /// Starts everything and returns once it serves.
    ///
    /// @param repair whether a projection whose file is damaged is replaced by an empty one
    /// @param lost called once a part cannot go on
    /// @throws CannotStartException if a part cannot start; then all are stopped again
    static Foundations start(HomeLayout home, boolean repair, Consumer<CannotStartException> lost) {
        Deque<AutoCloseable> open = new ArrayDeque<>();
        LateRegistry registry = new LateRegistry(home);
        open.push(registry);
        try (ExecutorService starters = Executors
                .newThreadPerTaskExecutor(Thread.ofPlatform().name("starter-", 0).factory())) {
            boolean isNew = !home.hasLog();
            CompletableFuture<List<RegisteredSchema>> held = CompletableFuture
                    .supplyAsync(() -> isNew ? begin(home, registry) : List.of(), starters);
            CompletableFuture<OpenProjection> store = CompletableFuture.supplyAsync(() -> {
                ProjectionGeneration live = Home.projection(home);
                OpenProjection projection = repair
                        ? OpenProjection.openOrReplace(home, live)
                        : OpenProjection.open(home, live);
                projection.onFailure(lost);
                return projection;
            }, starters);
            CompletableFuture<EmbeddedKafka> kafka = CompletableFuture.supplyAsync(() -> HomeLog.broker(home, lost),
                    starters);
            try {
                keep(open, store);
                KafkaConnection connection = KafkaConnection.to(keep(open, kafka).bootstrapServers(), CLIENT);
                TopicLayout.standalone().createMissing(connection);
                SchemaCatalog schemas = SchemaCatalog.open(connection, registry::address, held.join());
                open.push(schemas);
                registry.startLater();
                return new Foundations(connection, schemas, registry::address, keep(open, store), isNew, open);
            } catch (RuntimeException e) {
                CompletableFuture.allOf(held, store, kafka).handle((done, failure) -> done).join();
                for (CompletableFuture<? extends AutoCloseable> part : List.of(store, kafka)) {
                    if (!part.isCompletedExceptionally() && !open.contains(part.join())) {
                        open.addLast(part.join());
                    }
                }
                closeAll(open);
                throw e instanceof CompletionException wrapped && wrapped.getCause() instanceof RuntimeException cause
                        ? cause
                        : e;
            }
        }
    }

    /// A new home's registry begins with what it would be told at once, or, where that was never prepared, starts to be
    /// told.
    ///
    /// @return the schemas that it holds already
    private static List<RegisteredSchema> begin(HomeLayout home, LateRegistry registry) {
        List<RegisteredSchema> held = RegistrySeed.installed().map(seed -> seed.plantIn(home.registry()))
                .orElse(List.of());
        if (held.isEmpty()) {
            registry.start();
        }
        return held;
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

    /// Whether the home's log began with this start, so that nothing stands in it that was asked for before.
    boolean isNew() {
        return isNew;
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
