package io.turnstream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {

    private static final String TOPIC = "turns";

    @TempDir
    Path folder;

    @Test
    void keeps_records_and_offsets_over_a_restart_on_another_port() throws Exception {
        // Given
        int firstPort;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("a folder"))) {
            firstPort = kafka.port();
            createTopic(kafka);
            append(kafka, "one", "two", "three");
            assertThat(read(kafka, 2)).containsExactly("one", "two");
        }

        // When
        int otherPort = Loopback.freePort();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("a folder"), otherPort)) {
            append(kafka, "four");

            // Then
            assertThat(otherPort).isNotEqualTo(firstPort);
            assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + otherPort);
            assertThat(read(kafka, 2)).containsExactly("three", "four");
        }
    }

    @Test
    void keeps_what_was_acknowledged_and_ends_open_transactions_when_the_process_is_killed() throws Exception {
        // Given
        KilledProcess.killOnceItSays("broker", folder, "written");

        // When
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder)) {
            append(kafka, "after the kill");
            try (KafkaProducer<String, String> same = new KafkaProducer<>(
                    Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "t"),
                    new StringSerializer(), new StringSerializer())) {
                same.initTransactions();
            }

            // Then
            assertThat(read(kafka, 2)).containsExactly("acknowledged", "after the kill");
        }
    }

    @Test
    void opens_a_log_whose_files_were_named_in_the_digits_of_another_language() throws Exception {
        // Given
        KilledProcess.killOnceItSays("broker", folder, "written", "-Duser.language=ar", "-Duser.country=EG");
        assertThat(names()).contains("\u0660".repeat(20) + ".log");

        // When
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, topic -> true)) {
            // Then
            assertThat(read(kafka, 1)).containsExactly("acknowledged");
            append(kafka, "in other digits");
        }
        assertThat(names()).allMatch(name -> name.chars().allMatch(c -> c < 128));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void keeps_topics_for_ever_by_default_and_makes_none_unasked() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder); Admin admin = admin(kafka)) {
            createTopic(kafka);

            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
            assertThat(admin.describeConfigs(List.of(topic)).all().get().get(topic).get("retention.ms").value())
                    .isEqualTo("-1");
            assertThat(admin.listTopics().names().get()).isEqualTo(Set.of(TOPIC));
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
            assertThat(admin.describeConfigs(List.of(broker)).all().get().get(broker)
                    .get("auto.create.topics.enable").value()).isEqualTo("false");
        }
    }

    @Test
    void a_port_in_use_is_named() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedKafka.start(folder, other.getLocalPort()))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessage("The port for the broker is in use: 127.0.0.1:" + other.getLocalPort()
                            + ". Stop the program that listens there or choose another port.");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_second_broker_on_the_same_folder_is_refused_and_the_first_goes_on() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder)) {
            createTopic(kafka);

            assertThatThrownBy(() -> EmbeddedKafka.start(folder))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("in use by another broker").hasMessageContaining(folder.toString());

            append(kafka, "still here");
            assertThat(read(kafka, 1)).containsExactly("still here");
        }
    }

    @Test
    void a_damaged_description_of_the_folder_comes_back_from_its_copy_and_without_one_is_an_error() throws Exception {
        // Given
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder)) {
            createTopic(kafka);
            append(kafka, "one", "two");
        }
        Path description = folder.resolve("meta.properties");
        String damaged = "version=1\ncluster.id=x\nnode.id=not-a-number\n";
        Files.writeString(description, damaged);

        // When, Then
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder)) {
            append(kafka, "three");
            assertThat(read(kafka, 3)).containsExactly("one", "two", "three");
        }

        Files.writeString(description, damaged);
        Files.delete(folder.resolve("meta.properties.copy"));
        assertThatThrownBy(() -> EmbeddedKafka.start(folder))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("missing or damaged: " + description + ". Put back this file");
        assertThat(description).hasContent(damaged);
        Files.delete(description);
        assertThat(EmbeddedKafka.isIn(folder)).isTrue();
        assertThatThrownBy(() -> EmbeddedKafka.start(folder)).isInstanceOf(CannotStartException.class)
                .hasMessageContaining("Put back this file");
    }

    @Test
    void a_log_that_was_cut_short_is_an_error_before_the_broker_goes_on_behind_the_cut() throws Exception {
        // Given
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder)) {
            createTopic(kafka);
            append(kafka, "one", "two");
        }
        Path log = folder.resolve(TOPIC + "-0").resolve("00000000000000000000.log");
        byte[] whole = Files.readAllBytes(log);
        Files.write(log, new byte[0]);

        // When, Then
        assertThatThrownBy(() -> EmbeddedKafka.start(folder, TOPIC::equals)).isInstanceOf(CannotStartException.class)
                .hasMessageContaining("cut short").hasMessageContaining(log.toString());
        Files.write(log, whole);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, topic -> true)) {
            assertThat(read(kafka, 2)).containsExactly("one", "two");
        }
    }

    static void createTopic(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = admin(kafka)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    static void append(EmbeddedKafka kafka, String... values) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
                new StringSerializer(), new StringSerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(TOPIC, value));
            }
        }
    }

    /// Reads the next `count` records that group `g` has not committed, and commits behind them.
    static List<String> read(EmbeddedKafka kafka, int count) {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.id", "g", "max.poll.records", 1,
                        "auto.offset.reset", "earliest", "enable.auto.commit", "false",
                        "isolation.level", "read_committed"),
                new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(found -> values.add(found.value()));
            }
            consumer.commitSync();
            return values;
        }
    }
}
