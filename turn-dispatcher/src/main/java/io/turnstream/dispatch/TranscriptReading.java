package io.turnstream.dispatch;

import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.LogRange;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.TranscriptReplayed;
import io.turnstream.contracts.TranscriptsReplayed;
import io.turnstream.dispatch.DialogueEvents.Cause;
import io.turnstream.events.EventDigests;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.LogReader;
import io.turnstream.messaging.RunLog;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/// Reads the transcripts of one run back for one judgement set.
///
/// Only the run's own ranges of the log are read: first what came after the run, of which next to nothing is kept, then
/// the run itself, of which only the dialogues are held that were open at once. Whether that was all is counted: where
/// events are missing, because clocks were too far apart, the whole topic is read, and then all of the run's dialogues
/// are held at once.
final class TranscriptReading implements RecordedDialogue.Selected {

    private final JudgementSetOpened opened;
    private final RunLog log;
    private final KafkaConnection connection;
    private final EventSerde serde;
    private final Consumer<TranscriptReplayed> transcripts;
    private final String prefix;
    private final Set<String> selection;
    private final Cause cause;

    private final Set<String> missing;
    private int emitted;
    private long sealedEvents;
    private long recordsRead;

    /// @param log the run's records before the set was opened
    /// @param transcripts takes each transcript
    TranscriptReading(
            JudgementSetOpened opened, RunLog log, KafkaConnection connection, EventSerde serde,
            Consumer<TranscriptReplayed> transcripts) {
        this.opened = opened;
        this.log = log;
        this.connection = connection;
        this.serde = serde;
        this.transcripts = transcripts;
        this.prefix = opened.getRunId() + '/';
        this.selection = Set.copyOf(opened.getDialogueIds());
        this.missing = new HashSet<>(selection);
        this.cause = new Cause(opened.getMeta().getEventId(), EventDigests.of(opened),
                opened.getMeta().getOccurredAtMillis());
    }

    /// Reads them all.
    ///
    /// @return what was read, in the end
    TranscriptsReplayed readAll() {
        Optional<String> problem = problem();
        if (problem.isPresent()) {
            return replayed(problem.get());
        }
        try {
            if (!readRanges()) {
                readWhole();
            }
        } catch (UnreadableTranscriptException e) {
            return replayed(e.getMessage());
        }
        return replayed(emitted == 0 ? "the log holds no dialogue of this run" : null);
    }

    /// Records read so far.
    long recordsRead() {
        return recordsRead;
    }

    @Override
    public boolean contains(String dialogueId) {
        return selection.isEmpty() || selection.contains(dialogueId);
    }

    @Override
    public Cause cause() {
        return cause;
    }

    private Optional<String> problem() {
        if (log.events().isEmpty()) {
            return Optional.of("the log holds no run " + opened.getRunId());
        }
        String setId = opened.getSpec().getJudgementSetId();
        Optional<RunPlanned> plan = log.events(RunPlanned.class).findFirst();
        boolean exists = seals() > 0 || plan.isPresent() && setId.equals(plan.get().getJudgementSetId());
        String captions = plan.map(RunPlanned::getCaptionsDigest).orElse(null);
        if (plan.isPresent() && !Objects.equals(captions, opened.getSpec().getCaptionsDigest())) {
            return Optional
                    .of("the judge would read other captions than the run has: their digest is " + captions + ", not "
                            + opened.getSpec().getCaptionsDigest());
        }
        return JudgementSetMachine.mismatch(opened.getOnlyUnscored(), exists, setId);
    }

    private int seals() {
        return (int) log.events(RunSealed.class)
                .filter(seal -> opened.getSpec().getJudgementSetId().equals(seal.getJudgementSetId()))
                .map(RunSealed::getSealId).distinct().count();
    }

