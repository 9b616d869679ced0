package io.turnstream.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.audit.Expected;
import io.turnstream.audit.KafkaRunEvents;
import io.turnstream.audit.LoggedEvent;
import io.turnstream.audit.NoSuchRunException;
import io.turnstream.audit.RunEvents;
import io.turnstream.audit.TopicKeys;
import io.turnstream.audit.Verification;
import io.turnstream.audit.Verified;
import io.turnstream.audit.archive.Archive;
import io.turnstream.audit.archive.ArchiveImport;
import io.turnstream.audit.archive.ArchiveLimits;
import io.turnstream.audit.archive.ArchiveWriter;
import io.turnstream.audit.archive.RunIsHereException;
import io.turnstream.audit.trace.DialogueTrace;
import io.turnstream.audit.trace.TraceJson;
import io.turnstream.audit.trace.TraceText;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.testsupport.TestBroker;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditIT {

    private static final KafkaConnection CONNECTION = KafkaConnection.to(TestBroker.bootstrapServers(), "audit-it");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-02-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @BeforeAll
    static void createTopics() {
        new TopicLayout(2, 1, (short) 1).createMissing(CONNECTION);
    }

    @Test
    void aRunAmongOthersHolds() {
        List<Recorded> log = record(Ids.newRunId());
        String runId = log.getFirst().key();
        write(record(Ids.newRunId()));
        write(log);
        write(record(Ids.newRunId()));
        Verified verified = verify(runId);
        assertThat(verified.difference()).isNull();
        assertThat(verified.checked()).containsEntry("events", (long) log.size());
        assertThat(verified.seals().getFirst().root())
                .isEqualTo(Verification.of(new ListedEvents(runId, log), Expected.nothing()).seals().getFirst().root());
    }

    @Test
    void anAnswerThatWasChangedInTheLogIsNamedWithTopicPartitionAndOffset() {
        List<Recorded> log = record(Ids.newRunId());
        String runId = log.getFirst().key();
        Recorded answered = log.stream().filter(each -> each.event() instanceof TurnAnswered).skip(3).findFirst()
                .orElseThrow();
        TurnAnswered changed = SpecificData.get().deepCopy(TurnAnswered.getClassSchema(),
                (TurnAnswered) answered.event());
        changed.getAnswer().setText(Texts.of("never said"));
        log.replaceAll(each -> each == answered ? each.with(changed) : each);
        write(log);
        Verified verified = verify(runId);
        assertThat(verified.difference()).isNotNull();
        assertThat(verified.difference().problem()).contains("has changed");
        LoggedEvent found = find(runId, EventTypes.metaOf(changed).getEventId());
        assertThat(verified.difference().place()).isEqualTo(found.place());
    }

    @Test
    void anAcceptedEventThatSomebodyAppendsLaterIsFound() {
        List<Recorded> log = record(Ids.newRunId());
        String runId = log.getFirst().key();
        write(log);
        Recorded settled = log.stream().filter(each -> each.event() instanceof StepSettled).findFirst().orElseThrow();
        write(List.of(settled));
        assertThat(verify(runId).difference()).isNotNull();
        assertThat(verify(runId).difference().problem()).contains("repeats a number");
    }

    @Test
    void aRunThatTheLogDoesNotHaveIsSaidSo() {
        assertThatThrownBy(() -> verify("01JD0000000000000000000099")).isInstanceOf(NoSuchRunException.class);
    }

    @Test
    void oneDialogueIsToldInOrder() {
        List<Recorded> log = record(Ids.newRunId());
        write(log);
        String runId = log.getFirst().key();
        String part = runId + "/type_a/2/";
        String dialogueId = TopicKeys.in(CONNECTION, Topics.DIALOGUES, key -> key.contains(part)).first();
        assertThat(dialogueId).startsWith(part);
        try (KafkaRunEvents events = KafkaRunEvents.open(CONNECTION, RecordedRun.SERDE, runId)) {
            DialogueTrace trace = DialogueTrace.of(events, dialogueId);
            List<String> ids = trace.events().stream().map(event -> event.meta().getEventId()).toList();
            for (LoggedEvent event : trace.events()) {
                if (ids.contains(String.valueOf(event.meta().getCauseId()))) {
                    assertThat(ids.indexOf(event.meta().getCauseId()))
                            .isLessThan(ids.indexOf(event.meta().getEventId()));
                }
            }
            String text = String.join("\n", TraceText.of(trace));
            assertThat(text).contains("said in r1", "which?", "option B", "ground truth: B", "HTTP 200",
                    "100 in, 20 out", "0.000001 USD",
                    "verdict: 4", "turnstream.turn-answers[", RecordedRun.IMAGE, "sim/m");
            assertThat(TraceJson.of(trace).get("events")).hasSize(trace.events().size());
        }
    }

    @Test
    void anImportedRunHoldsInItsNewPlaceAndIsNotImportedTwice() throws Exception {
        List<Recorded> log = record(Ids.newRunId());
        String runId = log.getFirst().key();
        String root = Verification.of(new ListedEvents(runId, log), Expected.nothing()).seals().getFirst().root();
        List<byte[]> images = new ArrayList<>();
        try (Archive archive = Archive.open(archive(runId, log), ArchiveLimits.standard())) {
            ArchiveImport.Result result = new ArchiveImport(archive, CONNECTION, RecordedRun.SERDE, images::add, CLOCK)
                    .run();
            assertThat(result.copied()).isEqualTo(log.size());
            assertThat(images).containsExactly(ArchivedParts.IMAGE);

            Verified verified = verify(runId, new Expected(root, null));
            assertThat(verified.difference()).isNull();
            assertThat(verified.notes()).anyMatch(note -> note.contains("another installation"));
            LoggedEvent plan = find(runId, runId + "/planned");
            assertThat(plan.event()).isInstanceOf(RunPlanned.class);
            assertThat(EventHeaders.isImported(plan.headers())).isTrue();

            ArchiveImport.Result again = new ArchiveImport(archive, CONNECTION, RecordedRun.SERDE, images::add, CLOCK)
                    .run();
            assertThat(again.copied()).isZero();
            assertThat(again.found()).isEqualTo(log.size());
        }
    }

    @Test
    void anImportThatWasInterruptedGoesOnWhereItEnded() throws Exception {
        List<Recorded> log = record(Ids.newRunId());
        String runId = log.getFirst().key();
        List<Recorded> begun = log.stream().filter(each -> each.topic() != Topics.RUNS).limit(40).toList();
        try (Archive part = Archive.open(archive(runId, begun), ArchiveLimits.standard());
                Archive whole = Archive.open(archive(runId, log), ArchiveLimits.standard())) {
            assertThat(new ArchiveImport(part, CONNECTION, RecordedRun.SERDE, image -> {}, CLOCK).run().copied())
                    .isEqualTo(40);
            assertThat(new ArchiveImport(whole, CONNECTION, RecordedRun.SERDE, image -> {}, CLOCK).run().found())
                    .isEqualTo(40);
        }
        Verified verified = verify(runId);
        assertThat(verified.difference()).isNull();
        assertThat(verified.checked()).containsEntry("events", (long) log.size());
    }

    @Test
    void aRunThatWasMadeHereIsNotImported() throws Exception {
        List<Recorded> log = record(Ids.newRunId());
        write(log);
        try (Archive archive = Archive.open(archive(log.getFirst().key(), log), ArchiveLimits.standard())) {
            assertThatThrownBy(
                    () -> new ArchiveImport(archive, CONNECTION, RecordedRun.SERDE, image -> {}, CLOCK).run())
                    .isInstanceOf(RunIsHereException.class).hasMessageContaining("made here");
        }
    }

    private Path archive(String runId, List<Recorded> log) throws Exception {
        Path file = folder.resolve(runId + "-" + log.size() + ".zip");
        try (OutputStream out = Files.newOutputStream(file)) {
            ArchiveWriter.write(new ListedEvents(runId, log), new ArchivedParts(), false, "test", CLOCK.instant(), out);
        }
        return file;
    }

    private static List<Recorded> record(String runId) {
        try (RecordedRun run = RecordedRun.completed(runId, Instant.now())) {
            return run.log();
        }
    }

    private static void write(List<Recorded> log) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(CONNECTION.producer())) {
            for (Recorded record : log) {
                producer.send(
                        new ProducerRecord<>(record.topic().topicName(), null, record.timestampMillis(), record.key(),
                                RecordedRun.SERDE.toBytes(record.event()), record.headers()));
            }
            producer.flush();
        }
    }

    private static LoggedEvent find(String runId, String eventId) {
        List<LoggedEvent> found = new ArrayList<>();
        try (KafkaRunEvents events = KafkaRunEvents.open(CONNECTION, RecordedRun.SERDE, runId)) {
            RunEvents.BY_RUN.forEach(topic -> events.read(topic, found::add));
            RunEvents.BY_DIALOGUE.forEach(topic -> {
                for (int partition = 0; partition < events.partitions(); partition++) {
                    events.read(topic, partition, found::add);
                }
            });
        }
        return found.stream().filter(event -> event.meta().getEventId().equals(eventId)).findFirst().orElseThrow();
    }

    private static Verified verify(String runId) {
        return verify(runId, Expected.nothing());
    }

    private static Verified verify(String runId, Expected expected) {
        try (KafkaRunEvents events = KafkaRunEvents.open(CONNECTION, RecordedRun.SERDE, runId)) {
            return Verification.of(events, expected);
        }
    }
}
