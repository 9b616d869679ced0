package io.turnstream.metrics.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoDatabase;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.RowRejected;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.metrics.MetricsAggregator;
import io.turnstream.metrics.ProjectionRemains;
import io.turnstream.metrics.Rebuild;
import io.turnstream.projection.store.ProjectionComparison;
import io.turnstream.projection.store.ProjectionDatabase;
import io.turnstream.projection.store.ProjectionGeneration;
import io.turnstream.testsupport.TestBroker;
import io.turnstream.testsupport.TestConnector;
import io.turnstream.testsupport.TestDocumentStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A generation of the projection that is made beside the live one.
class RebuildIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final TopicLayout LAYOUT = new TopicLayout(4, 1, (short) 1);

    private final TestConnector connector = new TestConnector();
    private final SinkChannels channels = SinksUnderTest.channels(connector);
    private ServiceKafka kafka;

    @BeforeEach
    void open() {
        KafkaConnection connection = KafkaConnection.to(TestBroker.bootstrapServers(), "test");
        LAYOUT.createMissing(connection);
        kafka = ServiceKafka.sharing("metrics-aggregator", connection, SchemaIds.byPosition());
    }

    @AfterEach
    void close() {
        connector.close();
        kafka.close();
    }

    @Test
    void a_rebuild_makes_the_same_documents_writes_into_no_topic_of_others_and_goes_on_as_the_live_one(
            @TempDir Path state) {
        String run = Ids.newRunId();
        ProjectionGeneration second = new ProjectionGeneration(2);
        MetricsAggregator.Settings settings = new MetricsAggregator.Settings(state, 1, Duration.ofMillis(100), 1 << 20);
        try (ProjectionDatabase live = database("live");
                ProjectionDatabase rebuilt = database("rebuilt");
                MetricsAggregator aggregator = new MetricsAggregator(channels, kafka, live.database(),
                        ProjectionGeneration.FIRST, settings)) {
            // Given
            aggregator.start();
            write(run, 0, 30);
            SinkFixture.await("the live projection", PATIENCE,
                    () -> settled(live, run) == 30 * 7 && versionOf(live, run, 29) == 9
                            && stateVersion(live, run) == 30);
            Map<TopicPartition, Long> before = ends();

            // When
            List<Rebuild.Progress> progress = new ArrayList<>();
            try (Rebuild rebuild = new Rebuild(channels, kafka, LAYOUT, rebuilt.database(), second, settings)) {
                rebuild.start();
                rebuild.awaitCaughtUp(progress::add);

                // Then
                assertThat(SinkFixture.projected(rebuilt.database(), run))
                        .isEqualTo(SinkFixture.projected(live.database(), run)).hasSizeGreaterThanOrEqualTo(5);
                ProjectionComparison.Result compared = ProjectionComparison.compare(live.database(), rebuilt.database(),
                        PATIENCE);
                assertThat(compared.differences()).isEmpty();
                assertThat(compared.goingOn()).isEmpty();
                assertThat(compared.documents()).isEqualTo(documentsOfRuns(rebuilt.database()));
                assertThat(ends()).isEqualTo(before);
                assertThat(progress.getLast().read()).isEqualTo(progress.getLast().total()).isPositive();

                write(run, 30, 40);
                SinkFixture.await("both to go on", PATIENCE,
                        () -> settled(live, run) == 40 * 7 && settled(rebuilt, run) == 40 * 7
                                && SinkFixture.projected(rebuilt.database(), run)
                                        .equals(SinkFixture.projected(live.database(), run)));
                assertThat(rebuild.aggregator().isAlive()).isTrue();
            }
        }
        new ProjectionRemains(kafka.connection()).remove(second);
    }

    @Test
    void a_rebuild_that_is_broken_off_can_be_removed_without_a_trace(@TempDir Path state) {
        ProjectionGeneration third = new ProjectionGeneration(3);
        ProjectionRemains remains = new ProjectionRemains(kafka.connection());
        write(Ids.newRunId(), 0, 3);
        Map<TopicPartition, Long> before = ends();
        try (ProjectionDatabase database = database("broken");
                Rebuild rebuild = new Rebuild(channels, kafka, LAYOUT, database.database(), third,
                        new MetricsAggregator.Settings(state, 1, Duration.ofMillis(100), 1 << 20))) {
            rebuild.start();
            assertThatThrownBy(() -> rebuild.awaitCaughtUp(progress -> {
                if (rebuild.aggregator().isReady()) {
                    throw Rebuild.stopped();
                }
            })).isInstanceOf(Rebuild.StoppedException.class);
            assertThat(remains.generations()).contains(3);
        }

        remains.remove(third);

        SinkFixture.await("topics and groups to go", PATIENCE, () -> !remains.generations().contains(3));
        assertThat(ends()).isEqualTo(before);
    }

    @Test
    void a_comparison_names_the_runs_whose_figures_differ() {
        String run = Ids.newRunId();
        String same = Ids.newRunId();
        try (ProjectionDatabase before = database("before"); ProjectionDatabase after = database("after")) {
            for (ProjectionDatabase database : List.of(before, after)) {
                for (String id : List.of(run, same)) {
                    database.database().getCollection("runs")
                            .insertOne(new Document("_id", id).append("state", new Document("name", "completed")));
                    database.database().getCollection("dialogues")
                            .insertOne(new Document("_id", id + "/1").append("version", 3L));
                    database.database().getCollection("score_cells")
                            .insertOne(new Document("_id", id + "/e1").append("n",
                                    database == before ? 1 : id.equals(run) ? 2 : 1));
                }
            }

            ProjectionComparison.Result compared = ProjectionComparison.compare(before.database(), after.database(),
                    Duration.ZERO);

            assertThat(compared.compared()).isEqualTo(2);
            assertThat(compared.differences())
                    .containsExactly(new ProjectionComparison.Difference(run, Map.of("score_cells", 1L), true));
            assertThat(compared.documents()).containsEntry("runs", 2L).containsEntry("dialogues", 2L)
                    .containsEntry("rejected_rows", 0L);
        }
    }

    private void write(String run, int from, int to) {
        for (int row = from; row < to; row++) {
            for (SpecificRecord event : SinkFixture.dialogue(run, row)) {
                kafka.producer().send(Topics.DIALOGUE_EVENTS, SinkFixture.subject(run, row).getDialogueId(), event,
                        null);
            }
            // a person asked again: the row is taken from its cell and added anew
            StepSettled retried = SinkFixture.step(SinkFixture.subject(run, row), 9, "mcq-0", StepKind.MCQ, "B", "B");
            kafka.producer().send(Topics.DIALOGUE_EVENTS, retried.getSubject().getDialogueId(), retried, null);
        }
        kafka.producer().send(Topics.RUNS, run,
                new RowRejected(SinkFixture.meta(SinkFixture.subject(run, from), 99), run, "a.jsonl", Split.TYPE_A, 7L,
                        7,
                        "r1", "it is empty", "a text", "Write one.", false),
                null);
        kafka.producer().send(Topics.RUNS, run,
                new RunStateChanged(SinkFixture.meta(SinkFixture.subject(run, from), 100), run, (long) to,
                        RunState.COMPLETED, null,
                        List.<OutcomeCount>of(), to, 1L, 2L, 0L, null, null, null, null, null),
                null);
        kafka.producer().flush();
    }

    /// Where every topic of the platform ends.
    private Map<TopicPartition, Long> ends() {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(kafka.connection().as("ends").consumer())) {
            Map<TopicPartition, Long> ends = new HashMap<>();
            for (Topics topic : Topics.values()) {
                // poison records of other tests are buried once by each generation
                if (topic != Topics.DEAD_LETTERS) {
                    ends.putAll(consumer.endOffsets(consumer.partitionsFor(topic.topicName()).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition())).toList()));
                }
            }
            return ends;
        }
    }

    /// By collection, of runs that are known: other tests leave dialogues of none in the log.
    private static Map<String, Long> documentsOfRuns(MongoDatabase database) {
        Map<String, Map<Object, Document>> all = SinkFixture.projected(database);
        Map<String, Long> counts = new TreeMap<>(ProjectionComparison.documents(database));
        counts.replaceAll((part, total) -> all.getOrDefault(part, Map.of()).keySet().stream()
                .filter(id -> all.get("runs").containsKey(id.toString().split("/")[0])).count());
        return counts;
    }

    private static ProjectionDatabase database(String prefix) {
        return ProjectionDatabase.open(TestDocumentStore.connectionString(), TestDocumentStore.newDatabase(prefix));
    }

    private static long versionOf(ProjectionDatabase database, String run, int row) {
        Document document = database.database().getCollection("dialogues")
                .find(new Document("_id", SinkFixture.subject(run, row).getDialogueId())).first();
        return document == null ? -1 : document.getLong("version");
    }

    private static long stateVersion(ProjectionDatabase database, String run) {
        Document document = database.database().getCollection("runs").find(new Document("_id", run)).first();
        return document == null ? -1 : document.get("state", Document.class).getLong("version");
    }

    private static long settled(ProjectionDatabase database, String run) {
        return new io.turnstream.projection.store.StoredReports(database.database()).cells(run).stream()
                .flatMap(cell -> cell.outcomes().values().stream()).mapToLong(Long::longValue).sum();
    }
}
