package io.turnstream.standalone.platform;

import io.turnstream.audit.archive.Archive;
import io.turnstream.audit.archive.ArchiveImport;
import io.turnstream.console.KafkaPlatform;
import io.turnstream.console.Platform;
import io.turnstream.console.RunCommands;
import io.turnstream.console.UnacceptableRunException;
import io.turnstream.console.Upkeep;
import io.turnstream.dispatch.TranscriptReplayer;
import io.turnstream.dispatch.TurnDispatcher;
import io.turnstream.embedded.CannotStartException;
import io.turnstream.events.SealSigner;
import io.turnstream.importer.RunImporter;
import io.turnstream.judgeworker.JudgeWorker;
import io.turnstream.loader.DatasetLoader;
import io.turnstream.loader.images.ImageLimits;
import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.loader.planning.DatasetPlanner;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaDeadLetters;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.metrics.MetricsAggregator;
import io.turnstream.metrics.sink.SinkChannels;
import io.turnstream.modelworker.ModelWorker;
import io.turnstream.providers.ChatApi;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.ProviderSettings;
import io.turnstream.providers.Providers;
import io.turnstream.providers.images.ImageStore;
import io.turnstream.providers.prices.Prices;
import io.turnstream.providers.quota.QuotaGate;
import io.turnstream.providers.work.ProtocolPacks;
import io.turnstream.providers.work.ProviderCaller;
import io.turnstream.simulator.Simulator;
import io.turnstream.simulator.SimulatorSettings;
import io.turnstream.simulator.SimulatorSettings.Latency;
import io.turnstream.standalone.cli.Platforms;
import io.turnstream.standalone.home.Home;
import io.turnstream.standalone.home.HomeLayout;
import io.turnstream.worker.Worker;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The services of the platform in this process, in the order in which they may start: what accepts answers first, then
/// nothing more until every run that nobody asks for now is paused, then those who call models.
final class Services implements AutoCloseable {

    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);
    private static final Duration SCORES_COMMIT_INTERVAL = Duration.ofMillis(250);
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration PACK_PATIENCE = Duration.ofSeconds(10);
    /// Of each of the two topologies, as Kafka Streams counts: keys, values and headers, without the objects around
    /// them.
    private static final long CACHE_BYTES = 5L << 20;
    private static final int STREAM_THREADS = 1;
    private static final int JUDGE_REPEATS = 2;
    private static final int MAX_IMAGE_BYTES = 32 << 20;
    private static final int MAX_IMAGE_PIXELS = 40_000_000;
    private static final Latency SIMULATED = Latency.ofMillis(5, 10);

    private final Deque<AutoCloseable> open;
    private final Platform platform;
    private final Upkeep upkeep;
    private final Supplier<RunImporter> importer;
    private final Function<Archive, ArchiveImport.Result> copier;

    private Services(
            Deque<AutoCloseable> open, Platform platform, Upkeep upkeep, Supplier<RunImporter> importer,
            Function<Archive, ArchiveImport.Result> copier) {
        this.open = open;
        this.platform = platform;
        this.upkeep = upkeep;
        this.importer = importer;
        this.copier = copier;
    }

    /// How they run.
    ///
    /// @param signer signs seals; null where the operator has no key
    /// @param version of this code, kept with each run
    /// @param lost called once one of them does not go on
    record Terms(@Nullable SealSigner signer, String version, Consumer<CannotStartException> lost) {}

    /// Whose channels start with this process: they wait to be opened.
    ///
    /// @param sinks what the projection's sinks write from
    /// @param trouble which channels have ended, and why
    record OnChannels(
            ModelWorker models, JudgeWorker judges, DatasetLoader loader, TranscriptReplayer replayer,
            RunCommands commands,
            SinkChannels sinks, Supplier<Optional<String>> trouble) {}

    /// Starts them. Runs that were going on when the home was last left are paused before any worker starts.
    static Services start(
            Foundations on, Home owned, Platforms.Work work, Platforms.Callees callees, OnChannels channels,
            Terms terms) {
        Deque<AutoCloseable> open = new ArrayDeque<>();
        List<VitalPart> vital = Collections.synchronizedList(new ArrayList<>());
        String version = terms.version();
        HomeLayout home = owned.layout();
        Clock clock = Clock.systemUTC();
        try {
            LiveProjection projection = new LiveProjection(new LiveProjection.Ground(owned, on.connection(),
                    on.schemas(),
                    new MetricsAggregator.Settings(home.streams(), STREAM_THREADS, SCORES_COMMIT_INTERVAL, CACHE_BYTES),
                    channels.sinks()), on.projection());
            open.push(projection);
            projection.start();
            ServiceKafka dispatching = kafka("turn-dispatcher", on, open);
            TurnDispatcher dispatcher = new TurnDispatcher(dispatching, home.streams(), STREAM_THREADS, COMMIT_INTERVAL,
                    CACHE_BYTES,
                    terms.signer());
            open.push(dispatcher);
            dispatcher.start();
            vital.add(VitalPart.of("turn dispatcher", dispatcher::isAlive));
            open.push(channels.replayer());
            channels.replayer().open(dispatching);
            vital.add(VitalPart.of("transcript replayer", channels.replayer()::isAlive));
            vital.add(VitalPart.of("metrics aggregator", projection::isAlive));

            ServiceKafka kafka = kafka("console", on, open);
            Providers models = callees.models();
            Providers judges = callees.judges();
            if (callees.simulator()) {
                Simulator simulator = Simulator.start(SimulatorSettings.defaults().withLatency(SIMULATED));
                open.push(simulator);
                ProviderSettings sim = new ProviderSettings(Providers.SIM, ChatApi.OPENAI,
                        simulator.baseUrl().toString(), null);
                models = work == Platforms.Work.CALLS ? models.with(sim) : models;
                judges = judges.with(sim);
            }
            KafkaPlatform platform = new KafkaPlatform(kafka, channels.commands().over(kafka), projection.reports(),
                    new KafkaPlatform.Rules(admission(models, judges), version, prices(home)), clock);
            if (!on.isNew()) {
                new UnattendedRuns(kafka, platform).pauseAll();
            }
            switch (work) {
                case CALLS -> startAllWorkers(channels, on, home, models, judges.besides(models), open, vital);
                case JUDGE_CALLS -> startJudging(channels, on, judges, open, vital);
                case NO_CALLS -> {
                    /* nobody is called */ }
            }
            vital.add(new VitalPart("channels", channels.trouble()));
            open.push(new PlatformWatch(vital, terms.lost()).start());
            Upkeep upkeep = new Upkeep(projection, new KafkaDeadLetters(kafka.connection(), kafka.serde(), clock));
            return new Services(open, platform, upkeep,
                    () -> new RunImporter(kafka(RunImporter.NAME, on, open), version, clock),
                    archive -> copy(archive, on, home, clock));
        } catch (RuntimeException e) {
            Foundations.closeAll(open);
            throw e;
        }
    }

    private static ArchiveImport.Result copy(Archive archive, Foundations on, HomeLayout home, Clock clock) {
        on.registerAlso(archive.schemas());
        return new ArchiveImport(archive, on.connection(), new EventSerde(on.schemas()),
                new ImageStore(home.images())::put, clock).run();
    }

    /// Judges and models side by side: each waits for the broker most of the time.
    private static void startAllWorkers(
            OnChannels channels, Foundations on, HomeLayout home, Providers models, Providers judges,
            Deque<AutoCloseable> open, List<VitalPart> vital) {
        Deque<AutoCloseable> judging = new ArrayDeque<>();
        open.push(() -> Foundations.closeAll(judging));
        CompletableFuture<Void> started = CompletableFuture.runAsync(
                () -> startJudging(channels, on, judges, judging, vital),
                task -> Thread.ofPlatform().name("judging-starter").start(task));
        try {
            startModels(channels.models(), on, home, models, open, vital);
            startLoader(channels.loader(), on, home, open, vital);
        } finally {
            // whoever closes them must find all of them
            started.handle((done, failure) -> done).join();
        }
        try {
            started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static void startJudging(
            OnChannels channels, Foundations on, Providers judges, Deque<AutoCloseable> open, List<VitalPart> vital) {
        JudgeWorker worker = channels.judges();
        Clock clock = Clock.systemUTC();
        ServiceKafka kafka = kafka(JudgeWorker.SERVICE, on, open);
        ProviderCaller caller = ProviderCaller.open(
                judges, ImageSource.none(), ProviderCaller.Quotas.over(kafka, QuotaGate.Role.JUDGE, clock), clock);
        open.push(caller);
        open.push(worker);
        worker.open(kafka, new Worker.Settings(GRACE, PACK_PATIENCE), caller, JUDGE_REPEATS, clock);
        vital.add(VitalPart.of("judge worker", worker.worker()::isAlive));
    }

    private static void startModels(
            ModelWorker worker, Foundations on, HomeLayout home, Providers models, Deque<AutoCloseable> open,
            List<VitalPart> vital) {
        Clock clock = Clock.systemUTC();
        ServiceKafka kafka = kafka(ModelWorker.SERVICE, on, open);
        ProviderCaller caller = ProviderCaller.open(models, new ImageStore(home.images())::get,
                ProviderCaller.Quotas.over(kafka, QuotaGate.Role.MODEL, clock), clock);
        open.push(caller);
        open.push(worker);
        worker.open(kafka, new Worker.Settings(GRACE, PACK_PATIENCE), caller, clock);
        vital.add(VitalPart.of("model worker", worker.worker()::isAlive));
    }

    private static void startLoader(DatasetLoader loader, Foundations on, HomeLayout home, Deque<AutoCloseable> open,
            List<VitalPart> vital) {
        DatasetPlanner planner = new DatasetPlanner(
                new ImagePreparer(new ImageStore(home.images()), new ImageLimits(MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS)),
                Math.max(1, Runtime.getRuntime().availableProcessors()), DatasetPlanner.defaultRowGroupBudgetBytes());
        ServiceKafka kafka = kafka(DatasetLoader.NAME, on, open);
        open.push(loader);
        loader.open(kafka, ProtocolPacks.reading(kafka, PACK_PATIENCE), planner, Clock.systemUTC());
        vital.add(VitalPart.of("data set loader", loader::isAlive));
    }

    private static Prices prices(HomeLayout home) {
        return Files.exists(home.prices()) ? Prices.of(home.prices()) : Prices.bundled();
    }

    private static ServiceKafka kafka(String service, Foundations on, Deque<AutoCloseable> open) {
        ServiceKafka kafka = ServiceKafka.sharing(service, on.connection(), on.schemas());
        open.push(kafka);
        return kafka;
    }

    /// A run that comes from elsewhere may name only what this process has an address and a key for.
    private static io.turnstream.console.ModelAdmission admission(Providers models, Providers judges) {
        return (provider, where) -> {
            try {
                (where.equals("judge") ? judges : models).named(provider);
            } catch (IllegalArgumentException e) {
                throw new UnacceptableRunException(String.valueOf(e.getMessage()), where,
                        "The platform that runs on this home was started without it; start it there, or use another --home.");
            }
        };
    }

    /// The platform they make.
    Platform platform() {
        return platform;
    }

    /// What keeps it in order.
    Upkeep upkeep() {
        return upkeep;
    }

    /// Brings recorded runs into it.
    RunImporter importer() {
        return importer.get();
    }

    /// Copies the run of an archive into it.
    ArchiveImport.Result copy(Archive archive) {
        return copier.apply(archive);
    }

    /// Stops taking work, lets calls under way end, and stops.
    @Override
    public void close() {
        Foundations.closeAll(open);
    }
}
