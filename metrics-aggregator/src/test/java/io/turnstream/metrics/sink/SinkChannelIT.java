package io.turnstream.metrics.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.projection.store.EventWriter;
import io.turnstream.projection.store.ProjectionDatabase;
import io.turnstream.projection.store.ProjectionStore;
import io.turnstream.projection.store.SinkOffsets;
import io.turnstream.testsupport.TestBroker;
import io.turnstream.testsupport.TestConnector;
import io.turnstream.testsupport.TestDocumentStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A sink's channel on a real broker, with a writer that is slow or throws.
class SinkChannelIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final short ONE = 1;
    private static final int POLLED = 1_000;

    private final String run = Ids.newRunId();
    private final String name = TestBroker.uniqueName("channel");
    /// Its own, so that others need not read what is written here.
    private final String topic = TestBroker.uniqueName("long-log");
    private final TestConnector connector = new TestConnector();
    private final SinkChannels channels = SinksUnderTest.channels(connector);
    private ServiceKafka kafka;
    private KafkaProducer<String, byte[]> producer;
    private ProjectionDatabase database;

    @BeforeEach
    void open() {
        kafka = ServiceKafka.sharing("metrics-aggregator", KafkaConnection.to(TestBroker.bootstrapServers(), "test"),
                SchemaIds.byPosition());
        producer = new KafkaProducer<>(kafka.connection().as("producer").producer());
        TopicLayout layout = new TopicLayout(4, 1, ONE);
        layout.createMissing(kafka.connection());
        layout.createMissing(kafka.connection(), Map.of(topic, Topics.DIALOGUE_EVENTS));
        database = ProjectionDatabase.open(TestDocumentStore.connectionString(),
                TestDocumentStore.newDatabase("channel"));
    }

    @AfterEach
    void close() {
        connector.close();
        producer.close();
        kafka.close();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(classes = {NoClassDefFoundError.class, OutOfMemoryError.class})
    void an_error_ends_a_sink_that_says_so_and_its_position_stays_before_what_was_not_written(
            Class<? extends Error> kind) throws Exception {
        Error error = kind.getConstructor(String.class).newInstance("made by a test");
        AtomicInteger writes = new AtomicInteger();
        send(1);
        try (SinkChannel channel = connect(entries -> {
            writes.incrementAndGet();
            throw error;
        })) {
            SinkFixture.await("the sink to say that it has failed", PATIENCE, () -> !channel.isAlive());

            assertThat(channel.isReady()).isFalse();
            send(2);
            awaitNoMoreIsRead();
            assertThat(writes).hasValue(1);
            assertThat(database.database().getCollection("sink_offsets").countDocuments()).isZero();
        }
    }

    @Test
    void a_record_that_overflows_the_stack_goes_to_the_dead_letters_alone() {
        AtomicInteger written = new AtomicInteger();
        String bad = SinkFixture.subject(run, 2).getDialogueId();
        send(1);
        send(2);
        send(3);
        try (SinkChannel channel = connect(entries -> {
            if (entries.stream().anyMatch(entry -> entry.key().equals(bad))) {
                throw new StackOverflowError("made by a test");
            }
            written.addAndGet((int) entries.stream().filter(entry -> entry.key().startsWith(run)).count());
        })) {
            SinkFixture.await("the others", PATIENCE, () -> written.get() == 2 * 8);
            SinkFixture.await("its eight letters", PATIENCE,
                    () -> SinkFixture.all(kafka, Topics.DEAD_LETTERS).stream()
                            .filter(letter -> bad.equals(letter.key())).count() == 8);
            assertThat(channel.isAlive()).isTrue();
        }
    }

    @Test
    void a_slow_store_is_given_two_megabytes_at_a_time() {
        int bytes = 200_000;
        ConcurrentLinkedQueue<Integer> batches = new ConcurrentLinkedQueue<>();
        AtomicInteger seen = new AtomicInteger();
        for (int sequence = 1; sequence <= 40; sequence++) {
            StepSettled step = SinkFixture.step(SinkFixture.subject(run, 1), sequence, "r" + sequence, StepKind.TURN,
                    null, null);
            step.setPrompt(Texts.of("x".repeat(bytes), new byte[16]));
            send(List.of(step));
        }

        try (SinkChannel channel = connect(entries -> {
            int mine = (int) entries.stream().filter(entry -> entry.key().startsWith(run)).count();
            batches.add(mine);
            seen.addAndGet(mine);
        })) {
            SinkFixture.await("all of it", PATIENCE, () -> seen.get() == 40);
            assertThat(channel.isAlive()).isTrue();
            assertThat(batches).allSatisfy(batch -> assertThat((long) batch * bytes).isLessThan((2 << 20) + 2 * bytes));
        }
    }

    @Test
    void of_a_long_log_only_a_few_polls_are_in_memory() throws Exception {
        int dialogues = 1_500;
        for (int row = 0; row < dialogues; row++) {
            send(row);
        }
        CountDownLatch writing = new CountDownLatch(1);
        Semaphore go = new Semaphore(0);
        try (SinkChannel channel = connect(entries -> {
            writing.countDown();
            go.acquireUninterruptibly();
        })) {
            writing.await();
            long read = awaitNoMoreIsRead();

            assertThat(read).isLessThanOrEqualTo(4L * POLLED).isLessThan(dialogues * 8L);
            go.release(Integer.MAX_VALUE / 2);
            SinkFixture.await("the rest", PATIENCE, () -> stored() == dialogues * 8L);
            assertThat(channel.isAlive()).isTrue();
        }
    }

    private SinkChannel connect(EventWriter writer) {
        SinkOffsets offsets = new SinkOffsets(new ProjectionStore(database.database()), name, topic);
        return channels.connect(
                SinkChannels.DIALOGUES,
                new ProjectionSink(topic, ProjectionSinks.group(name, topic), kafka, writer, offsets));
    }

    private long stored() {
        long[] stored = new long[1];
        database.database().getCollection("sink_offsets").find()
                .forEach(position -> stored[0] += position.getLong("nextOffset"));
        return stored[0];
    }

    /// @return up to where was read, over all partitions
    private long awaitNoMoreIsRead() {
        long[] last = {-1, System.nanoTime()};
        SinkFixture.await("reading to stand still for two seconds", PATIENCE, () -> {
            long now = connector.positions().values().stream().mapToLong(Long::longValue).sum();
            if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > Duration.ofSeconds(2).toNanos();
        });
        return last[0];
    }

    private void send(int row) {
        send(SinkFixture.dialogue(run, row));
    }

    private void send(List<? extends SpecificRecord> events) {
        for (SpecificRecord event : events) {
            producer.send(new ProducerRecord<>(topic, SinkFixture.keyOf(event), kafka.serde().toBytes(event)));
        }
        producer.flush();
    }
}
