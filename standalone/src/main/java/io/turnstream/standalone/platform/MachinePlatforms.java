package io.turnstream.standalone.platform;

import com.mongodb.MongoException;
import io.turnstream.audit.archive.Archive;
import io.turnstream.audit.archive.ArchiveImport;
import io.turnstream.console.Platform;
import io.turnstream.console.Rebuilding;
import io.turnstream.console.remote.RemotePlatform;
import io.turnstream.embedded.CannotStartException;
import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.events.SealSigner;
import io.turnstream.importer.ImportOrder;
import io.turnstream.importer.ImportedRun;
import io.turnstream.messaging.DeadLetterDesk;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaCatalog;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.store.StoredReports;
import io.turnstream.providers.images.ImageStore;
import io.turnstream.standalone.cli.AuditLog;
import io.turnstream.standalone.cli.Guests;
import io.turnstream.standalone.cli.Place;
import io.turnstream.standalone.cli.Platforms;
import io.turnstream.standalone.cli.UsageException;
import io.turnstream.standalone.home.Home;
import io.turnstream.standalone.home.RunningPlatform;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Platforms as they are reached from this machine: a deployed one, the one that another process runs on the home, or
/// one started in this process.
public final class MachinePlatforms implements Platforms {

    private static final Duration OWNER_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final ApiServer api;
    private final String version;
    private final BiConsumer<Reached, Guests> stayFor;
    private final Consumer<CannotStartException> lost;
    private final Consumer<String> remarks;

    /// @param stayFor what is done while runs of others go on, when the command's own are over: given the platform and
    ///         their runs
    /// @param lost    called where a platform of this process cannot go on, because its disk is full, say; nothing can
    ///                be closed cleanly then
    /// @param remarks takes what people are to be told beside the command's own words
    public MachinePlatforms(
            String version, BiConsumer<Reached, Guests> stayFor, Consumer<CannotStartException> lost,
            Consumer<String> remarks) {
        this(new QuarkusApi(), version, stayFor, lost, remarks);
    }

    MachinePlatforms(
            ApiServer api, String version, BiConsumer<Reached, Guests> stayFor, Consumer<CannotStartException> lost,
            Consumer<String> remarks) {
        this.api = api;
        this.version = version;
        this.stayFor = stayFor;
        this.lost = lost;
        this.remarks = remarks;
    }

    @Override
    public boolean isRunning(Place place) {
        return place.isDeployed() || RunningPlatform.on(place.home()).isPresent();
    }

    @Override
    public <T> T read(Place place, Function<Reports, T> use) {
        Optional<RemotePlatform> remote = remote(place);
        if (remote.isPresent()) {
            try (RemotePlatform platform = remote.get()) {
                return use.apply(platform.reports());
            }
        }
        if (!HomeLog.isIn(place.home())) {
            Home.requireKnown(place.home());
            return use.apply(new EmptyReports());
        }
        Optional<Home> owned = own(place, Home.Purpose.DOCUMENTS);
        if (owned.isEmpty()) {
            return read(place, use);
        }
        quiet(place);
        try (Home home = owned.get();
                OpenProjection projection = OpenProjection.openExisting(home.layout(),
                        Home.projection(home.layout()))) {
            return use.apply(new StoredReports(projection.database()));
        } catch (MongoException e) {
            throw OpenProjection.unreadable(place.home(), e);
        }
    }

    @Override
    public int rebuild(Place place, ToIntFunction<Rebuilding> use) {
        Optional<RemotePlatform> remote = remote(place);
        if (remote.isPresent()) {
            try (RemotePlatform platform = remote.get()) {
                return use.applyAsInt(platform.upkeep().rebuilding());
            }
        }
        Optional<Home> owned = own(place, Home.Purpose.WORK);
        if (owned.isEmpty()) {
            return rebuild(place, use);
        }
        try (Home home = owned.get()) {
            return host(home, place, new Hosting(Work.NO_CALLS, Callees.nobody(), true),
                    (reached, services) -> use.applyAsInt(services.upkeep().rebuilding()));
        }
    }

