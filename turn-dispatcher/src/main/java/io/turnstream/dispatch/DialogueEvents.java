package io.turnstream.dispatch;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.DialogueFinished;
import io.turnstream.contracts.DialogueOpened;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.DialogueRegistered;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.Question;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Text;
import io.turnstream.contracts.state.DialogueState;
import io.turnstream.contracts.state.StepProgress;
import io.turnstream.events.EventDigests;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// The events of one dialogue, made from its plan and state. Their ids follow from what they are about.
final class DialogueEvents {

    private final DialoguePlan plan;
    private final Cause cause;

    /// What brought the events about.
    ///
    /// @param eventId id of the causing event
    /// @param digest its digest (hex)
    /// @param atMillis when its record was written, ms since the epoch
    record Cause(String eventId, String digest, long atMillis) {

        EventMeta of(String newEventId) {
            return new EventMeta(newEventId, eventId, digest, atMillis);
        }
    }

    DialogueEvents(DialoguePlan plan, Cause cause) {
        this.plan = plan;
        this.cause = cause;
    }

    /// A record as the cause of what follows from it.
    static Cause causeOf(Record<String, SpecificRecord> record) {
        return new Cause(EventTypes.metaOf(record.value()).getEventId(), EventDigests.of(record.value()),
                record.timestamp());
    }

    DialogueRegistered registered(int steps) {
        return new DialogueRegistered(cause.of(dialogueId() + "/registered"), runId(), dialogueId(), plan.getOrdinal(),
                steps,
                WorstCase.ofModel(plan), WorstCase.ofJudge(plan));
    }

    DialogueOpened opened(int sequence) {
        return new DialogueOpened(cause.of(accepted(sequence)), sequence, plan);
    }

    /// The request of a turn or question.
    AskModel askModel(StepProgress step, DialogueState state) {
        boolean turn = step.getKind() == StepKind.TURN;
        String requestId = Ids.requestId(dialogueId(), step.getName(), step.getGeneration());
        return new AskModel(cause.of(requestId + '/' + step.getSends()), requestId, plan.getSubject(),
                new Step(step.getName(), step.getKind()), step.getGeneration(), plan.getTarget(),
                parametersOf(step.getKind()),
                plan.getLimits(), plan.getProtocolDigest(), state.getExchanges(),
                turn ? userTurn(step.getName()) : null,
                turn ? null : withoutGroundTruth(question(step.getName())), plan.getImageSha256(),
                plan.getImageMediaType(), step.getHalts());
    }

    /// The request for a verdict.
    AskJudge askJudge(StepProgress step, DialogueState state) {
        String requestId = Ids.judgeRequestId(dialogueId(), step.getGeneration(), plan.getJudgementSetId());
        return new AskJudge(cause.of(requestId + '/' + step.getSends()), requestId, plan.getSubject(),
                step.getGeneration(),
                plan.getJudgementSetId(), plan.getJudge(), plan.getParameters().getJudge(), plan.getJudgeLimits(),
                plan.getProtocolDigest(), plan.getCaption(), state.getExchanges(), null, step.getHalts());
    }

    StepSettled stepSettled(StepProgress step, int sequence, Outcome outcome, @Nullable Answer answer) {
        boolean turn = step.getKind() == StepKind.TURN;
        Question question = turn ? null : question(step.getName());
        return new StepSettled(cause.of(accepted(sequence)), plan.getSubject(), sequence,
                Ids.requestId(dialogueId(), step.getName(), step.getGeneration()),
                new Step(step.getName(), step.getKind()),
                step.getGeneration(), outcome, question == null ? userTurn(step.getName()) : question.getText(),
                question == null ? null : question.getGroundTruth(), answer);
    }

    JudgementSettled judgementSettled(
            StepProgress step, int sequence, Outcome outcome, @Nullable Integer score, @Nullable Answer answer) {
        return new JudgementSettled(cause.of(accepted(sequence)), plan.getSubject(), sequence,
                Ids.judgeRequestId(dialogueId(), step.getGeneration(), plan.getJudgementSetId()),
                plan.getJudgementSetId(),
                plan.getJudge(), step.getGeneration(), outcome, score, answer);
    }

    DialogueClosed closed(int sequence, List<StepProgress> steps) {
        return new DialogueClosed(
                cause.of(accepted(sequence)), plan.getSubject(), sequence, outcomesOf(steps),
                DialogueMachine.isComplete(steps));
    }

    DialogueFinished finished(DialogueState state) {
        return new DialogueFinished(cause.of(dialogueId() + "/finished/" + state.getNextSequence()), runId(),
                dialogueId(),
                plan.getOrdinal(), outcomesOf(state.getSteps()), state.getLeaves(), state.getJudgementLeaves(),
                plan.getJudgementSetId(), state.getCostNanoUsd(), state.getJudgeCostNanoUsd(), state.getUnpricedCalls(),
                state.getUsage(), state.getJudgeUsage());
    }

    static List<OutcomeCount> outcomesOf(List<StepProgress> steps) {
        Map<StepKind, Map<Outcome, Long>> counts = new EnumMap<>(StepKind.class);
        for (StepProgress step : steps) {
            if (step.getOutcome() != null) {
                counts.computeIfAbsent(step.getKind(), kind -> new EnumMap<>(Outcome.class)).merge(step.getOutcome(),
                        1L, Long::sum);
            }
        }
        List<OutcomeCount> outcomes = new ArrayList<>();
        counts.forEach((kind, byOutcome) -> byOutcome
                .forEach((outcome, n) -> outcomes.add(new OutcomeCount(kind, outcome, n))));
        return outcomes;
    }

    private String accepted(int sequence) {
        return dialogueId() + '#' + sequence;
    }

    private String dialogueId() {
        return plan.getSubject().getDialogueId();
    }

    private String runId() {
        return plan.getSubject().getRunId();
    }

    private Text userTurn(String step) {
        return plan.getUserTurns().get(Integer.parseInt(step.substring(1)) - 1);
    }

    private Question question(String step) {
        return plan.getQuestions().stream()
                .filter(q -> q.getStep().getName().equals(step))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(dialogueId() + " has no question " + step));
    }

    private static Question withoutGroundTruth(Question question) {
        return new Question(question.getStep(), question.getQuestionType(), question.getText(), question.getOptions(),
                "");
    }

    private CallParameters parametersOf(StepKind kind) {
        return switch (kind) {
            case TURN -> plan.getParameters().getDialogue();
            case MCQ -> plan.getParameters().getMcq();
            case TF -> plan.getParameters().getTf();
            case JUDGE, UNKNOWN -> throw new IllegalStateException("no model is asked for a step of kind " + kind);
        };
    }
}
