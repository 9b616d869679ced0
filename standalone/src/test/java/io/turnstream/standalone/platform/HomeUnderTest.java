package io.turnstream.standalone.platform;

import io.turnstream.console.Platform;
import io.turnstream.console.RebuildStatus;
import io.turnstream.console.Rebuilding;
import io.turnstream.console.RunOrder;
import io.turnstream.console.Upkeep;
import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.events.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.LogReader;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.Provenance.SelectionFacts;
import io.turnstream.projection.report.RunReport;
import io.turnstream.providers.Providers;
import io.turnstream.standalone.cli.Place;
import io.turnstream.standalone.cli.Platforms;
import io.turnstream.standalone.home.HomeLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A home of this machine with the platforms that are started on it in this JVM; nothing is served over HTTP.
final class HomeUnderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Path MINI = Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent()
            .resolve("datasets").resolve("mini");

    private final Place place;
    private final MachinePlatforms platforms;
    private volatile @Nullable Upkeep upkeep;
    private volatile int channelsStarted;

    HomeUnderTest(Path folder) {
        this.place = new Place(new HomeLayout(folder), null, null, 0, false, null);
        this.platforms = new MachinePlatforms(new ApiServer() {
            @Override
            public int around(Place where, ChannelPlan channels, ToIntFunction<Api> body) {
                channelsStarted++;
                try (WorkersInTest workers = WorkersInTest.start(channels)) {
                    return body.applyAsInt(new Api() {
                        @Override
                        public int port() {
                            return 1;
                        }

                        @Override
                        public Services.OnChannels services() {
                            return workers.services();
                        }

                        @Override
                        public void open(Platform platform, Upkeep opened, String token) {
                            upkeep = opened;
                        }

                        @Override
                        public void close() {
                            upkeep = null;
                        }
                    });
                }
            }
        }, "test", (reached, guests) -> {}, lost -> {}, remark -> {});
    }

    /// How often channels were started on it.
    int channelsStarted() {
        return channelsStarted;
    }

    HomeLayout layout() {
        return place.home();
    }

    MachinePlatforms platforms() {
        return platforms;
    }

    Place place() {
        return place;
    }

    /// Starts a platform with a simulator, and stops it again.
    void run(java.util.function.Consumer<Platform> use) {
        platforms.use(place, Platforms.Work.CALLS,
                new Platforms.Callees(Providers.of(List.of()), Providers.of(List.of()), true), reached -> {
                    use.accept(reached.platform());
                    return 0;
                });
    }

    /// What rebuilds the platform that [#run] runs.
    Rebuilding rebuilding() {
        return java.util.Objects.requireNonNull(upkeep).rebuilding();
    }

    static RunOrder order(int rows) {
        return new RunOrder(List.of("sim/contextual"), "sim/judge", List.of(MINI.toString()), null, null,
                new SelectionFacts(List.of(), List.of(), List.of(), 0, rows, List.of(), false, 1), null, null,
                new Limits(8, 5, 30_000), null, null, false, null, List.of(), "test");
    }

    /// The report of a run once it has ended and all has arrived.
    static RunReport settled(Platform platform, String run) {
        await("run " + run, () -> platform.reports().progress(run).filter(Progress::settled).isPresent());
        return platform.reports().run(run).orElseThrow();
    }

    /// Rebuilds a home on which nothing runs.
    RebuildStatus rebuild() {
        RebuildStatus[] last = new RebuildStatus[1];
        platforms.rebuild(place, rebuilding -> {
            rebuilding.begin();
            await("the rebuild", () -> !rebuilding.status().phase().isGoingOn());
            last[0] = rebuilding.status();
            return 0;
        });
        return last[0];
    }

    /// Where every topic of the log ends, of a home on which nothing runs; topics of the scores left out.
    Map<String, Long> ends() {
        try (EmbeddedKafka broker = EmbeddedKafka.start(layout().kafka());
                KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                        KafkaConnection.to(broker.bootstrapServers(), "ends").consumer())) {
            Map<String, Long> ends = new TreeMap<>();
            for (Topics topic : Topics.values()) {
                if (topic != Topics.SCORE_ROWS && topic != Topics.SCORE_CELLS) {
                    List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
                    ends.put(topic.topicName(),
                            consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum());
                }
            }
            return ends;
        }
    }

    /// Who has written to each topic of the log, of a home on which nothing runs; topics of the scores left out, and
    /// those that nobody has written to.
    Map<String, Set<String>> writers() {
        Map<String, Set<String>> writers = new TreeMap<>();
        try (EmbeddedKafka broker = EmbeddedKafka.start(layout().kafka())) {
            KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers(), "writers");
            for (Topics topic : Topics.values()) {
                if (topic != Topics.SCORE_ROWS && topic != Topics.SCORE_CELLS && topic != Topics.SCHEMAS) {
                    LogReader.readAll(connection, topic, record -> writers
                            .computeIfAbsent(topic.topicName(), name -> new TreeSet<>())
                            .add(new String(record.headers().lastHeader("ce_source").value(), StandardCharsets.UTF_8)));
                }
            }
        }
        return writers;
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
