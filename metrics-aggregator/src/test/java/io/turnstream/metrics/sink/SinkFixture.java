package io.turnstream.metrics.sink;

import com.mongodb.client.MongoDatabase;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Subject;
import io.turnstream.contracts.Usage;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.projection.store.ProjectionDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/// A run's accepted events, and ways to look at a whole database.
final class SinkFixture {

    static final String SET = "js-0123456789abcdef";
    private static final CallParameters CALL = new CallParameters(0.1, 128, null);

    private SinkFixture() {}

    static Subject subject(String runId, int row) {
        Intent intent = row % 2 == 0 ? Intent.SAFE : Intent.UNSAFE;
        return new Subject(runId, Ids.dialogueId(runId, Split.TYPE_A, row, Modality.MULTIMODAL, intent, 0, 1),
                Split.TYPE_A, row,
                Modality.MULTIMODAL, intent, 0, 1, "scenario-" + row % 10, ("%08d".formatted(row)).repeat(8));
    }

    /// Seven settled steps of a dialogue, three turns, three questions and a verdict, and its end.
    static List<SpecificRecord> dialogue(String runId, int row) {
        Subject subject = subject(runId, row);
        List<SpecificRecord> events = new ArrayList<>();
        for (int turn = 1; turn <= 3; turn++) {
            events.add(step(subject, turn, Ids.turn(turn), StepKind.TURN, null, null));
        }
        for (int question = 0; question < 3; question++) {
            events.add(step(subject, 4 + question, "mcq-" + question, StepKind.MCQ, "B", row % 3 == 0 ? "A" : "B"));
        }
        events.add(new JudgementSettled(meta(subject, 7), subject, 7,
                Ids.judgeRequestId(subject.getDialogueId(), 1, SET), SET,
                new ModelTarget("sim", "judge"), 1, Outcome.JUDGED, 1 + row % 5, answer("4", "{\"score\": 4}")));
        events.add(new DialogueClosed(meta(subject, 8), subject, 8, List.of(), true));
        return events;
    }

    static StepSettled step(Subject subject, int sequence, String name, StepKind kind, @Nullable String truth,
            @Nullable String reading) {
        return new StepSettled(meta(subject, sequence), subject, sequence,
                Ids.requestId(subject.getDialogueId(), name, 1), new Step(name, kind), 1,
                Outcome.ANSWERED, Texts.of("A prompt of some length, as people write them. ".repeat(4), new byte[16]),
                truth,
                answer(reading,
                        "An answer of some length, as models give them. ".repeat(kind == StepKind.TURN ? 12 : 1)));
    }

    private static Answer answer(@Nullable String reading, String text) {
        return new Answer(Texts.of(text, new byte[16]), null, reading, null, "stop", "m-1", null, CALL, CALL,
                new Usage(500L, 100L, 0L), 70L,
                List.of(new Attempt("ok", 200, 1L, 2L, 0L)), "p".repeat(64), null, "worker-1", 1L, 3L, null, null);
    }

    static EventMeta meta(Subject subject, int sequence) {
        return new EventMeta(subject.getDialogueId() + "/" + sequence, null, null, 1_767_225_600_000L + sequence);
    }

    static void await(String what, Duration patience, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + patience.toSeconds() + " s for " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    /// Every document of a run, in every collection but the offsets, by collection and id. Tests share topics, and
    /// whoever has stopped does not follow what others write.
    static Map<String, Map<Object, Document>> projected(MongoDatabase database, String run) {
        Map<String, Map<Object, Document>> all = projected(database);
        all.values().forEach(documents -> documents.keySet().removeIf(id -> !id.toString().startsWith(run)));
        all.values().removeIf(Map::isEmpty);
        return all;
    }

    /// Every document of every collection but the offsets, by collection and id.
    static Map<String, Map<Object, Document>> projected(MongoDatabase database) {
        Map<String, Map<Object, Document>> all = new HashMap<>();
        for (String name : database.listCollectionNames()) {
            if (!name.equals("sink_offsets")) {
                Map<Object, Document> documents = new HashMap<>();
                database.getCollection(name).find().forEach(document -> documents.put(document.get("_id"), document));
                all.put(name, documents);
            }
        }
        return all;
    }

    static void send(ServiceKafka kafka, List<SpecificRecord> events) {
        events.forEach(event -> kafka.producer().send(Topics.DIALOGUE_EVENTS, keyOf(event), event, null));
    }

    static String keyOf(SpecificRecord event) {
        return switch (event) {
            case StepSettled settled -> settled.getSubject().getDialogueId();
            case JudgementSettled settled -> settled.getSubject().getDialogueId();
            case DialogueClosed closed -> closed.getSubject().getDialogueId();
            default -> throw new IllegalArgumentException(event.getSchema().getName());
        };
    }

    static long versionOf(ProjectionDatabase database, String run, int row) {
        Document document = database.database().getCollection("dialogues")
                .find(new Document("_id", subject(run, row).getDialogueId())).first();
        return document == null ? -1 : document.getLong("version");
    }

    /// Whether the stored positions are at the end of the accepted events.
    static boolean isAtTheEnd(ServiceKafka kafka, ProjectionDatabase database) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(kafka.connection().as("ends").consumer())) {
            String topic = Topics.DIALOGUE_EVENTS.topicName();
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            long end = consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
            long[] stored = new long[1];
            database.database().getCollection("sink_offsets").find(new Document("topic", topic))
                    .forEach(document -> stored[0] += document.getLong("nextOffset"));
            return stored[0] == end;
        }
    }

    /// All records of a topic.
    static List<ConsumerRecord<String, byte[]>> all(ServiceKafka kafka, Topics topic) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(kafka.connection().as("all").consumer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }
}