    @Override
    public <T> T deadLetters(Place place, Function<DeadLetterDesk, T> use) {
        Optional<RemotePlatform> remote = remote(place);
        if (remote.isPresent()) {
            try (RemotePlatform platform = remote.get()) {
                return use.apply(platform.upkeep().deadLetters());
            }
        }
        if (!HomeLog.isIn(place.home())) {
            Home.requireKnown(place.home());
            return use.apply(new NoDeadLetters());
        }
        Optional<Home> owned = own(place, Home.Purpose.LOG);
        if (owned.isEmpty()) {
            return deadLetters(place, use);
        }
        quiet(place);
        try (Home home = owned.get(); HomeLog log = HomeLog.open(home.layout(), lost)) {
            return use.apply(log.deadLetters());
        }
    }

    @Override
    public int use(Place place, Work work, Callees callees, ToIntFunction<Reached> use) {
        Optional<RemotePlatform> remote = remote(place);
        if (remote.isPresent()) {
            try (RemotePlatform platform = remote.get()) {
                return use.applyAsInt(new Reached(platform, place.isDeployed() ? Reach.DEPLOYED : Reach.ATTACHED));
            }
        }
        Optional<Home> owned = own(place, Home.Purpose.WORK);
        if (owned.isEmpty()) {
            return use(place, work, callees, use);
        }
        try (Home home = owned.get()) {
            return host(home, place, new Hosting(work, callees, false), (reached, services) -> use.applyAsInt(reached));
        }
    }

    @Override
    public int bringIn(Place place, ToIntBiFunction<Reached, Function<ImportOrder, ImportedRun>> use) {
        if (place.isDeployed()) {
            throw new UsageException("--url", "a recorded run is brought into a home of this machine",
                    "Leave --url and TURNSTREAM_URL out.");
        }
        Optional<Home> owned = isRunning(place) ? Optional.empty() : own(place, Home.Purpose.WORK);
        if (owned.isEmpty()) {
            throw new UsageException("--home", "another platform runs on " + place.name(),
                    "End it, or wait until its runs are over; or bring the folder into another --home.");
        }
        try (Home home = owned.get()) {
            return host(home, place, new Hosting(Work.NO_CALLS, Callees.nobody(), false),
                    (reached, services) -> use.applyAsInt(reached, services.importer()::start));
        }
    }

    @Override
    public <T> T log(Place place, Function<AuditLog, T> use) {
        if (place.isDeployed()) {
            throw new UsageException("--url", "a deployed platform does not give its log away",
                    "Leave --url and TURNSTREAM_URL out, or use the machine "
                            + "that the platform's home is on.");
        }
        quiet(place);
        ImageStore images = new ImageStore(place.home().images());
        Optional<RunningPlatform> running = RunningPlatform.on(place.home());
        if (running.isPresent()) {
            try (KafkaLog log = KafkaLog.open(brokerOf(running.get(), place), images)) {
                return use.apply(log);
            }
        }
        if (!place.home().hasLog()) {
            Home.requireKnown(place.home());
            return use.apply(new EmptyLog());
        }
        Optional<Home> owned = own(place, Home.Purpose.LOG);
        if (owned.isEmpty()) {
            return log(place, use);
        }
        try (Home home = owned.get();
                EmbeddedKafka kafka = HomeLog.broker(home.layout(), lost);
                KafkaLog log = KafkaLog.open(kafka.bootstrapServers(), images)) {
            return use.apply(log);
        }
    }

    @Override
    public int copyIn(Place place, Archive archive, ToIntBiFunction<Reached, Supplier<ArchiveImport.Result>> use) {
        if (place.isDeployed()) {
            throw new UsageException("--url", "an archive is brought into a home of this machine",
                    "Leave --url and TURNSTREAM_URL out.");
        }
        Optional<RunningPlatform> running = RunningPlatform.on(place.home());
        if (running.isPresent()) {
            try (RemotePlatform platform = remote(running.get())) {
                return use.applyAsInt(new Reached(platform, Reach.ATTACHED),
                        () -> copyThrough(running.get(), place, archive));
            }
        }
        Optional<Home> owned = own(place, Home.Purpose.WORK);
        if (owned.isEmpty()) {
            return copyIn(place, archive, use);
        }
        try (Home home = owned.get()) {
            return host(home, place, new Hosting(Work.NO_CALLS, Callees.nobody(), false),
                    (reached, services) -> use.applyAsInt(reached, () -> services.copy(archive)));
        }
    }

