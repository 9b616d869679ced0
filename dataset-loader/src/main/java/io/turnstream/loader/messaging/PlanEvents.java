package io.turnstream.loader.messaging;

import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.DialoguePlanned;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.PlannedCell;
import io.turnstream.contracts.PlanningFailed;
import io.turnstream.contracts.Question;
import io.turnstream.contracts.RowRejected;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.Subject;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import io.turnstream.loader.planning.Plan;
import io.turnstream.loader.planning.PlannedDialogue;
import io.turnstream.loader.planning.PlannedDialogue.SentImage;
import io.turnstream.loader.reading.RowRejection;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The events of one run's planning, all caused by the request for it.
///
/// What is said once for a run has an eventId that derives from the run, so that planning it again after a crash says
/// the same under the same id. A dialogue's texts get new salts each time, so each of its events is one of its own; the
/// dispatcher takes the first.
public final class PlanEvents {

    /// What stands for the captions in a judgement set's identity where there are none.
    private static final String NO_CAPTIONS = "none";

    private final RunRequested requested;
    private final Clock clock;

    public PlanEvents(RunRequested requested, Clock clock) {
        this.requested = requested;
        this.clock = clock;
    }

    /// The set that the run's own judge completes; null where the run has no judge.
    public @Nullable String judgementSetId(@Nullable String captionsDigest) {
        return requested.getJudge() == null
                ? null
                : Ids.judgementSetId(requested.getRunId(), requested.getJudge(), requested.getParameters().getJudge(),
                        requested.getProtocolDigest(), captionsDigest == null ? NO_CAPTIONS : captionsDigest, 1);
    }

    /// Key of a dialogue's events.
    public String dialogueId(PlannedDialogue dialogue) {
        return Ids.dialogueId(requested.getRunId(), Split.valueOf(dialogue.split().name()), dialogue.rowId(),
                Modality.valueOf(dialogue.modality().name()), Intent.valueOf(dialogue.intent().name()),
                dialogue.imageVariant(), dialogue.epoch());
    }

    /// A dialogue of the plan.
    public DialoguePlanned planned(PlannedDialogue dialogue, @Nullable String judgementSetId) {
        Subject subject = new Subject(requested.getRunId(), dialogueId(dialogue),
                Split.valueOf(dialogue.split().name()),
                dialogue.rowId(), Modality.valueOf(dialogue.modality().name()),
                Intent.valueOf(dialogue.intent().name()),
                dialogue.imageVariant(), dialogue.epoch(), dialogue.category(), dialogue.imageCluster());
        SentImage image = dialogue.image();
        DialoguePlan plan = new DialoguePlan(subject, dialogue.ordinal(), requested.getTarget(), requested.getJudge(),
                judgementSetId, requested.getProtocolDigest(), requested.getParameters(), requested.getLimits(),
                requested.getJudgeLimits(), dialogue.userTurns().stream().map(Texts::of).toList(),
                dialogue.questions().stream().map(PlanEvents::question).toList(), Texts.ofNullable(dialogue.caption()),
                image == null ? null : image.sha256(), image == null ? null : image.mediaType());
        return new DialoguePlanned(meta(Ids.newEventId()), plan);
    }

    /// Something that is left out, or runs with a warning.
    ///
    /// @param number counts the rejections of this planning, so that the same one has the same eventId when it is
    ///         planned again
    public RowRejected rejected(RowRejection rejection, long number) {
        return new RowRejected(meta(requested.getRunId() + "/rejected/" + number), requested.getRunId(),
                rejection.file(),
                rejection.split() == null ? null : Split.valueOf(rejection.split().name()), rejection.row(),
                rejection.rowId(),
                rejection.field(), rejection.problem(), rejection.expected(), rejection.remedy(),
                rejection.isWarning());
    }

    /// The whole plan is written.
    public RunPlanned planned(Plan plan) {
        List<PlannedCell> cells = plan.counts().steps().entrySet().stream()
                .map(entry -> new PlannedCell(Split.valueOf(entry.getKey().split().name()),
                        Modality.valueOf(entry.getKey().modality().name()),
                        Intent.valueOf(entry.getKey().intent().name()),
                        entry.getKey().category(), StepKind.valueOf(entry.getKey().kind().name()), entry.getValue()))
                .toList();
        return new RunPlanned(meta(requested.getRunId() + "/planned"), requested.getRunId(), plan.counts().dialogues(),
                cells,
                plan.rows(), plan.rejectedRows(), plan.rejectedQuestions(), plan.warnings(), plan.datasetDigest(),
                plan.captionsDigest(), judgementSetId(plan.captionsDigest()), plan.imagesPrepared(),
                plan.imagesReused());
    }

    /// The run cannot be planned.
    public PlanningFailed failed(String problem, String where, String remedy) {
        return new PlanningFailed(meta(requested.getRunId() + "/planning-failed"), requested.getRunId(), problem, where,
                remedy);
    }

    private static Question question(io.turnstream.loader.validation.Question question) {
        return new Question(new Step(question.step(), StepKind.valueOf(question.kind().name())),
                question.questionType(),
                Texts.of(question.text()), question.options().stream().map(Texts::of).toList(), question.groundTruth());
    }

    private EventMeta meta(String eventId) {
        return EventTypes.causedBy(requested, eventId, clock.millis());
    }
}
