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
        IntStream.range(0, 3).forEach(partition -> write(topic, partition, null, IntStream.range(0, 50).mapToObj(i -> partition + "/" + i).toList()));

        assertThat(read(range(topic, 0, 0, 50), range(topic, 1, 10, 10), range(topic, 2, 48, 50))).isEqualTo(52);

        assertThat(read.stream().filter(value -> value.startsWith("0/"))).containsExactlyElementsOf(IntStream.range(0, 50).mapToObj(i -> "0/" + i).toList());
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
                .satisfies(failure -> assertThat(DamagedRecord.in(failure)).contains(new DamagedRecord(new TopicPartition(topic, 0))));
        assertThat(read).containsExactly("whole");
    }

    @Test
    void what_its_reader_throws_ends_the_reading_and_reaches_the_caller_as_it_is() {
        String topic = topic(1);
        write(topic, numbers(10));
        IllegalStateException enough = new IllegalStateException("enough");

        assertThatThrownBy(() -> LogRanges.read(connection, List.of(range(topic, 0, 0, 10)), record -> {
            read.add(new String(record.value(), StandardCharsets.UTF_8));
            throw enough;
        })).isSameAs(enough);
        assertThat(read).containsExactly("0");
    }

    @Test
    void reading_goes_on_when_a_broker_comes_back() throws Exception {
        Path other = folder.resolveSibling(folder.getFileName() + "-away");
        EmbeddedKafka first = EmbeddedKafka.start(other);
        KafkaConnection away = KafkaConnection.to(first.bootstrapServers(), "test");
        String topic = topic(away, 1);
        // more than is fetched at once
        write(away, topic, 0, null, IntStream.range(0, 60).mapToObj(i -> Integer.toString(i % 10).repeat(500_000)).toList());
        List<EmbeddedKafka> second = new ArrayList<>();
        IntConsumer interruption = offset -> {
            if (offset == 0) {
                first.close();
                Thread.ofPlatform().start(() -> second.add(EmbeddedKafka.start(other, first.port())));
            }
        };

        long count = LogRanges.read(away, List.of(range(topic, 0, 0, 60)), record -> {
            interruption.accept((int) record.offset());
            read.add(new String(record.value(), 0, 1, StandardCharsets.US_ASCII));
        });

        second.forEach(EmbeddedKafka::close);
        assertThat(second).hasSize(1);
        assertThat(count).isEqualTo(60);
        assertThat(read).containsExactlyElementsOf(IntStream.range(0, 60).mapToObj(i -> Integer.toString(i % 10)).toList());
    }

    private long read(LogRange... ranges) {
        return LogRanges.read(connection, List.of(ranges), record -> read.add(new String(record.value(), StandardCharsets.UTF_8)));
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
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(Map.of("max.message.bytes", "8000000")))).all().get();
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
    private static void write(KafkaConnection connection, String topic, int partition, Boolean committed, List<String> values) {
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
            values.forEach(value -> producer.send(new ProducerRecord<>(topic, partition, "key", value.getBytes(StandardCharsets.UTF_8))));
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
