package io.turnstream.integration;

import io.turnstream.audit.archive.Archive;
import io.turnstream.audit.archive.ArchiveImport;
import io.turnstream.console.KafkaPlatform;
import io.turnstream.console.ModelAdmission;
import io.turnstream.console.Platform;
import io.turnstream.console.Rebuilding;
import io.turnstream.dispatch.TurnDispatcher;
import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.importer.ImportOrder;
import io.turnstream.importer.ImportedRun;
import io.turnstream.judgeworker.JudgeWorker;
import io.turnstream.loader.DatasetLoader;
import io.turnstream.loader.images.ImageLimits;
import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.loader.planning.DatasetPlanner;
import io.turnstream.messaging.DeadLetterDesk;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.KafkaDeadLetters;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.metrics.MetricsAggregator;
import io.turnstream.modelworker.ModelWorker;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.store.ProjectionDatabase;
import io.turnstream.projection.store.StoredReports;
import io.turnstream.providers.ChatApi;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.ProviderSettings;
import io.turnstream.providers.Providers;
import io.turnstream.providers.images.ImageStore;
import io.turnstream.providers.prices.Prices;
import io.turnstream.providers.quota.QuotaGate;
import io.turnstream.providers.work.ProviderCaller;
import io.turnstream.simulator.Simulator;
import io.turnstream.simulator.SimulatorSettings;
import io.turnstream.standalone.cli.AuditLog;
import io.turnstream.standalone.cli.Interrupts;
import io.turnstream.standalone.cli.Place;
import io.turnstream.standalone.cli.Platforms;
import io.turnstream.standalone.cli.Surroundings;
import io.turnstream.standalone.cli.Turnstream;
import io.turnstream.standalone.render.Terminal;
import io.turnstream.testsupport.TestDocumentStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;

/// A whole platform in this JVM on a broker of its own, with a simulator behind it, and the command line in front of
/// it.
final class JudgedPlatform implements AutoCloseable {

    private static final Duration COMMIT = Duration.ofMillis(50);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Path folder;
    private final SchemaIds schemas;
    private final KafkaConnection connection;
    private final ProjectionDatabase database;
    private final Simulator simulator;
    private final Platform platform;
    private final SinksHere sinks = opened(new SinksHere());
    private MetricsAggregator aggregator;

    JudgedPlatform(Path folder) {
        this(folder, SchemaIds.byPosition());
    }

    /// @param schemas by which every service reads and writes
    JudgedPlatform(Path folder, SchemaIds schemas) {
        this.folder = folder;
        this.schemas = schemas;
        connection = KafkaConnection.to(opened(EmbeddedKafka.start(folder.resolve("broker"))).bootstrapServers(),
                "test");
        // one partition, beside the four of a home and the eight of a deployment: results depend on no number of them
        new TopicLayout(1, 1, (short) 1).createMissing(connection);
        simulator = opened(Simulator.start(SimulatorSettings.defaults()));
        database = opened(
                ProjectionDatabase.open(TestDocumentStore.connectionString(), TestDocumentStore.newDatabase("judged")));
        aggregator = aggregate();
        ServiceKafka dispatching = kafka("turn-dispatcher");
        opened(new TurnDispatcher(dispatching, folder.resolve("streams"), 1, COMMIT, 1 << 20, null)).start();
        Providers providers = Providers
                .of(List.of(new ProviderSettings("sim", ChatApi.OPENAI, simulator.baseUrl().toString(), null)));
        ImageStore images = new ImageStore(folder.resolve("images"));
        ServiceKafka judging = kafka(JudgeWorker.SERVICE);
        ProviderCaller judges = opened(ProviderCaller.open(providers, ImageSource.none(),
                ProviderCaller.Quotas.over(judging, QuotaGate.Role.JUDGE, Clock.systemUTC()), Clock.systemUTC()));
        WorkersHere workers = opened(new WorkersHere(connection));
        workers.replay(dispatching);
        workers.askJudges(judging, judges, 1);
        ServiceKafka asking = kafka(ModelWorker.SERVICE);
        ProviderCaller models = opened(ProviderCaller.open(providers, images::get,
                ProviderCaller.Quotas.over(asking, QuotaGate.Role.MODEL, Clock.systemUTC()), Clock.systemUTC()));
        workers.askModels(asking, models);
        ServiceKafka loading = kafka(DatasetLoader.NAME);
        workers.plan(loading,
                new DatasetPlanner(new ImagePreparer(images, new ImageLimits(8 << 20, 1 << 24)), 1, 64 << 20));
        ServiceKafka console = kafka("console");
        platform = new KafkaPlatform(console, console.producer(), new StoredReports(database.database()),
                new KafkaPlatform.Rules(ModelAdmission.allowing(List.of("sim")), "test", Prices.bundled()),
                Clock.systemUTC());
    }

    Platform platform() {
        return platform;
    }

    Reports reports() {
        return platform.reports();
    }

    Simulator simulator() {
        return simulator;
    }

    /// How the platform's broker is reached.
    KafkaConnection connection() {
        return connection;
    }

    /// What nobody could read or handle.
    DeadLetterDesk deadLetters() {
        return new KafkaDeadLetters(connection, new EventSerde(schemas), Clock.systemUTC());
    }

    /// Stops whoever writes the projection, and drops all of it.
    void dropProjection() {
        aggregator.close();
        database.database().drop();
    }

    /// Starts somebody who writes the projection.
    void project() {
        aggregator = aggregate();
    }

    private MetricsAggregator aggregate() {
        MetricsAggregator started = new MetricsAggregator(sinks.channels(), kafka("metrics-aggregator"),
                database.database(), folder.resolve("streams"), 1, COMMIT, 1 << 20);
        started.start();
        return started;
    }

    /// What a command printed.
    record Printed(int code, String out, String err) {}

    /// Runs a command line against this platform.
    Printed run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = Terminal.plain(100, true);
        Surroundings around = new Surroundings(Map.of(), folder, new PrintWriter(out, true), new PrintWriter(err, true),
                terminal, terminal,
                Clock.systemUTC(), new Attached(platform, deadLetters()), new Patience());
        int code = new Turnstream(around, "test").run(arguments);
        return new Printed(code, out.toString(), err.toString());
    }

    private ServiceKafka kafka(String service) {
        return opened(ServiceKafka.sharing(service, connection, schemas));
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    @Override
    public void close() throws Exception {
        aggregator.close();
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private record Attached(Platform platform, DeadLetterDesk deadLetters) implements Platforms {

        @Override
        public boolean isRunning(Place place) {
            return true;
        }

        @Override
        public <T> T read(Place place, Function<Reports, T> use) {
            return use.apply(platform.reports());
        }

        @Override
        public int use(Place place, Work work, Callees callees, ToIntFunction<Reached> use) {
            return use.applyAsInt(new Reached(platform, Reach.ATTACHED));
        }

        @Override
        public int rebuild(Place place, ToIntFunction<Rebuilding> use) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> T deadLetters(Place place, Function<DeadLetterDesk, T> use) {
            return use.apply(deadLetters);
        }

        @Override
        public int bringIn(Place place, ToIntBiFunction<Reached, Function<ImportOrder, ImportedRun>> use) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> T log(Place place, Function<AuditLog, T> use) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int copyIn(Place place, Archive archive, ToIntBiFunction<Reached, Supplier<ArchiveImport.Result>> use) {
            throw new UnsupportedOperationException();
        }
    }

    private record Patience() implements Interrupts {

        @Override
        public boolean interrupted() {
            return false;
        }

        @Override
        public void pause(long millis) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }
}
