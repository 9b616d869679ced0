package io.turnstream.metrics.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.projection.store.ProjectionDatabase;
import io.turnstream.testsupport.TestBroker;
import io.turnstream.testsupport.TestDocumentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a sink promises about positions and its group, seen from the broker and the store.
class SinkPromisesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /// Far below the time after which the broker misses a member that says nothing.
    private static final Duration AT_ONCE = Duration.ofSeconds(3);
    private static final String IMPATIENT = "/?serverSelectionTimeoutMS=300&connectTimeoutMS=300&socketTimeoutMS=500";
    private static final String EVENTS = Topics.DIALOGUE_EVENTS.topicName();

    private final String run = Ids.newRunId();
    private final String name = TestBroker.uniqueName("promises");
    private final String group = ProjectionSinks.group(name, EVENTS);
    private ServiceKafka kafka;
    private Admin admin;

    @BeforeAll
    static void topics() {
        new TopicLayout(4, 1, (short) 1).createMissing(KafkaConnection.to(TestBroker.bootstrapServers(), "test"));
    }

    @BeforeEach
    void open() {
        KafkaConnection connection = KafkaConnection.to(TestBroker.bootstrapServers(), "test");
        kafka = ServiceKafka.sharing("metrics-aggregator", connection, SchemaIds.byPosition());
        admin = Admin.create(connection.as("promises").common());
    }

    @AfterEach
    void close() {
        admin.close();
        kafka.close();
    }

    @Test
    void offsets_of_the_group_are_written_for_watchers_and_never_read() throws Exception {
        // Given
        write(1);
        Map<TopicPartition, Long> ends = ends();
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        ends.forEach((partition, end) -> committed.put(partition, new OffsetAndMetadata(end)));
        admin.alterConsumerGroupOffsets(group, committed).all().get();

        try (ProjectionDatabase database = database();
                SinksUnderTest sinks = SinksUnderTest.start(name, kafka, database)) {
            // When, Then
            SinkFixture.await("what the group has passed", PATIENCE,
                    () -> SinkFixture.versionOf(database, run, 1) == 8);

            write(2);
            Map<TopicPartition, Long> later = ends();
            SinkFixture.await("the group's offsets", PATIENCE, () -> committed().equals(later));
            assertThat(sinks.isAlive()).isTrue();
        }
    }

    @Test
    void a_store_that_lost_its_last_moments_is_written_again_from_where_it_stands() {
        write(1);
        try (ProjectionDatabase database = database();
                SinksUnderTest sinks = SinksUnderTest.start(name, kafka, database)) {
            // Given
            SinkFixture.await("the first dialogue", PATIENCE,
                    () -> SinkFixture.versionOf(database, run, 1) == 8 && isAtTheEnd(database));
            List<Document> positions = database.database().getCollection("sink_offsets").find().into(new ArrayList<>());
            write(2);
            SinkFixture.await("the second dialogue", PATIENCE,
                    () -> SinkFixture.versionOf(database, run, 2) == 8 && isAtTheEnd(database));

            // When
            forget(database, positions, 2);

            // Then, with nothing new in the log
            SinkFixture.await("the second dialogue once more", PATIENCE,
                    () -> SinkFixture.versionOf(database, run, 2) == 8 && isAtTheEnd(database));

            // and with something new behind what was lost
            forget(database, positions, 2);
            write(3);
            SinkFixture.await("what was lost", PATIENCE, () -> SinkFixture.versionOf(database, run, 2) == 8
                    && SinkFixture.versionOf(database, run, 3) == 8 && isAtTheEnd(database));
            assertThat(sinks.isAlive()).isTrue();
            assertThat(sinks.isReady()).isTrue();
        }
    }

    @Test
    void a_store_that_lost_everything_has_its_positions_again_once_it_is_written_again() {
        write(1);
        try (ProjectionDatabase database = database();
                SinksUnderTest sinks = SinksUnderTest.start(name, kafka, database)) {
            SinkFixture.await("the dialogue", PATIENCE,
                    () -> SinkFixture.versionOf(database, run, 1) == 8 && isAtTheEnd(database));

            database.database().drop();

            SinkFixture.await("the dialogue once more", PATIENCE,
                    () -> SinkFixture.versionOf(database, run, 1) == 8 && isAtTheEnd(database));
            assertThat(sinks.isAlive()).isTrue();
        }
    }

    @Test
    void a_sink_whose_store_is_away_stays_in_its_group_and_says_that_it_is_not_ready() {
        String documents = TestDocumentStore.newDatabase("away");
        try (Proxy way = new Proxy(TestDocumentStore.connectionString());
                ProjectionDatabase direct = ProjectionDatabase.open(TestDocumentStore.connectionString(), documents);
                ProjectionDatabase troubled = ProjectionDatabase.open(way.connectionString() + IMPATIENT, documents);
                SinksUnderTest sinks = SinksUnderTest.start(name, kafka, troubled)) {
            // Given
            write(1);
            SinkFixture.await("the first dialogue", PATIENCE,
                    () -> SinkFixture.versionOf(direct, run, 1) == 8 && isAtTheEnd(direct));
            Set<String> members = members();
            assertThat(members).hasSize(1);

            // When
            way.cut();
            SinkFixture.await("the sinks to notice without anything to write", PATIENCE, () -> !sinks.isReady());
            Map<TopicPartition, Long> before = committed();
            write(2);
            long outage = System.nanoTime();
            // longer than a member may be silent
            SinkFixture.await("the outage to last", PATIENCE,
                    () -> System.nanoTime() - outage > Duration.ofSeconds(8).toNanos());

            // Then
            assertThat(members()).isEqualTo(members);
            assertThat(committed()).isEqualTo(before);
            assertThat(sinks.isReady()).isFalse();
            assertThat(sinks.isAlive()).isTrue();
            way.leadTo(TestDocumentStore.connectionString());
            SinkFixture.await("the second dialogue", PATIENCE,
                    () -> SinkFixture.versionOf(direct, run, 2) == 8 && isAtTheEnd(direct));
            SinkFixture.await("readiness", PATIENCE, sinks::isReady);
            assertThat(members()).isEqualTo(members);
        }
    }

    @Test
    void a_sink_that_starts_while_the_store_is_away_begins_where_the_data_ends_once_it_is_there() {
        String documents = TestDocumentStore.newDatabase("late");
        try (Proxy way = new Proxy(TestDocumentStore.connectionString());
                ProjectionDatabase direct = ProjectionDatabase.open(TestDocumentStore.connectionString(), documents);
                ProjectionDatabase troubled = ProjectionDatabase.open(way.connectionString() + IMPATIENT, documents)) {
            // Given
            write(1);
            try (SinksUnderTest first = SinksUnderTest.start(name, kafka, direct)) {
                SinkFixture.await("the first dialogue", PATIENCE,
                        () -> SinkFixture.versionOf(direct, run, 1) == 8 && isAtTheEnd(direct));
                assertThat(first.isAlive()).isTrue();
            }
            direct.database().getCollection("dialogues").drop();
            write(2);
            way.cut();

            // When
            try (SinksUnderTest second = SinksUnderTest.start(name, kafka, troubled)) {
                SinkFixture.await("it to join", PATIENCE, () -> members().size() == 1);
                assertThat(second.isReady()).isFalse();
                way.leadTo(TestDocumentStore.connectionString());

                // Then
                SinkFixture.await("the second dialogue", PATIENCE,
                        () -> SinkFixture.versionOf(direct, run, 2) == 8 && isAtTheEnd(direct));
                assertThat(SinkFixture.versionOf(direct, run, 1)).as("read a second time").isEqualTo(-1);
                SinkFixture.await("readiness", PATIENCE, second::isReady);
            }
        }
    }

    @Test
    void sinks_share_partitions_and_one_that_closes_leaves_its_group_at_once() {
        write(1);
        try (ProjectionDatabase database = database()) {
            SinksUnderTest first = SinksUnderTest.start(name, kafka, database);
            SinkFixture.await("the first dialogue", PATIENCE,
                    () -> SinkFixture.versionOf(database, run, 1) == 8 && isAtTheEnd(database));
            try (SinksUnderTest second = SinksUnderTest.start(name, kafka, database)) {
                SinkFixture.await("both to share", PATIENCE,
                        () -> assigned().values().stream().mapToInt(Integer::intValue).sum() == 4
                                && assigned().values().stream().filter(partitions -> partitions == 2).count() == 2);
                for (int row = 2; row < 12; row++) {
                    write(row);
                }
                SinkFixture.await("what both write", PATIENCE, () -> isAtTheEnd(database));

                first.close();

                SinkFixture.await("one to be left", AT_ONCE, () -> members().size() == 1);
                for (int row = 12; row < 22; row++) {
                    write(row);
                }
                SinkFixture.await("what is left to the second", PATIENCE, () -> isAtTheEnd(database));
                for (int row = 1; row < 22; row++) {
                    assertThat(SinkFixture.versionOf(database, run, row)).isEqualTo(8);
                }
                assertThat(second.isAlive()).isTrue();
            } finally {
                first.close();
            }
            SinkFixture.await("nobody to be left", AT_ONCE, () -> members().isEmpty());
        }
    }

    @Test
    void a_record_without_a_key_goes_to_the_dead_letters_and_the_next_is_written() throws Exception {
        String mark = "keyless in " + run;
        try (ProjectionDatabase database = database();
                SinksUnderTest sinks = SinksUnderTest.start(name, kafka, database);
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        kafka.connection().as("keyless").producer())) {
            producer.send(new ProducerRecord<>(EVENTS, null, mark.getBytes())).get();
            write(1);

            SinkFixture.await("the dialogue", PATIENCE,
                    () -> SinkFixture.versionOf(database, run, 1) == 8 && isAtTheEnd(database));
            assertThat(SinkFixture.all(kafka, Topics.DEAD_LETTERS))
                    .anySatisfy(letter -> assertThat(new String(letter.value())).isEqualTo(mark));
            assertThat(sinks.isAlive()).isTrue();
        }
    }

    /// As a store does that comes back without its last moments: positions and data are those of before.
    private void forget(ProjectionDatabase database, List<Document> positions, int row) {
        database.database().getCollection("dialogues")
                .deleteOne(new Document("_id", SinkFixture.subject(run, row).getDialogueId()));
        database.database().getCollection("sink_offsets").drop();
        database.database().getCollection("sink_offsets").insertMany(positions);
    }

    private void write(int row) {
        SinkFixture.send(kafka, SinkFixture.dialogue(run, row));
        kafka.producer().flush();
    }

    private boolean isAtTheEnd(ProjectionDatabase database) {
        return SinkFixture.isAtTheEnd(kafka, database);
    }

    private static ProjectionDatabase database() {
        return ProjectionDatabase.open(TestDocumentStore.connectionString(), TestDocumentStore.newDatabase("promises"));
    }

    private Map<TopicPartition, Long> ends() {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(kafka.connection().as("ends").consumer())) {
            return new HashMap<>(consumer.endOffsets(consumer.partitionsFor(EVENTS).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).filter(this::isWritten).toList()));
        }
    }

    private boolean isWritten(TopicPartition partition) {
        return SinkFixture.all(kafka, Topics.DIALOGUE_EVENTS).stream()
                .anyMatch(record -> record.partition() == partition.partition());
    }

    private Map<TopicPartition, Long> committed() {
        try {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Set<String> members() {
        return assigned().keySet();
    }

    /// How many partitions each member of the group has.
    private Map<String, Integer> assigned() {
        try {
            return admin.describeConsumerGroups(List.of(group)).describedGroups().get(group).get().members().stream()
                    .collect(Collectors.toMap(MemberDescription::consumerId,
                            member -> member.assignment().topicPartitions().size()));
        } catch (ExecutionException e) {
            return Map.of();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
