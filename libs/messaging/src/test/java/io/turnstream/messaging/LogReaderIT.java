package io.turnstream.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.contracts.LogRange;
import io.turnstream.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LogReaderIT {

    @TempDir
    private static Path folder;

    private static EmbeddedKafka broker;
    private static KafkaConnection connection;
    private static int topics;

    private final List<String> read = new ArrayList<>();

    @BeforeAll
    static void start() {
        broker = EmbeddedKafka.start(folder);
        connection = KafkaConnection.to(broker.bootstrapServers(), "test");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void a_range_ends_where_it_says_though_its_last_offsets_hold_markers_of_transactions() {
        String topic = topic(1);
        write(topic, true, "a", "b");
        write(topic, false, "given up");
        write(topic, true, "c");

        // a, b, marker, given up, marker, c, marker
        assertThat(read(range(topic, 0, 0, 7))).isEqualTo(3);
        assertThat(read).containsExactly("a", "b", "c");
        read.clear();
        assertThat(read(range(topic, 0, 1, 5))).as("ends behind a marker").isEqualTo(1);
        assertThat(read).containsExactly("b");
        assertThat(read(range(topic, 0, 2, 5))).as("markers alone").isZero();
    }

    @Test
    void nothing_before_or_behind_a_range_is_read() {
        String topic = topic(1);
        write(topic, numbers(10));

        assertThat(read(range(topic, 0, 3, 6))).isEqualTo(3);
        assertThat(read).containsExactly("3", "4", "5");
    }

    @Test
    void ranges_of_several_partitions_are_read_each_to_its_own_end_and_in_order() {
        String topic = topic(3);
        IntStream.range(0, 3).forEach(partition -> write(topic, partition, null,
                IntStream.range(0, 50).mapToObj(i -> partition + "/" + i).toList()));

        assertThat(read(range(topic, 0, 0, 50), range(topic, 1, 10, 10), range(topic, 2, 48, 50))).isEqualTo(52);

        assertThat(read.stream().filter(value -> value.startsWith("0/")))
                .containsExactlyElementsOf(IntStream.range(0, 50).mapToObj(i -> "0/" + i).toList());
        assertThat(read.stream().filter(value -> !value.startsWith("0/"))).containsExactly("2/48", "2/49");
    }

    @Test
    void two_ranges_of_one_partition_are_refused() {
        assertThatThrownBy(() -> read(range("topic", 0, 0, 1), range("topic", 0, 1, 2)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("two ranges of topic-0");
    }

    @Test
    void what_retention_has_taken_from_a_range_is_not_waited_for() throws Exception {
        String topic = topic(1);
        write(topic, numbers(10));
        delete(topic, 4);

        assertThat(read(range(topic, 0, 0, 6))).isEqualTo(2);
        assertThat(read).containsExactly("4", "5");
        assertThat(read(range(topic, 0, 0, 3))).as("all of it").isZero();
    }

    @Test
    void an_empty_topic_and_no_ranges_at_all_are_read_at_once() {
        assertThat(read(range(topic(1), 0, 0, 0))).isZero();
        assertThat(read()).isZero();
    }

    @Test
    void a_damaged_record_is_named_by_the_failure_and_what_stands_before_it_was_read() throws Exception {
        String topic = topic(1);
        write(topic, "whole");
        write(topic, "damaged-here");
        damage(topic, "damaged-here");

        assertThatThrownBy(() -> read(range(topic, 0, 0, 2))).isInstanceOf(KafkaException.class)
                .satisfies(failure -> assertThat(DamagedRecord.in(failure))
                        .contains(new DamagedRecord(new TopicPartition(topic, 0))));
        assertThat(read).containsExactly("whole");
    }

    @Test
    void what_its_reader_throws_ends_the_reading_and_reaches_the_caller_as_it_is() {
        String topic = topic(1);
        write(topic, numbers(10));
        IllegalStateException enough = new IllegalStateException("enough");

        try (LogReader<String> log = LogReader.of(connection)) {
            assertThatThrownBy(() -> log.read(List.of(range(topic, 0, 0, 10)), record -> {
                read.add(new String(record.value(), StandardCharsets.UTF_8));
                throw enough;
            })).isSameAs(enough);
            assertThat(read).containsExactly("0");

            assertThat(log.read(List.of(range(topic, 0, 8, 10)), record -> {})).as("and does not break it")
                    .isEqualTo(2);
        }
    }

    @Test
    void reading_goes_on_when_a_broker_comes_back() throws Exception {
        Path other = folder.resolveSibling(folder.getFileName() + "-away");
        EmbeddedKafka first = EmbeddedKafka.start(other);
        KafkaConnection away = KafkaConnection.to(first.bootstrapServers(), "test");
        String topic = topic(away, 1);
        // more than is fetched at once
        write(away, topic, 0, null,
                IntStream.range(0, 60).mapToObj(i -> Integer.toString(i % 10).repeat(500_000)).toList());
        List<EmbeddedKafka> second = new ArrayList<>();
        IntConsumer interruption = offset -> {
            if (offset == 0) {
                first.close();
                Thread.ofPlatform().start(() -> second.add(EmbeddedKafka.start(other, first.port())));
            }
        };

        try (LogReader<String> log = LogReader.of(away)) {
            assertThat(log.read(List.of(range(topic, 0, 0, 60)), record -> {
                interruption.accept((int) record.offset());
                read.add(new String(record.value(), 0, 1, StandardCharsets.US_ASCII));
            })).isEqualTo(60);
        }

        second.forEach(EmbeddedKafka::close);
        assertThat(second).hasSize(1);
        assertThat(read)
                .containsExactlyElementsOf(IntStream.range(0, 60).mapToObj(i -> Integer.toString(i % 10)).toList());
    }

    @Test
    void whether_there_is_a_record_in_a_range_is_told_without_markers_and_what_was_given_up() throws Exception {
        String topic = topic(1);
        write(topic, true, "a");
        write(topic, false, "given up");
        write(topic, true, "b");
        // a, marker, given up, marker, b, marker
        try (LogReader<String> log = LogReader.of(connection)) {
            assertThat(log.holdsRecords(List.of(range(topic, 0, 0, 2)))).isTrue();
            assertThat(log.holdsRecords(List.of(range(topic, 0, 1, 4)))).isFalse();
            assertThat(log.holdsRecords(List.of(range(topic, 0, 1, 5)))).isTrue();
            assertThat(log.holdsRecords(List.of(range(topic, 0, 5, 6)))).isFalse();
            assertThat(log.holdsRecords(List.of())).isFalse();
            delete(topic, 5);
            assertThat(log.holdsRecords(List.of(range(topic, 0, 0, 6)))).as("cut off").isFalse();
        }
    }

    @Test
    void an_offset_for_a_time_is_that_of_the_first_record_at_it_or_later_and_none_behind_the_last() {
        String topic = topic(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(connection.producer());
                LogReader<String> log = LogReader.of(connection)) {
            List.of(1_000L, 2_000L, 3_000L)
                    .forEach(time -> producer.send(new ProducerRecord<>(topic, 0, time, "key", new byte[0])));
            producer.flush();

            assertThat(log.since(Map.of(partition, -5L))).containsExactly(Map.entry(partition, 0L));
            assertThat(log.since(Map.of(partition, 1_001L))).containsExactly(Map.entry(partition, 1L));
            assertThat(log.since(Map.of(partition, 3_001L))).isEmpty();
            assertThat(log.partitions(topic)).containsExactly(partition);
            assertThat(log.beginnings(List.of(partition))).containsEntry(partition, 0L);
            assertThat(log.ends(List.of(partition))).containsEntry(partition, 3L);
        }
    }

    @Test
    void keys_are_left_as_they_are_where_that_is_asked_for() {
        String topic = topic(1);
        byte[] noText = {(byte) 0xff, 0, (byte) 0xc3};
        Map<String, Object> properties = connection.producer();
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties)) {
            producer.send(new ProducerRecord<>(topic, 0, noText, new byte[0]));
        }
        try (LogReader<byte[]> log = LogReader.ofBytes(connection)) {
            List<byte[]> keys = new ArrayList<>();
            log.read(List.of(range(topic, 0, 0, 1)), record -> keys.add(record.key()));
            assertThat(keys).containsExactly(noText);
        }
    }

    @Test
    void partitions_are_read_until_each_is_said_to_be_read() {
        String topic = topic(2);
        write(topic, 0, null, List.of("0/0", "0/1"));
        write(topic, 1, null, List.of("1/0"));
        TopicPartition left = new TopicPartition(topic, 0);
        try (LogReader<String> log = LogReader.of(connection)) {
            log.read(Map.of(left, 1L, new TopicPartition(topic, 1), 0L), record -> {
                read.add(new String(record.value(), StandardCharsets.UTF_8));
                if (read.size() == 2) {
                    write(topic, 1, null, List.of("1/1"));
                }
            }, (partition, position) -> partition.equals(left) ? position == 2 : position == 2 && read.size() == 3);
        }
        assertThat(read).containsExactlyInAnyOrder("0/1", "1/0", "1/1");
    }

    @Test
    void the_same_partitions_are_read_again_wherever_they_were_left() {
        String topic = topic(2);
        write(topic, 0, null, List.of("0/0"));
        write(topic, 1, null, List.of("1/0", "1/1"));
        try (LogReader<String> log = LogReader.of(connection)) {
            List<LogRange> ranges = List.of(range(topic, 0, 0, 1), range(topic, 1, 0, 2));
            for (int time = 0; time < 3; time++) {
                AtomicBoolean slow = new AtomicBoolean(true);
                // one partition is done before the other
                log.read(Map.of(new TopicPartition(topic, 0), 0L, new TopicPartition(topic, 1), 0L), record -> {},
                        (partition, position) -> partition.partition() == 0
                                ? position == 1
                                : position == 2 && !slow.getAndSet(false));
                assertThat(log.read(ranges, record -> {})).isEqualTo(3);
            }
        }
    }

    @Test
    void who_looks_further_while_a_reader_reads_is_told_to_take_another_one() {
        String topic = topic(1);
        write(topic, "a");
        try (LogReader<String> log = LogReader.of(connection)) {
            assertThatThrownBy(() -> log.read(List.of(range(topic, 0, 0, 1)),
                    record -> log.ends(List.of(new TopicPartition(topic, 0)))))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("a reader of its own");
        }
    }

    private long read(LogRange... ranges) {
        try (LogReader<String> log = LogReader.of(connection)) {
            return log.read(List.of(ranges), record -> read.add(new String(record.value(), StandardCharsets.UTF_8)));
        }
    }

    private static LogRange range(String topic, int partition, long first, long end) {
        return new LogRange(topic, partition, first, end);
    }

    private static String[] numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
    }

    private static String topic(int partitions) {
        return topic(connection, partitions);
    }

    private static String topic(KafkaConnection connection, int partitions) {
        String name = "topic-" + topics++;
        try (Admin admin = Admin.create(connection.common())) {
            admin.createTopics(
                    List.of(new NewTopic(name, partitions, (short) 1).configs(Map.of("max.message.bytes", "8000000"))))
                    .all().get();
        } catch (Exception e) {
            throw new AssertionError("cannot make " + name, e);
        }
        return name;
    }

    private static void write(String topic, String... values) {
        write(topic, 0, null, List.of(values));
    }

    private static void write(String topic, boolean committed, String... values) {
        write(topic, 0, committed, List.of(values));
    }

    private static void write(String topic, int partition, Boolean committed, List<String> values) {
        write(connection, topic, partition, committed, values);
    }

    /// @param committed how its transaction ends; null for none
    private static void write(KafkaConnection connection, String topic, int partition, Boolean committed,
            List<String> values) {
        Map<String, Object> properties = connection.producer();
        // so that what is written can be found in its file
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        if (committed != null) {
            properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "writer");
        }
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(properties)) {
            if (committed != null) {
                producer.initTransactions();
                producer.beginTransaction();
            }
            values.forEach(value -> producer
                    .send(new ProducerRecord<>(topic, partition, "key", value.getBytes(StandardCharsets.UTF_8))));
            producer.flush();
            if (committed != null && committed) {
                producer.commitTransaction();
            } else if (committed != null) {
                producer.abortTransaction();
            }
        }
    }

    private static void delete(String topic, long before) throws Exception {
        try (Admin admin = Admin.create(connection.common())) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(before))).all().get();
        }
    }

    private static void damage(String topic, String value) throws IOException {
        Path file = folder.resolve(topic + "-0").resolve("00000000000000000000.log");
        int place = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).indexOf(value);
        assertThat(place).isPositive();
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(place);
            bytes.write('X');
        }
    }
}
