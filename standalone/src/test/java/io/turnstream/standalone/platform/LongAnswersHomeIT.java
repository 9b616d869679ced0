package io.turnstream.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.contracts.Usage;
import io.turnstream.contracts.state.DialogueState;
import io.turnstream.dispatch.TurnDispatcher;
import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventProducer;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.LogReader;
import io.turnstream.messaging.SchemaCatalog;
import io.turnstream.projection.report.RunReport;
import io.turnstream.standalone.cli.Place;
import io.turnstream.standalone.home.HomeLayout;
import io.turnstream.standalone.platform.HomeRig.Done;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A home that was left behind by a version which recorded answers of any length: two answers of 3 MB are in a
/// dialogue's history, and a third is in the log, at which that version failed again and again, since the next request
/// would have held 9 MB.
class LongAnswersHomeIT {

    private static final int LONG_BYTES = 3 * 1024 * 1024;
    private static final String[] ANOTHER = {"eval", "--model", "sim/contextual", "--dataset",
            Path.of("").toAbsolutePath().getParent().resolve("datasets/mini").toString(), "--split", "type_a",
            "--limit", "1"};

    @TempDir
    private Path folder;

    private HomeRig rig;
    private HomeLayout home;

    @Test
    void it_opens_and_its_runs_are_listed_cancelled_and_others_evaluated_on_it() throws Exception {
        // Given
        rig = new HomeRig(folder);
        home = new HomeLayout(folder.resolve("home"));
        rig.environment.put(HomeLayout.VARIABLE, home.root().toString());
        String stuck = halted();
        leaveLongAnswers();

        // When, Then
        assertThat(rig.done("list").out()).contains(stuck, "halted");
        assertThat(rig.done(ANOTHER).out()).contains("overall");
        assertThat(report(stuck).state()).isEqualTo("halted");
        Done cancelled = rig.done("cancel", stuck);
        assertThat(cancelled.out()).contains("is cancelled");
        // whether the second dialogue was planned before the run was halted is open
        assertThat(report(stuck).outcomes()).as("two short answers, and the long one")
                .containsEntry("answered", 2L).containsEntry("oversized", 1L);
        assertThat(rig.done("list").out()).contains("cancelled", "completed");
        assertThat(rig.done("verify", "last").out()).contains("VERIFIED");
        assertThat(rig.done("dead-letters", "list").out()).doesNotContain("turn-answers");
    }

    /// A run that is halted at the third turn of its first dialogue; the second waits.
    private String halted() throws IOException {
        try (PickyProvider provider = new PickyProvider(call -> call.contains("#r3@"))) {
            Map<String, String> key = Map.of("OPENAI_API_KEY", "right", "OPENAI_BASE_URL", provider.baseUrl());
            rig.environment.putAll(key);
            Done halted = rig.run("eval", "--model", "openai/picky", "--dataset", ANOTHER[4], "--split", "type_a",
                    "--modality", "unimodal",
                    "--intent", "unsafe", "--limit", "2", "--window", "1");
            assertThat(halted.code()).as(halted.err()).isEqualTo(3);
            key.keySet().forEach(rig.environment::remove);
        }
        Place place = new Place(home, null, null, 0, false, null);
        return rig.platforms.read(place, reports -> reports.runs().getFirst().id());
    }

    private RunReport report(String run) {
        return rig.platforms.read(new Place(home, null, null, 0, false, null),
                reports -> reports.run(run).orElseThrow());
    }

    private void leaveLongAnswers() throws IOException {
        try (EmbeddedKafka broker = EmbeddedKafka.start(home.kafka())) {
            KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers(), "old");
            try (SchemaCatalog schemas = SchemaCatalog.reading(connection)) {
                EventSerde serde = new EventSerde(schemas);
                AskModel asked = lastAsked(connection, serde);
                lengthenHistory(connection, asked.getSubject().getDialogueId());
                try (EventProducer worker = new EventProducer(connection, serde, "model-worker")) {
                    worker.send(Topics.TURN_ANSWERS, asked.getSubject().getDialogueId(), answer(asked), null).join();
                }
            }
        }
        // made anew from the changelogs
        try (Stream<Path> files = Files.walk(home.streams())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static AskModel lastAsked(KafkaConnection connection, EventSerde serde) {
        AskModel[] last = new AskModel[1];
        LogReader.readAll(connection, Topics.TURN_REQUESTS,
                record -> last[0] = (AskModel) serde.fromBytes(record.value()));
        assertThat(last[0].getStep().getName()).isEqualTo(Ids.turn(3));
        return last[0];
    }

    private static TurnAnswered answer(AskModel ask) {
        long now = System.currentTimeMillis();
        Answer answer = new Answer(Texts.of(noise(3)), null, null, null, "stop", "picky", null, ask.getParameters(),
                ask.getParameters(),
                new Usage(1000L, 1_000_000L, 0L), null, List.of(new Attempt("ok", 200, now, 1L, 0L)), "0".repeat(64),
                null, "old/1/0", now, now, null, null);
        return new TurnAnswered(EventTypes.causedBy(ask, Ids.newEventId(), now), ask.getRequestId(), ask.getSubject(),
                ask.getStep(),
                ask.getGeneration(), Outcome.ANSWERED, answer);
    }

    /// The dispatcher's state of the dialogue, as its changelog holds it, with answers of 3 MB in it.
    private static void lengthenHistory(KafkaConnection connection, String dialogueId) throws IOException {
        ConsumerRecord<String, byte[]> kept = lastState(connection, dialogueId);
        DialogueState state = new BinaryMessageDecoder<DialogueState>(SpecificData.get(),
                DialogueState.getClassSchema()).decode(kept.value());
        assertThat(state.getExchanges()).hasSize(2);
        for (int turn = 0; turn < 2; turn++) {
            state.getExchanges().get(turn).setAssistant(Texts.of(noise(turn)));
        }
        ByteBuffer lengthened = new BinaryMessageEncoder<DialogueState>(SpecificData.get(),
                DialogueState.getClassSchema()).encode(state);
        byte[] value = new byte[lengthened.remaining()];
        lengthened.get(value);
        assertThat(value.length).isGreaterThan(2 * LONG_BYTES);
        try (KafkaProducer<String, byte[]> store = new KafkaProducer<>(connection.producer())) {
            store.send(new ProducerRecord<>(kept.topic(), kept.partition(), kept.timestamp(), kept.key(), value));
        }
    }

    private static ConsumerRecord<String, byte[]> lastState(KafkaConnection connection, String dialogueId) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(connection.consumer())) {
            List<TopicPartition> changelog = consumer.listTopics().entrySet().stream()
                    .filter(topic -> topic.getKey().startsWith(TurnDispatcher.APPLICATION_ID)
                            && topic.getKey().endsWith("-dialogue-states-changelog"))
                    .flatMap(topic -> topic.getValue().stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            assertThat(changelog).isNotEmpty();
            consumer.assign(changelog);
            consumer.seekToBeginning(changelog);
            Map<TopicPartition, Long> ends = consumer.endOffsets(changelog);
            Map<String, ConsumerRecord<String, byte[]>> last = new HashMap<>();
            HomeUnderTest.await("the changelog", () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> last.put(record.key(), record));
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
            return last.get(dialogueId);
        }
    }

    /// Text that no compression makes small, and whose bytes are its characters.
    private static String noise(long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(LONG_BYTES);
        for (int i = 0; i < LONG_BYTES; i++) {
            text.append((char) ('!' + random.nextInt(90)));
        }
        return text.toString();
    }
}
