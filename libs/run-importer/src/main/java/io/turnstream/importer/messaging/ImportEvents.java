package io.turnstream.importer.messaging;

import io.turnstream.benchmark.pack.CallSettings;
import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.DialoguePlanned;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.FileEntry;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.PlannedCell;
import io.turnstream.contracts.PlanningFailed;
import io.turnstream.contracts.ProtocolPackPublished;
import io.turnstream.contracts.Question;
import io.turnstream.contracts.RowRejected;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.Selection;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepParameters;
import io.turnstream.contracts.Subject;
import io.turnstream.events.EventDigests;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.RecordedProvider;
import io.turnstream.events.Texts;
import io.turnstream.importer.reading.DialogueKey;
import io.turnstream.importer.reading.LeftOut;
import io.turnstream.importer.reading.LeftOut.Part;
import io.turnstream.importer.reading.RecordedDialogue;
import io.turnstream.importer.reading.RecordedDialogue.RecordedQuestion;
import io.turnstream.importer.reading.Recording;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The events of one imported run. The run's request causes all others.
public final class ImportEvents {

    /// Tag of every imported run.
    public static final String TAG = "imported";

    private static final String UNCATEGORISED = "uncategorised";
    private static final String NO_CAPTIONS = "none";
    /// How many dialogues go through the dispatcher side by side: nothing waits for a model, so the window is wide.
    private static final int WINDOW = 1_000;

    private final RunRequested requested;
    private final @Nullable String judgementSetId;
    private final Clock clock;
    private final Map<String, PlannedCell> cells = new TreeMap<>();
    private int dialogues;

    /// @param judge what the recorded judge is called; the folder does not name it
    public ImportEvents(Recording recording, ProtocolPack pack, String judge, String requestedBy, String codeVersion,
            Clock clock) {
        this.clock = clock;
        String runId = Ids.newRunId();
        EventMeta meta = new EventMeta(Ids.newEventId(), null, null, clock.millis());
        CallParameters dialogue = new CallParameters(
                recording.temperature() == null
                        ? (Double) pack.settings().turn().temperature()
                        : recording.temperature(),
                recording.maxTokens() == null ? (Integer) pack.settings().turn().maxTokens() : recording.maxTokens(),
                null);
        StepParameters parameters = new StepParameters(dialogue, parameters(pack.settings().mcq()),
                parameters(pack.settings().tf()), parameters(pack.settings().judge()));
        ModelTarget judged = recording.judged() ? new ModelTarget(RecordedProvider.NAME, judge) : null;
        CallLimits limits = new CallLimits(1, 0, 1_000L, null, null, null, null);
        this.requested = new RunRequested(meta, runId,
                new ModelTarget(RecordedProvider.NAME, recording.folder().name()), judged, null,
                List.of(recording.folder().root().toString()), null, null,
                new Selection(List.of(), List.of(), List.of(), 0, null, List.of(), false, 1), pack.digest(),
                pack.name(), parameters, limits,
                limits, WINDOW, false, null, List.of(TAG), requestedBy, codeVersion, null, null, null);
        this.judgementSetId = judged == null
                ? null
                : Ids.judgementSetId(runId, judged, parameters.getJudge(), pack.digest(), NO_CAPTIONS, 1);
    }

    public String runId() {
        return requested.getRunId();
    }

    public RunRequested requested() {
        return requested;
    }

    /// The pack that the answers are read with.
    public ProtocolPackPublished published(ProtocolPack pack) {
        List<FileEntry> files = new ArrayList<>();
        pack.files().forEach((path, bytes) -> files.add(new FileEntry(path, ByteBuffer.wrap(bytes))));
        return new ProtocolPackPublished(new EventMeta(Ids.newEventId(), null, null, clock.millis()), pack.digest(),
                pack.name(), files);
    }

