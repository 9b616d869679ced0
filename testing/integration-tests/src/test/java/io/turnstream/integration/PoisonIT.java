package io.turnstream.integration;

import static io.turnstream.cluster.Await.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.EventLog;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.integration.JudgedPlatform.Printed;
import io.turnstream.messaging.DeadLetterDesk.Letter;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaIds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Records that nobody can read or handle, in every topic that a service reads: each is laid aside by whoever met it,
/// and the rest flows.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PoisonIT {

    private static final int NEWER = 9_001;
    private static final Set<Topics> NOT_READ = Set.of(Topics.DEAD_LETTERS, Topics.SCHEMAS);
    private static final byte[] GARBAGE = "\u001b[2J no event, and sk-abcdefghijklmnop1234 in it"
            .getBytes(StandardCharsets.UTF_8);

    private static JudgedPlatform platform;
    private static Figures undisturbed;

    @TempDir
    private static Path folder;

    /// Schema ids of a deployment in which a newer version has written, whose answers have an outcome more.
    private record Newer(SchemaIds known, Schema schema) implements SchemaIds {

        @Override
        public int idOf(Schema wanted) {
            return wanted.equals(schema) ? NEWER : known.idOf(wanted);
        }

        @Override
        public Schema schemaOf(int id) {
            return id == NEWER ? schema : known.schemaOf(id);
        }
    }

    private static final Newer SCHEMAS = new Newer(SchemaIds.byPosition(), newerSchema());

    private static Schema newerSchema() {
        Schema known = TurnAnswered.getClassSchema();
        String text = known.toString();
        String outcomes = Outcome.getClassSchema().getEnumSymbols().stream().map(symbol -> '"' + symbol + '"')
                .collect(Collectors.joining(","));
        return new Schema.Parser().parse(text.replace(outcomes, outcomes + ",\"SOMETHING_NEW\""));
    }

    @BeforeAll
    static void start() throws Exception {
        platform = new JudgedPlatform(folder, SCHEMAS);
        undisturbed = Figures.of(PoisonIT.settled());
    }

    @AfterAll
    static void stop() throws Exception {
        platform.close();
    }

    private static io.turnstream.projection.report.RunReport settled() {
        String run = platform.platform().submit(Orders.rows(2, 16)).getFirst();
        Await.until(PATIENCE, () -> "the run: " + platform.reports().progress(run),
                () -> platform.reports().progress(run).filter(progress -> progress.settled()).isPresent());
        return platform.reports().run(run).orElseThrow();
    }

    @Test
    @Order(1)
    void records_that_cannot_be_read_or_handled_are_laid_aside_and_the_rest_flows() throws Exception {
        // Given
        EventSerde serde = new EventSerde(SCHEMAS);
        String run = Ids.newRunId();
        String dialogue = Ids.dialogueId(run, Split.TYPE_A, 1, Modality.MULTIMODAL, Intent.SAFE, 0, 1);
        List<ProducerRecord<String, byte[]>> poison = new ArrayList<>();
        for (Topics topic : Topics.values()) {
            if (NOT_READ.contains(topic)) {
                continue;
            }
            String key = topic.keyed() == Topics.Keyed.BY_DIALOGUE ? dialogue : run;
            poison.add(record(topic, key, GARBAGE));
            poison.add(record(topic, key, ByteBuffer.allocate(20).put((byte) 0).putInt(77_777).array()));
            // an event's beginning, broken off
            poison.add(record(topic, key,
                    ByteBuffer.allocate(9).put((byte) 0).putInt(SCHEMAS.idOf(TurnAnswered.getClassSchema())).array()));
            // an event that has no business there
            poison.add(record(topic, key,
                    serde.toBytes(new RunCommanded(
                            new io.turnstream.contracts.EventMeta(Ids.newEventId(), null, null, 1L), run,
                            RunCommand.UNKNOWN, null, "nobody", null, null, List.of()))));
            poison.add(record(topic, topic.kept() == Topics.Kept.LATEST ? key : null, null));
        }
        poison.add(record(Topics.TURN_ANSWERS, dialogue, serde.copyToBytes(newerAnswer(dialogue, run))));

        // When
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                platform.connection().as("poison").producer())) {
            for (ProducerRecord<String, byte[]> record : poison) {
                producer.send(record).get();
            }
        }

        // Then
        assertThat(Figures.of(settled())).isEqualTo(undisturbed);
        Await.until(PATIENCE, () -> "every service laid something aside: " + services(), () -> services().containsAll(
                List.of("dataset-loader", "turn-dispatcher", "model-worker", "judge-worker", "metrics-aggregator")));
        assertThat(topicsOf("turn-dispatcher")).contains(Topics.RUNS.topicName(), Topics.DIALOGUES.topicName(),
                Topics.DIALOGUE_COMMANDS.topicName(),
                Topics.TURN_ANSWERS.topicName(), Topics.JUDGEMENTS.topicName(), Topics.DIALOGUE_PROGRESS.topicName());
        assertThat(topicsOf("metrics-aggregator")).contains(Topics.RUNS.topicName(),
                Topics.DIALOGUE_EVENTS.topicName());
        assertThat(topicsOf("model-worker")).containsExactly(Topics.TURN_REQUESTS.topicName());
        assertThat(topicsOf("judge-worker")).containsExactly(Topics.JUDGE_REQUESTS.topicName());
        assertThat(topicsOf("dataset-loader")).containsExactly(Topics.RUNS.topicName());
    }

    private static GenericRecord newerAnswer(String dialogue, String run) {
        GenericRecord answer = (GenericRecord) GenericData.get().deepCopy(SCHEMAS.schema(), blank(SCHEMAS.schema()));
        answer.put("outcome",
                new GenericData.EnumSymbol(SCHEMAS.schema().getField("outcome").schema(), "SOMETHING_NEW"));
        return answer;
    }

    /// A record of a schema with the emptiest values that there are.
    private static Object blank(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                schema.getFields().forEach(field -> record.put(field.pos(), blank(field.schema())));
                yield record;
            }
            case ENUM -> new GenericData.EnumSymbol(schema, schema.getEnumSymbols().getFirst());
            case ARRAY -> List.of();
            case MAP -> Map.of();
            case UNION -> schema.isNullable() ? null : blank(schema.getTypes().getFirst());
            case FIXED -> new GenericData.Fixed(schema, new byte[schema.getFixedSize()]);
            case STRING -> "";
            case BYTES -> ByteBuffer.allocate(0);
            case INT -> 0;
            case LONG -> 0L;
            case FLOAT -> 0f;
            case DOUBLE -> 0d;
            case BOOLEAN -> false;
            case NULL -> null;
        };
    }

    private static ProducerRecord<String, byte[]> record(Topics topic, @Nullable String key, byte @Nullable [] value) {
        return new ProducerRecord<>(topic.topicName(), 0, key, value);
    }

    private static Set<String> services() {
        return platform.deadLetters().letters().stream().map(Letter::service)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> topicsOf(String service) {
        return platform.deadLetters().letters().stream().filter(letter -> letter.service().equals(service))
                .map(Letter::topic)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @Order(2)
    void a_letter_is_shown_without_harm_and_without_what_looks_like_a_key() {
        Letter letter = garbageOf("model-worker");

        Printed shown = platform.run("dead-letters", "show", Long.toString(letter.id()));

        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out()).contains(letter.place(), "not an event", "\\u001b[2J no event").doesNotContain("\u001b")
                .doesNotContain("sk-abcdef");
    }

    @Test
    @Order(3)
    void a_record_is_sent_back_as_it_was_once_and_again_only_when_asked() {
        // Given
        Letter letter = garbageOf("model-worker");
        ConsumerRecord<String, byte[]> original = at(letter.topic(), letter.partition(), letter.offset());

        // When
        Letter replayed = platform.deadLetters().replay(letter.id(), false).orElseThrow();

        // Then
        ConsumerRecord<String, byte[]> copy = at(letter.topic(), letter.partition(),
                replayed.replays().getFirst().offset());
        assertThat(copy.offset()).isGreaterThan(original.offset());
        assertThat(copy.key()).isEqualTo(original.key());
        assertThat(copy.value()).isEqualTo(original.value());
        assertThat(copy.headers().lastHeader("turnstream-replayed").value()).asString(StandardCharsets.UTF_8)
                .isEqualTo(Long.toString(letter.id()));
        assertThat(copy.headers().toArray()).hasSize(original.headers().toArray().length + 1);
        Await.until(PATIENCE, () -> "it cannot be read now either, and is laid aside anew",
                () -> platform.deadLetters().letters().stream()
                        .anyMatch(other -> other.topic().equals(copy.topic()) && other.partition() == copy.partition()
                                && other.offset() == copy.offset()));
        assertThat(platform.deadLetters().open(letter.id()).orElseThrow().letter().replays()).hasSize(1);

        Printed refused = platform.run("dead-letters", "replay", Long.toString(letter.id()));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("was sent back on ", "--again");
        assertThat(platform.run("dead-letters", "replay", Long.toString(letter.id()), "--again").code()).isZero();
        assertThat(platform.deadLetters().open(letter.id()).orElseThrow().letter().replays()).hasSize(2);
    }

    @Test
    @Order(4)
    void what_the_projection_could_not_read_is_left_where_it_stands_for_a_rebuild() {
        Letter letter = garbageOf("metrics-aggregator");

        Printed refused = platform.run("dead-letters", "replay", Long.toString(letter.id()));

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("stands in the log", "'turnstream rebuild'");
    }

    /// Every event there is, with the emptiest values, in every topic, under a key that names no run and no dialogue,
    /// and under none.
    @Test
    @Order(5)
    void events_without_sense_and_under_keys_of_nobody_hold_nobody_up() throws Exception {
        // Given
        EventSerde serde = new EventSerde(SCHEMAS);

        // When
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                platform.connection().as("poison").producer())) {
            for (Schema schema : EventTypes.schemas()) {
                byte[] senseless = serde.copyToBytes((GenericRecord) blank(schema));
                for (Topics topic : Topics.values()) {
                    if (!NOT_READ.contains(topic)) {
                        producer.send(record(topic, "nobody", senseless));
                        if (topic.kept() != Topics.Kept.LATEST) {
                            producer.send(record(topic, null, senseless));
                        }
                    }
                }
            }
        }

        // Then
        assertThat(Figures.of(settled())).isEqualTo(undisturbed);
        assertThat(platform.deadLetters().letters()).allSatisfy(letter -> {
            assertThat(letter.reason()).isNotBlank();
            assertThat(letter.service()).isNotBlank();
            assertThat(letter.place()).isEqualTo(letter.topic() + "[" + letter.partition() + "]@" + letter.offset());
        });
        Printed listed = platform.run("dead-letters", "list", "--json");
        assertThat(listed.code()).as(listed.err()).isZero();
        assertThat(com.fasterxml.jackson.databind.json.JsonMapper.builder().build().readTree(listed.out())
                .findValuesAsText("reason"))
                .hasSameSizeAs(platform.deadLetters().letters());
    }

    /// What is laid aside carries place and reason besides, and they must fit.
    @Test
    @Order(6)
    void a_record_as_large_as_a_topic_takes_is_laid_aside_shown_and_sent_back_whole() throws Exception {
        // Given
        byte[] large = new byte[KafkaConnection.MOST_RECORD_BYTES - 2_000];
        new Random(1).nextBytes(large);

        // When
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                platform.connection().as("poison").producer())) {
            producer.send(record(Topics.TURN_REQUESTS, "nobody", large)).get();
            producer.send(record(Topics.RUNS, "nobody", large)).get();
        }

        // Then every reader of the two topics lays it aside, and works on
        Await.until(PATIENCE, () -> "all readers laid it aside: " + sizesOf(large.length),
                () -> sizesOf(large.length).containsAll(
                        List.of("dataset-loader", "turn-dispatcher", "model-worker", "metrics-aggregator")));
        assertThat(Figures.of(settled())).isEqualTo(undisturbed);
        Letter letter = platform.deadLetters().letters().stream()
                .filter(one -> one.bytes() == large.length && one.service().equals("model-worker")).findFirst()
                .orElseThrow();
        assertThat(letter.reason()).contains("not an event");
        assertThat(platform.run("dead-letters", "show", Long.toString(letter.id())).code()).isZero();
        Letter replayed = platform.deadLetters().replay(letter.id(), false).orElseThrow();
        assertThat(at(letter.topic(), letter.partition(), replayed.replays().getFirst().offset()).value())
                .isEqualTo(large);
    }

    private static Set<String> sizesOf(int bytes) {
        return platform.deadLetters().letters().stream().filter(letter -> letter.bytes() == bytes).map(Letter::service)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Letter garbageOf(String service) {
        return platform.deadLetters().letters().stream()
                .filter(letter -> letter.service().equals(service) && letter.bytes() == GARBAGE.length
                        && letter.replays().isEmpty())
                .findFirst().orElseThrow();
    }

    private static ConsumerRecord<String, byte[]> at(String topic, int partition, long offset) {
        Topics of = java.util.Arrays.stream(Topics.values()).filter(one -> one.topicName().equals(topic)).findFirst()
                .orElseThrow();
        return new EventLog(platform.connection()).records(of).stream()
                .filter(record -> record.partition() == partition && record.offset() == offset).findFirst()
                .orElseThrow();
    }
}