    /// Reads the run's own ranges.
    ///
    /// @return whether that was all of it
    private boolean readRanges() {
        List<List<LogRange>> spans = log.ranges(connection, opened.getMeta().getOccurredAtMillis());
        Map<String, RecordedDialogue> later = new HashMap<>();
        for (List<LogRange> span : spans.subList(1, spans.size())) {
            read(reader -> span, later, id -> {});
        }
        Map<String, RecordedDialogue> open = new HashMap<>();
        read(reader -> spans.getFirst(), open, dialogueId -> {
            if (open.get(dialogueId).isWhole()) {
                RecordedDialogue dialogue = open.remove(dialogueId);
                RecordedDialogue rest = later.remove(dialogueId);
                if (rest != null) {
                    dialogue.add(rest);
                }
                emit(dialogueId, dialogue);
            }
        });
        return open.isEmpty() && later.isEmpty() && isAll();
    }

    private void readWhole() {
        Map<String, RecordedDialogue> all = new HashMap<>();
        missing.addAll(selection);
        emitted = 0;
        read(reader -> reader.whole(Topics.DIALOGUE_EVENTS), all, id -> {});
        all.forEach((dialogueId, dialogue) -> {
            if (dialogue.isPlanned()) {
                emit(dialogueId, dialogue);
            }
        });
    }

    private void emit(String dialogueId, RecordedDialogue dialogue) {
        transcripts.accept(dialogue.transcript(opened, this));
        emitted++;
        sealedEvents += dialogue.sealedEvents();
        missing.remove(dialogueId);
    }

    /// A seal says how many events there are, a plan how many dialogues. A seal with an account has a leaf for that,
    /// too.
    private boolean isAll() {
        Optional<Long> leaves = log.events(RunSealed.class).filter(seal -> seal.getJudgementSetId() == null)
                .map(seal -> seal.getAccount() == null ? seal.getLeaves() : seal.getLeaves() - 1)
                .reduce((first, second) -> second);
        Optional<Integer> dialogues = log.events(RunPlanned.class).map(RunPlanned::getDialogues).findFirst();
        return leaves.map(count -> count == sealedEvents).orElse(true)
                && dialogues.map(count -> count == emitted).orElse(true);
    }

    private void read(Function<LogReader<String>, List<LogRange>> ranges, Map<String, RecordedDialogue> dialogues,
            Consumer<String> changed) {
        try (LogReader<String> reader = LogReader.of(connection.as("transcript-ranges"))) {
            recordsRead += reader.read(ranges.apply(reader), record -> {
                if (record.key() != null && record.key().startsWith(prefix) && record.value() != null) {
                    SpecificRecord event = event(record);
                    dialogues.computeIfAbsent(record.key(), id -> new RecordedDialogue())
                            .add(event, opened.getSpec().getJudgementSetId(), () -> digest(record));
                    changed.accept(record.key());
                }
            });
        }
    }

    private SpecificRecord event(ConsumerRecord<String, byte[]> record) {
        try {
            return serde.fromBytes(record.value());
        } catch (SerializationException e) {
            throw new UnreadableTranscriptException(
                    record.topic() + '[' + record.partition() + "]@" + record.offset() + " cannot be read: "
                            + e.getMessage());
        }
    }

    private String digest(ConsumerRecord<String, byte[]> record) {
        return EventDigests.of(serde.asWritten(record.value()));
    }

    /// What is said of a reading that could not be done.
    static TranscriptsReplayed failed(JudgementSetOpened opened, String problem) {
        return new TranscriptsReplayed(
                EventTypes.causedBy(opened, opened.getMeta().getEventId() + "/replayed",
                        opened.getMeta().getOccurredAtMillis()),
                opened.getRunId(), opened.getSpec().getJudgementSetId(), opened.getRound(), 0, 0, problem, null);
    }

    private TranscriptsReplayed replayed(@Nullable String problem) {
        if (problem != null) {
            TranscriptsReplayed failed = failed(opened, problem);
            failed.setSeals(seals());
            return failed;
        }
        String note = missing.isEmpty()
                ? null
                : missing.size() + " of the selected dialogues are not in the run, such as "
                        + missing.stream().sorted().findFirst().get();
        return new TranscriptsReplayed(
                EventTypes.causedBy(opened, opened.getMeta().getEventId() + "/replayed",
                        opened.getMeta().getOccurredAtMillis()),
                opened.getRunId(), opened.getSpec().getJudgementSetId(), opened.getRound(), emitted, seals(), null,
                note);
    }
}