    /// The next dialogue of the plan, which is judged where a verdict was recorded.
    public DialoguePlanned planned(RecordedDialogue dialogue) {
        Subject subject = subject(dialogue.key());
        boolean judged = dialogue.verdict() != null;
        DialoguePlan plan = new DialoguePlan(subject, dialogues++, requested.getTarget(),
                judged ? requested.getJudge() : null,
                judged ? judgementSetId : null, requested.getProtocolDigest(), requested.getParameters(),
                requested.getLimits(),
                requested.getJudgeLimits(), dialogue.rounds().stream().map(round -> Texts.of(round.user())).toList(),
                dialogue.questions().stream().map(ImportEvents::question).toList(), null, null, null);
        count(subject, StepKind.TURN, dialogue.rounds().size());
        dialogue.questions().forEach(question -> count(subject, StepKind.valueOf(question.kind().name()), 1));
        if (judged) {
            count(subject, StepKind.JUDGE, 1);
        }
        return new DialoguePlanned(meta(Ids.newEventId()), plan);
    }

    /// Something that is left out, or a remark.
    ///
    /// @param number counts them
    public RowRejected rejected(LeftOut out, int number) {
        return new RowRejected(meta(runId() + "/rejected/" + number), runId(), out.file(),
                out.split() == null ? null : Split.valueOf(out.split().name()), out.record(), out.rowId(), out.field(),
                out.problem(),
                out.expected(), out.remedy(), out.what() == Part.REMARK);
    }

    /// The whole plan is written.
    public RunPlanned planned(Recording recording) {
        return new RunPlanned(meta(runId() + "/planned"), runId(), dialogues, List.copyOf(cells.values()),
                recording.rows(),
                recording.leftOut(Part.DIALOGUE), recording.leftOut(Part.QUESTION), recording.leftOut(Part.REMARK),
                recording.datasetDigest(), null, judgementSetId, 0L, 0L);
    }

    /// The run ends before it has a plan.
    public PlanningFailed failed(String problem, String where, String remedy) {
        return new PlanningFailed(meta(runId() + "/planning-failed"), runId(), problem, where, remedy);
    }

    /// A dialogue's id in this run.
    public String dialogueId(DialogueKey key) {
        return Ids.dialogueId(runId(), Split.valueOf(key.split().name()), key.rowId(),
                Modality.valueOf(key.modality().name()),
                Intent.valueOf(key.intent().name()), 0, 1);
    }

    private Subject subject(DialogueKey key) {
        return new Subject(runId(), dialogueId(key), Split.valueOf(key.split().name()), key.rowId(),
                Modality.valueOf(key.modality().name()),
                Intent.valueOf(key.intent().name()), 0, 1, UNCATEGORISED, imageCluster(key.rowId()));
    }

    /// A result folder holds no image. Rows of the same id show the same one in both splits, so the id stands in for
    /// it: intervals are clustered just as they would be by the image.
    private static String imageCluster(int rowId) {
        return EventDigests.sha256Hex(("turnstream-recorded-image/" + rowId).getBytes(StandardCharsets.UTF_8));
    }

    private void count(Subject subject, StepKind kind, long steps) {
        String group = subject.getSplit() + "|" + subject.getModality() + '|' + subject.getIntent() + '|'
                + kind.ordinal();
        PlannedCell cell = cells.computeIfAbsent(group,
                absent -> new PlannedCell(subject.getSplit(), subject.getModality(), subject.getIntent(),
                        UNCATEGORISED, kind, 0L));
        cell.setCount(cell.getCount() + steps);
    }

    private static Question question(RecordedQuestion question) {
        return new Question(new Step(question.step(), StepKind.valueOf(question.kind().name())),
                question.questionType(),
                Texts.of(question.text()), question.options().stream().map(Texts::of).toList(), question.groundTruth());
    }

    private static CallParameters parameters(CallSettings call) {
        return new CallParameters(call.temperature(), call.maxTokens(), null);
    }

    private EventMeta meta(String eventId) {
        return EventTypes.causedBy(requested, eventId, clock.millis());
    }
}
