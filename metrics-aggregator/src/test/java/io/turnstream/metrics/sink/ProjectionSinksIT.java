package io.turnstream.metrics.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Subject;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.metrics.MetricsAggregator;
import io.turnstream.projection.store.ProjectionDatabase;
import io.turnstream.testsupport.TestBroker;
import io.turnstream.testsupport.TestConnector;
import io.turnstream.testsupport.TestDocumentStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sinks against a real broker and stores that come, go and are halted.
class ProjectionSinksIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String IMPATIENT = "/?serverSelectionTimeoutMS=300&connectTimeoutMS=300&socketTimeoutMS=500";

    private final TestConnector connector = new TestConnector();
    private final SinkChannels channels = SinksUnderTest.channels(connector);
    private ServiceKafka kafka;

    @BeforeAll
    static void topics() {
        new TopicLayout(4, 1, (short) 1).createMissing(KafkaConnection.to(TestBroker.bootstrapServers(), "test"));
    }

    @BeforeEach
    void open() {
        kafka = ServiceKafka.sharing("metrics-aggregator", KafkaConnection.to(TestBroker.bootstrapServers(), "test"),
                SchemaIds.byPosition());
    }

    @AfterEach
    void close() {
        connector.close();
        kafka.close();
    }

    @Test
    void what_is_accepted_is_projected_and_a_replay_from_the_start_gives_the_same_documents(@TempDir Path state) {
        String run = Ids.newRunId();
        try (ProjectionDatabase live = database("live"); ProjectionDatabase replayed = database("replayed")) {
            try (MetricsAggregator aggregator = new MetricsAggregator(channels, kafka, live.database(), state, 1,
                    Duration.ofMillis(100), 1 << 20)) {
                aggregator.start();
                for (int row = 0; row < 40; row++) {
                    SinkFixture.send(kafka, SinkFixture.dialogue(run, row));
                }
                // the end of the log a second time, as a repeated delivery would be
                SinkFixture.send(kafka, SinkFixture.dialogue(run, 39));
                kafka.producer().flush();
                SinkFixture.await("documents, rows and cells", PATIENCE,
                        () -> rowsOf(live, run) == 40 * 7 && settled(live, run) == 40 * 7
                                && closedDialogues(live, run) == 40);
                assertThat(aggregator.isAlive()).isTrue();
                assertThat(aggregator.isReady()).isTrue();
            }

            try (SinksUnderTest replay = sinks(replayed)) {
                SinkFixture.await("the replay", PATIENCE, () -> settled(replayed, run) == 40 * 7
                        && SinkFixture.projected(replayed.database(), run)
                                .equals(SinkFixture.projected(live.database(), run)));
                assertThat(replay.isReady()).isTrue();
            }
        }
    }

    @Test
    void an_aggregator_on_another_machine_goes_on_with_the_same_scores(@TempDir Path here, @TempDir Path there) {
        String run = Ids.newRunId();
        try (ProjectionDatabase database = database("moved")) {
            List<SpecificRecord> first = SinkFixture.dialogue(run, 1);
            try (MetricsAggregator aggregator = new MetricsAggregator(channels, kafka, database.database(), here, 1,
                    Duration.ofMillis(100), 1 << 20)) {
                aggregator.start();
                SinkFixture.send(kafka, first);
                kafka.producer().flush();
                SinkFixture.await("the first dialogue", PATIENCE, () -> settled(database, run) == 7);
            }

            try (MetricsAggregator aggregator = new MetricsAggregator(channels, kafka, database.database(), there, 1,
                    Duration.ofMillis(100), 1 << 20)) {
                aggregator.start();
                // tables restored from the log know the first dialogue, and know that they know it
                SinkFixture.send(kafka, first);
                SinkFixture.send(kafka, SinkFixture.dialogue(run, 3));
                kafka.producer().flush();
                SinkFixture.await("the second dialogue", PATIENCE,
                        () -> settled(database, run) == 14 && rowsOf(database, run) == 14);
            }
        }
    }

    @Test
    void a_sink_goes_on_where_its_data_ends() {
        String run = Ids.newRunId();
        String name = TestBroker.uniqueName("again");
        try (ProjectionDatabase database = database("again")) {
            SinkFixture.send(kafka, SinkFixture.dialogue(run, 1));
            kafka.producer().flush();
            try (SinksUnderTest first = sinks(name, database)) {
                SinkFixture.await("the first dialogue", PATIENCE, () -> SinkFixture.versionOf(database, run, 1) == 8);
                assertThat(first.isAlive()).isTrue();
            }
            // marked, so that a second reading from the start would show
            database.database().getCollection("dialogues").drop();

            SinkFixture.send(kafka, SinkFixture.dialogue(run, 2));
            kafka.producer().flush();
            try (SinksUnderTest second = sinks(name, database)) {
                SinkFixture.await("the second dialogue", PATIENCE, () -> SinkFixture.versionOf(database, run, 2) == 8);
                assertThat(SinkFixture.versionOf(database, run, 1)).isEqualTo(-1);
                assertThat(second.isAlive()).isTrue();
            }
        }
    }

    @Test
    void a_projection_that_is_dropped_is_made_again_while_the_sinks_run() {
        String run = Ids.newRunId();
        try (ProjectionDatabase database = database("dropped")) {
            SinkFixture.send(kafka, SinkFixture.dialogue(run, 1));
            kafka.producer().flush();
            try (SinksUnderTest running = sinks(database)) {
                SinkFixture.await("the dialogue and its position", PATIENCE,
                        () -> SinkFixture.versionOf(database, run, 1) == 8 && SinkFixture.isAtTheEnd(kafka, database));

                database.database().drop();

                SinkFixture.await("the dialogue once more", PATIENCE,
                        () -> SinkFixture.versionOf(database, run, 1) == 8);
                assertThat(running.isAlive()).isTrue();
            }
        }
    }

    @Test
    void nothing_is_lost_while_the_store_is_away() {
        try (Proxy way = new Proxy(TestDocumentStore.connectionString())) {
            assertNothingIsLost(way, way::cut, () -> way.leadTo(TestDocumentStore.connectionString()));
        }
    }

    @Test
    void nothing_is_lost_while_the_store_is_there_and_silent() {
        try (Proxy way = new Proxy(TestDocumentStore.connectionString())) {
            assertNothingIsLost(way, way::mute, way::unmute);
        }
    }

    private void assertNothingIsLost(Proxy way, Runnable trouble, Runnable repair) {
        String run = Ids.newRunId();
        String name = TestDocumentStore.newDatabase("troubled");
        try (ProjectionDatabase direct = ProjectionDatabase.open(TestDocumentStore.connectionString(), name);
                ProjectionDatabase troubled = ProjectionDatabase.open(way.connectionString() + IMPATIENT, name);
                SinksUnderTest sinks = sinks(troubled)) {
            SinkFixture.send(kafka, SinkFixture.dialogue(run, 1));
            kafka.producer().flush();
            SinkFixture.await("the first dialogue", PATIENCE, () -> SinkFixture.versionOf(direct, run, 1) == 8);

            trouble.run();
            SinkFixture.send(kafka, SinkFixture.dialogue(run, 2));
            kafka.producer().flush();
            SinkFixture.await("the sinks to notice", PATIENCE, () -> !sinks.isReady());
            assertThat(sinks.isAlive()).isTrue();
            assertThat(SinkFixture.versionOf(direct, run, 2)).isEqualTo(-1);
            repair.run();

            SinkFixture.await("the second dialogue", PATIENCE, () -> SinkFixture.versionOf(direct, run, 2) == 8);
            SinkFixture.await("readiness", PATIENCE, sinks::isReady);
        }
    }

    @Test
    void after_an_abrupt_halt_no_offset_is_ahead_of_its_data_and_the_rest_is_written_again(@TempDir Path folder)
            throws Exception {
        String run = Ids.newRunId();
        int dialogues = 500;
        StoreProcess store = StoreProcess.start(folder);
        String name = TestDocumentStore.newDatabase("halted");
        try (Proxy way = new Proxy(store.connectionString());
                ProjectionDatabase database = ProjectionDatabase.open(way.connectionString(), name)) {
            try (ProjectionDatabase before = ProjectionDatabase.open(store.connectionString(), name);
                    SinksUnderTest sinks = sinks(database)) {
                // over two seconds, so that the halt comes amid the writes; the store is back before the driver gives
                // up
                Thread log = Thread.ofVirtual().start(() -> {
                    for (int row = 0; row < dialogues; row++) {
                        SinkFixture.send(kafka, SinkFixture.dialogue(run, row));
                        java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(4).toNanos());
                    }
                });
                SinkFixture.await("half of the dialogues", PATIENCE, () -> dialoguesOf(before, run) > dialogues / 2);
                store.halt();
                way.cut();
                store = StoreProcess.start(folder);
                try (ProjectionDatabase after = ProjectionDatabase.open(store.connectionString(), name)) {
                    assertNoOffsetIsAheadOfItsData(after);

                    way.leadTo(store.connectionString());
                    log.join();
                    SinkFixture.await("all dialogues", PATIENCE, () -> closedDialogues(after, run) == dialogues);
                    assertThat(sinks.isAlive()).isTrue();
                }
            }
            try (ProjectionDatabase undisturbed = database("undisturbed"); SinksUnderTest replay = sinks(undisturbed)) {
                SinkFixture.await("the replay", PATIENCE, () -> closedDialogues(undisturbed, run) == dialogues);
                assertThat(replay.isAlive()).isTrue();
                assertThat(SinkFixture.projected(database.database()).get("dialogues"))
                        .isEqualTo(SinkFixture.projected(undisturbed.database()).get("dialogues"));
            }
        } finally {
            store.halt();
        }
    }

    @Test
    void a_record_that_cannot_be_read_goes_to_the_dead_letters_and_the_next_is_written() throws Exception {
        String run = Ids.newRunId();
        Subject subject = SinkFixture.subject(run, 1);
        try (ProjectionDatabase database = database("poison");
                SinksUnderTest sinks = sinks(database);
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        kafka.connection().as("poison").producer())) {
            producer.send(new ProducerRecord<>(Topics.DIALOGUE_EVENTS.topicName(), subject.getDialogueId(),
                    "no event".getBytes())).get();
            SinkFixture.send(kafka, SinkFixture.dialogue(run, 1));
            kafka.producer().flush();

            SinkFixture.await("the dialogue", PATIENCE, () -> SinkFixture.versionOf(database, run, 1) == 8);
            assertThat(sinks.isAlive()).isTrue();
            List<ConsumerRecord<String, byte[]>> letters = SinkFixture.all(kafka, Topics.DEAD_LETTERS).stream()
                    .filter(letter -> subject.getDialogueId().equals(letter.key())).toList();
            assertThat(letters).isNotEmpty().allSatisfy(letter -> {
                assertThat(letter.value()).isEqualTo("no event".getBytes());
                assertThat(new String(letter.headers().lastHeader("dl_reason").value())).contains("not an event");
            });
        }
    }

    @Test
    void a_document_that_the_store_refuses_goes_to_the_dead_letters_alone() {
        String run = Ids.newRunId();
        Subject subject = SinkFixture.subject(run, 1);
        try (ProjectionDatabase database = database("refused"); SinksUnderTest sinks = sinks(database)) {
            // a zero character can stand in no field's name
            StepSettled nameless = SinkFixture.step(subject, 9, "r\u0000", io.turnstream.contracts.StepKind.TURN, null,
                    null);
            SinkFixture.send(kafka, SinkFixture.dialogue(run, 1));
            kafka.producer().send(Topics.DIALOGUE_EVENTS, subject.getDialogueId(), nameless, null);
            SinkFixture.send(kafka, SinkFixture.dialogue(run, 2));
            kafka.producer().flush();

            SinkFixture.await("both dialogues", PATIENCE,
                    () -> SinkFixture.versionOf(database, run, 1) == 8 && SinkFixture.versionOf(database, run, 2) == 8);
            SinkFixture.await("the dead letter", PATIENCE,
                    () -> SinkFixture.all(kafka, Topics.DEAD_LETTERS).stream()
                            .anyMatch(letter -> subject.getDialogueId().equals(letter.key())));
            assertThat(sinks.isAlive()).isTrue();
        }
    }

    private void assertNoOffsetIsAheadOfItsData(ProjectionDatabase database) {
        Map<Object, Document> dialogues = SinkFixture.projected(database.database()).getOrDefault("dialogues",
                Map.of());
        Map<Integer, Long> next = new java.util.HashMap<>();
        for (Document offset : database.database().getCollection("sink_offsets").find()) {
            if (offset.getString("topic").equals(Topics.DIALOGUE_EVENTS.topicName())) {
                next.put(offset.getInteger("partition"), offset.getLong("nextOffset"));
            }
        }
        assertThat(next).as("positions that were saved before the halt").isNotEmpty();
        for (ConsumerRecord<String, byte[]> record : SinkFixture.all(kafka, Topics.DIALOGUE_EVENTS)) {
            if (record.offset() < next.getOrDefault(record.partition(), 0L) && sequence(record) >= 0) {
                assertThat(dialogues.get(record.key())).as(record.key()).isNotNull();
                assertThat(dialogues.get(record.key()).getLong("version")).isGreaterThanOrEqualTo(sequence(record));
            }
        }
    }

    private long sequence(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null || record.value()[0] != 0) {
            return -1;
        }
        return switch (kafka.serde().fromBytes(record.value())) {
            case StepSettled event -> event.getStep().getName().indexOf(0) >= 0 ? -1 : event.getSequence();
            case JudgementSettled event -> event.getSequence();
            case DialogueClosed event -> event.getSequence();
            default -> -1;
        };
    }

    private static ProjectionDatabase database(String prefix) {
        return ProjectionDatabase.open(TestDocumentStore.connectionString(), TestDocumentStore.newDatabase(prefix));
    }

    private SinksUnderTest sinks(ProjectionDatabase database) {
        return sinks(TestBroker.uniqueName("sinks"), database);
    }

    private SinksUnderTest sinks(String name, ProjectionDatabase database) {
        return SinksUnderTest.start(name, kafka, database);
    }

    private static long closedDialogues(ProjectionDatabase database, String run) {
        return database.database().getCollection("dialogues")
                .countDocuments(
                        new Document("_id", new Document("$regex", "^" + run)).append("closing.complete", true));
    }

    private static long dialoguesOf(ProjectionDatabase database, String run) {
        return database.database().getCollection("dialogues")
                .countDocuments(new Document("_id", new Document("$regex", "^" + run)));
    }

    private static long rowsOf(ProjectionDatabase database, String run) {
        long[] rows = new long[1];
        database.database().getCollection("score_rows").find(new Document("_id", new Document("$regex", "^" + run)))
                .forEach(document -> rows[0] += document.get("rows", Document.class).size());
        return rows[0];
    }

    /// Steps in the cells of a run.
    private static long settled(ProjectionDatabase database, String run) {
        return new io.turnstream.projection.store.StoredReports(database.database()).cells(run).stream()
                .flatMap(cell -> cell.outcomes().values().stream()).mapToLong(Long::longValue).sum();
    }
}