    private static ArchiveImport.Result copyThrough(RunningPlatform running, Place place, Archive archive) {
        KafkaConnection connection = KafkaConnection.to(brokerOf(running, place), "archive");
        try (SchemaCatalog schemas = SchemaCatalog.reading(connection)) {
            schemas.registerAlso(archive.schemas(), connection, () -> {
                throw new UsageException("--home",
                        "the archive was written by another version of Turnstream, whose events the platform that runs on "
                                + place.name() + " does not know yet",
                        "End that platform, then import the archive: that makes them known.");
            });
            return new ArchiveImport(archive, connection, new EventSerde(schemas),
                    new ImageStore(place.home().images())::put, Clock.systemUTC()).run();
        }
    }

    private static String brokerOf(RunningPlatform running, Place place) {
        if (running.kafka() == null) {
            throw new UsageException("--home", "an older version of Turnstream runs on " + place.name(),
                    "End it, then ask again.");
        }
        return running.kafka();
    }

    private static @Nullable SealSigner signer(Place place) {
        try {
            return place.signingKey() == null ? null : SealSigner.of(place.signingKey());
        } catch (IllegalArgumentException e) {
            throw new UsageException(SealSigner.KEY_FILE, "names no file with an Ed25519 private key that can be read",
                    "Make one with: openssl genpkey -algorithm ed25519 -out operator.pem; or unset the variable, and seals are not signed.");
        }
    }

    /// What a platform of this process is started for.
    ///
    /// @param repair whether a projection whose file is damaged is replaced by an empty one
    private record Hosting(Work work, Callees callees, boolean repair) {}

    private int host(Home home, Place place, Hosting hosting, ToIntBiFunction<Reached, Services> use) {
        SealSigner signer = signer(place);
        CompletableFuture<Foundations> starting = CompletableFuture.supplyAsync(
                () -> Foundations.start(home.layout(), hosting.repair(), lost),
                command -> Thread.ofPlatform().name("foundations").start(command));
        try {
            return api.around(place, new ApiServer.ChannelPlan(starting.thenApply(Foundations::connection),
                    starting.thenApply(foundations -> foundations.projection().generation()), hosting.work()),
                    server -> {
                        Foundations foundations = joined(starting);
                        try (Services services = Services.start(foundations, home, hosting.work(), hosting.callees(),
                                server.services(),
                                new Services.Terms(signer, version, lost))) {
                            Platform platform = services.platform();
                            GuestRuns guests = new GuestRuns(platform, hosting.work());
                            server.open(guests, services.upkeep(),
                                    home.announce(server.port(), foundations.connection().bootstrapServers()).token());
                            try {
                                int code = use.applyAsInt(new Reached(platform, Reach.OWN), services);
                                stayFor.accept(new Reached(platform, Reach.OWN), guests.all());
                                return code;
                            } finally {
                                server.close();
                            }
                        }
                    });
        } finally {
            // the channels have left the broker before it stops
            starting.handle((foundations, failure) -> Optional.ofNullable(foundations)).join()
                    .ifPresent(Foundations::close);
        }
    }

    /// Nothing takes log records where no service runs; those of libraries are not for people.
    private static void quiet(Place place) {
        if (!place.debug()) {
            Logger.getLogger("").setLevel(Level.OFF);
        }
    }

    private static Foundations joined(CompletableFuture<Foundations> starting) {
        try {
            return starting.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static Optional<RemotePlatform> remote(Place place) {
        if (place.url() != null) {
            return Optional.of(new RemotePlatform(place.url(), place.token()));
        }
        return RunningPlatform.on(place.home()).map(MachinePlatforms::remote);
    }

    private static RemotePlatform remote(RunningPlatform running) {
        return new RemotePlatform(URI.create(running.url()), running.token());
    }

    /// Takes the home, waiting for somebody who only reads; empty if a platform has started there meanwhile.
    private Optional<Home> own(Place place, Home.Purpose purpose) {
        long end = System.nanoTime() + OWNER_PATIENCE.toNanos();
        while (true) {
            try {
                Home home = Home.open(place.home(), Clock.systemUTC(), purpose);
                home.closedToOthers().ifPresent(remarks);
                return Optional.of(home);
            } catch (CannotStartException e) {
                if (!Objects.requireNonNullElse(e.what(), "").startsWith("Another platform")
                        || System.nanoTime() > end) {
                    throw e;
                }
                if (RunningPlatform.on(place.home()).isPresent()) {
                    return Optional.empty();
                }
                sleep();
            }
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the home", e);
        }
    }
}
