package io.turnstream.loader;

import static io.turnstream.loader.DatasetFixture.row;
import static io.turnstream.loader.DatasetFixture.write;
import static io.turnstream.loader.DatasetFixture.writePng;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.DialoguePlanned;
import io.turnstream.contracts.PlanningFailed;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.events.Topics;
import io.turnstream.loader.LoaderFixture.RunningLoader;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.providers.work.ProtocolPacks;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a loader guarantees, each on a broker of its own: requests in, plans and commits out.
class LoaderPromisesIT {

    private static final int PARTITIONS = 4;

    @TempDir
    private Path dir;

    private EmbeddedKafka broker;
    private LoaderFixture platform;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        writePng(dir.resolve("data/images/0.png"), 40, 30, Color.RED);
        java.nio.file.Files.writeString(dir.resolve("data/captions.json"),
                "{\"0\": \"A red field.\", \"1\": \"The same.\"}");
        write(dir.resolve("data/type_a.jsonl"), row(0, "images/0.png"), row(1, "images/0.png"));
        broker = EmbeddedKafka.start(dir.resolve("broker"));
        platform = new LoaderFixture(dir.resolve("store"), broker.bootstrapServers(),
                new TopicLayout(4, PARTITIONS, (short) 1));
        platform.publishPack();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : open.reversed()) {
            part.close();
        }
        platform.close();
        broker.close();
    }

    /// Packs that a planning waits for until it is let go, and who asked for one.
    private static final class HeldPacks implements ProtocolPacks {

        private final List<String> asked = new CopyOnWriteArrayList<>();
        private final CountDownLatch go = new CountDownLatch(1);
        private final AtomicBoolean interrupted = new AtomicBoolean();

        @Override
        public Optional<ProtocolPack> await(String digest) throws InterruptedException {
            asked.add(digest);
            try {
                go.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
            return Optional.of(LoaderFixture.PACK);
        }
    }

    private RunningLoader started(ProtocolPacks packs) {
        RunningLoader loader = platform.loader(packs);
        open.add(loader);
        loader.start();
        return loader;
    }

    private static ProtocolPacks atOnce() {
        return digest -> Optional.of(LoaderFixture.PACK);
    }

    private RunRequested request() {
        return platform.request(dir.resolve("data"), false, LoaderFixture.PACK.digest());
    }

    private boolean isPlanned(String runId) {
        return !platform.all(Topics.RUNS, RunPlanned.class, runId).isEmpty();
    }

    /// By run where its request stands.
    private Map<String, ConsumerRecord<String, byte[]>> requests(List<RunRequested> runs) {
        return runs.stream().map(RunRequested::getRunId)
                .collect(Collectors.toMap(id -> id, id -> platform.records(Topics.RUNS, id).getFirst()));
    }

    @Test
    void commits_no_request_whose_plan_is_not_written_and_all_once_it_is() throws Exception {
        HeldPacks held = new HeldPacks();
        started(held);
        RunRequested run = request();
        int partition = requests(List.of(run)).get(run.getRunId()).partition();
        LoaderFixture.await("planning begins", () -> !held.asked.isEmpty());

        // When everything behind it is dealt with, and committed where no request is before it
        breakEveryPartition();
        LoaderFixture.await("the others are committed", () -> platform.committed().entrySet().stream()
                .filter(position -> position.getKey() != partition && position.getValue() == 1)
                .count() == PARTITIONS - 1);
        LoaderFixture.await("the log is read on",
                () -> !platform.records(Topics.DEAD_LETTERS, "broken-" + partition).isEmpty());

        // Then another loader that took over would find the request again
        assertThat(platform.committed().getOrDefault(partition, 0L)).isZero();
        held.go.countDown();

        LoaderFixture.await("everything is committed",
                () -> platform.committed().getOrDefault(partition, 0L).equals(platform.ends().get(partition)));
        assertThat(platform.await(RunPlanned.class, run.getRunId()).getDialogues()).isEqualTo(8);
    }

    @Test
    void plans_one_run_at_a_time() throws Exception {
        HeldPacks held = new HeldPacks();
        started(held);
        List<RunRequested> runs = List.of(request(), request(), request(), request(), request());
        LoaderFixture.await("planning begins", () -> !held.asked.isEmpty());

        assertThat(held.asked).hasSize(1);
        held.go.countDown();
        for (RunRequested run : runs) {
            assertThat(platform.await(RunPlanned.class, run.getRunId()).getDialogues()).isEqualTo(8);
        }
        assertThat(held.asked).hasSize(5);
    }

    @Test
    void leaves_a_run_alone_that_the_log_holds_the_plan_of_though_the_commits_are_lost() throws Exception {
        RunningLoader first = started(atOnce());
        List<RunRequested> runs = List.of(request(), request(), request());
        RunRequested failing = platform.request(dir.resolve("nowhere"), false, LoaderFixture.PACK.digest());
        for (RunRequested run : runs) {
            platform.await(RunPlanned.class, run.getRunId());
        }
        platform.await(PlanningFailed.class, failing.getRunId());
        first.close();
        LoaderFixture.await("nobody is left", () -> platform.members() == 0);
        platform.forgetPositions();

        started(atOnce());
        RunRequested later = request();
        platform.await(RunPlanned.class, later.getRunId());
        LoaderFixture.await("all is read", () -> platform.committed().values().stream().mapToLong(Long::longValue)
                .sum() == platform.ends().values().stream().mapToLong(Long::longValue).sum());

        for (RunRequested run : runs) {
            assertThat(platform.all(Topics.RUNS, RunPlanned.class, run.getRunId())).hasSize(1);
            assertThat(platform.all(Topics.DIALOGUES, DialoguePlanned.class, run.getRunId())).hasSize(8);
        }
        assertThat(platform.all(Topics.RUNS, PlanningFailed.class, failing.getRunId())).hasSize(1);
    }

    @Test
    void notices_that_a_run_is_cancelled_while_it_is_being_planned() throws Exception {
        HeldPacks held = new HeldPacks();
        started(held);
        RunRequested run = request();
        LoaderFixture.await("planning begins", () -> !held.asked.isEmpty());

        platform.cancel(run.getRunId());
        // what comes behind the cancellation in its partition is laid aside once the cancellation is read
        int partition = requests(List.of(run)).get(run.getRunId()).partition();
        platform.write(new ProducerRecord<>(Topics.RUNS.topicName(), partition, "marker", new byte[] {1}));
        LoaderFixture.await("the log is read on", () -> !platform.records(Topics.DEAD_LETTERS, "marker").isEmpty());
        held.go.countDown();

        assertThat(platform.await(RunPlanned.class, run.getRunId()).getDialogues()).isZero();
        assertThat(platform.all(Topics.DIALOGUES, DialoguePlanned.class, run.getRunId())).isEmpty();
    }

    @Test
    void lays_aside_what_it_cannot_read_and_goes_on() throws Exception {
        RunningLoader loader = started(atOnce());
        breakEveryPartition();
        RunRequested run = request();

        assertThat(platform.await(RunPlanned.class, run.getRunId()).getDialogues()).isEqualTo(8);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            String key = "broken-" + partition;
            LoaderFixture.await(key, () -> !platform.records(Topics.DEAD_LETTERS, key).isEmpty());
            ConsumerRecord<String, byte[]> letter = platform.records(Topics.DEAD_LETTERS, key).getFirst();
            assertThat(letter.value()).isEqualTo("no event".getBytes(StandardCharsets.UTF_8));
            assertThat(new String(letter.headers().lastHeader("dl_service").value(), StandardCharsets.UTF_8))
                    .isEqualTo("dataset-loader");
            assertThat(letter.headers()).allMatch(header -> header.key().startsWith("dl_"));
        }
        LoaderFixture.await("all is read", () -> platform.committed().values().stream().mapToLong(Long::longValue)
                .sum() == platform.ends().values().stream().mapToLong(Long::longValue).sum());
        assertThat(loader.isAlive()).isTrue();
    }

    @Test
    void gives_partitions_away_with_their_unplanned_runs_and_without_those_that_are_planned() throws Exception {
        // Given runs in every partition that are planned, and more that wait behind one whose planning is held
        RunningLoader first = started(atOnce());
        List<RunRequested> done = inEveryPartition();
        for (RunRequested run : done) {
            platform.await(RunPlanned.class, run.getRunId());
        }
        first.close();
        HeldPacks held = new HeldPacks();
        RunningLoader loader = started(held);
        List<RunRequested> waiting = inEveryPartition();
        Map<String, ConsumerRecord<String, byte[]>> requests = requests(waiting);
        LoaderFixture.await("planning begins", () -> !held.asked.isEmpty());

        // When another member takes partitions
        Set<Integer> theirs;
        Set<String> given = new HashSet<>();
        try (KafkaConsumer<String, byte[]> other = new KafkaConsumer<>(
                platform.connection().as("other").consumer(LoaderFixture.GROUP))) {
            other.subscribe(List.of(Topics.RUNS.topicName()));
            LoaderFixture.await("others have partitions", () -> {
                other.poll(Duration.ofMillis(100)).forEach(record -> given.add(record.key()));
                return other.assignment().size() == PARTITIONS / 2;
            });
            theirs = other.assignment().stream().map(partition -> partition.partition()).collect(Collectors.toSet());
            Set<String> moved = waiting.stream().map(RunRequested::getRunId)
                    .filter(id -> theirs.contains(requests.get(id).partition())).collect(Collectors.toSet());
            LoaderFixture.await("others are given " + moved, () -> {
                other.poll(Duration.ofMillis(100)).forEach(record -> given.add(record.key()));
                return given.containsAll(moved);
            });

            // Then those are all that it is given, and the loader plans the rest and none of them
            held.go.countDown();
            for (RunRequested run : waiting) {
                if (!moved.contains(run.getRunId())) {
                    platform.await(RunPlanned.class, run.getRunId());
                }
            }
            assertThat(given).isEqualTo(moved);
            assertThat(moved).isNotEmpty().allSatisfy(id -> assertThat(isPlanned(id)).isFalse());
            assertThat(loader.isAlive()).isTrue();
        }
    }

    private void breakEveryPartition() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            platform.write(new ProducerRecord<>(Topics.RUNS.topicName(), partition, "broken-" + partition,
                    "no event".getBytes(StandardCharsets.UTF_8)));
        }
    }

    /// Enough runs that each partition holds one at least.
    private List<RunRequested> inEveryPartition() {
        List<RunRequested> runs = new ArrayList<>();
        Set<Integer> partitions = new HashSet<>();
        while (partitions.size() < PARTITIONS) {
            RunRequested run = request();
            runs.add(run);
            partitions.add(platform.records(Topics.RUNS, run.getRunId()).getFirst().partition());
        }
        return runs;
    }
}
