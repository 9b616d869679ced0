package io.turnstream.dispatch;

import io.turnstream.contracts.AdmitJudgement;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.CancelJudgement;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RequestDeferred;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.TranscriptReplayed;
import io.turnstream.contracts.Usage;
import io.turnstream.contracts.state.DialogueState;
import io.turnstream.contracts.state.DialogueStatus;
import io.turnstream.contracts.state.JudgementState;
import io.turnstream.contracts.state.StepProgress;
import io.turnstream.contracts.state.StepStatus;
import io.turnstream.dispatch.DialogueEvents.Cause;
import io.turnstream.dispatch.JudgementMachine.Action;
import io.turnstream.events.Costs;
import io.turnstream.events.EventDigests;
import io.turnstream.events.Ids;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Carries out what [JudgementMachine] decides, for the recorded dialogues of one partition: judges them again, in sets
/// that were asked for after their run.
///
/// It needs nothing of a dialogue but its transcript. Where the dispatcher has no state of it, it begins one, so that
/// two sets that are judged side by side number their events one after the other. It has no way to a model under test.
final class JudgementDesk {

    private final Outbox outbox;
    private final KeyValueStore<String, JudgementState> judgements;
    private final KeyValueStore<String, DialogueState> dialogues;
    private final KeyValueStore<String, DialoguePlan> plans;

    JudgementDesk(ProcessorContext<String, SpecificRecord> context) {
        outbox = new Outbox(context, DispatcherTopology.TO_EVENTS, DispatcherTopology.TO_JUDGE_REQUESTS,
                DispatcherTopology.TO_PROGRESS);
        judgements = context.getStateStore(DispatcherTopology.JUDGEMENTS);
        dialogues = context.getStateStore(DispatcherTopology.DIALOGUES);
        plans = context.getStateStore(DispatcherTopology.PLANS);
    }

    void replay(TranscriptReplayed transcript, Record<String, SpecificRecord> record) {
        String setId = transcript.getSpec().getJudgementSetId();
        Action action = JudgementMachine.replayed(find(record.key(), setId), transcript);
        if (action instanceof Action.Nothing) {
            return;
        }
        // A copy: the record itself is what later events name as their cause, by its digest.
        perform(action, new JudgementState(StepStatus.WAITING, TranscriptReplayed.newBuilder(transcript).build(), 0, 0),
                record);
    }

    void admit(AdmitJudgement admit, Record<String, SpecificRecord> record) {
        JudgementState judgement = find(record.key(), admit.getJudgementSetId());
        perform(JudgementMachine.admitted(judgement, admit.getRound()), judgement, record);
    }

    void cancel(CancelJudgement cancel, Record<String, SpecificRecord> record) {
        JudgementState judgement = find(record.key(), cancel.getJudgementSetId());
        perform(JudgementMachine.cancelled(judgement, cancel.getRound()), judgement, record);
    }

    /// Accepts a verdict that such a set waits for.
    ///
    /// @return whether it was accepted
    boolean accept(JudgementGiven given, Record<String, SpecificRecord> record) {
        JudgementState judgement = find(record.key(), given.getJudgementSetId());
        if (!JudgementMachine.isAwaited(judgement, given.getGeneration())) {
            return false;
        }
        Accepted accepted = Accepted.of(StepKind.JUDGE, given.getOutcome(), given.getScore(), given.getAnswer());
        settle(judgement, accepted.outcome(), accepted.score(), accepted.answer(), record);
        return true;
    }

    /// Whether a deferral hands back a request of such a set, as it was sent last.
    boolean isLatestSend(RequestDeferred handedBack, String dialogueId, String setId) {
        JudgementState judgement = find(dialogueId, setId);
        return judgement != null && judgement.getStatus() == StepStatus.ASKED
                && (requestId(judgement) + '/' + judgement.getSends()).equals(handedBack.getMeta().getCauseId());
    }

    /// Counts a halt of the set for the request that brings it about.
    void halted(String dialogueId, String setId) {
        JudgementState judgement = find(dialogueId, setId);
        if (judgement != null) {
            judgement.setHalts(judgement.getHalts() + 1);
            put(judgement);
        }
    }

    /// Sends a request that was handed back again, if it is still waited for.
    void sendAgain(String requestId, String dialogueId, String setId, Cause cause) {
        JudgementState judgement = find(dialogueId, setId);
        if (judgement != null && judgement.getStatus() == StepStatus.ASKED && requestId(judgement).equals(requestId)) {
            send(judgement, dialogueId, cause, new RecordHeaders());
        }
    }

    private void perform(Action action, JudgementState judgement, Record<String, SpecificRecord> record) {
        switch (action) {
            case Action.Nothing() -> {
                /* it was done before */ }
            case Action.Register() -> {
                put(judgement);
                progress(events(judgement, record).registered(), record);
            }
            case Action.Ask() -> send(judgement, record.key(), DialogueEvents.causeOf(record), record.headers());
            case Action.Settle(Outcome outcome) -> settle(judgement, outcome, null, null, record);
            case Action.Finish() -> {
                conclude(judgement);
                progress(events(judgement, record).finished(), record);
            }
        }
    }

    private void send(JudgementState judgement, String dialogueId, Cause cause, Headers parent) {
        judgement.setStatus(StepStatus.ASKED);
        judgement.setSends(judgement.getSends() + 1);
        put(judgement);
        outbox.emit(DispatcherTopology.TO_JUDGE_REQUESTS, dialogueId,
                new JudgementEvents(judgement.getTranscript(), cause).ask(judgement.getSends(), judgement.getHalts()),
                cause.atMillis(), parent);
    }

    /// Gives a dialogue its outcome in the set, numbers the event and emits it.
    private void settle(
            JudgementState judgement, Outcome outcome, @Nullable Integer score, @Nullable Answer answer,
            Record<String, SpecificRecord> record) {
        TranscriptReplayed transcript = judgement.getTranscript();
        DialogueState dialogue = dialogueOf(record.key(), transcript);
        int sequence = dialogue.getNextSequence();
        dialogue.setNextSequence(sequence + 1);
        JudgementSettled settled = events(judgement, record).settled(sequence, outcome, score, answer);
        String digest = EventDigests.of(settled);
        long cost = answer == null || answer.getCostNanoUsd() == null ? 0 : answer.getCostNanoUsd();
        long unpriced = answer != null && Costs.isUnpriced(answer) ? 1 : 0;

        transcript.setOutcome(outcome);
        transcript.setLeaves(appended(transcript.getLeaves(), digest));
        transcript.setCostNanoUsd(Costs.plus(transcript.getCostNanoUsd(), cost));
        transcript.setUnpricedCalls(transcript.getUnpricedCalls() + unpriced);
        Usage usage = answer == null ? null : answer.getUsage();
        transcript.setUsage(Costs.plus(transcript.getUsage(), usage));
        conclude(judgement);
        if (isOwnSet(record.key(), settled.getJudgementSetId())) {
            complete(dialogue, settled, digest);
            dialogue.setJudgeCostNanoUsd(Costs.plus(dialogue.getJudgeCostNanoUsd(), cost));
            dialogue.setUnpricedCalls(dialogue.getUnpricedCalls() + unpriced);
            dialogue.setJudgeUsage(Costs.plus(dialogue.getJudgeUsage(), usage));
        }
        dialogues.put(record.key(), dialogue);
        outbox.emit(DispatcherTopology.TO_EVENTS, record.key(), settled, record);
        progress(events(judgement, record).finished(), record);
    }

    /// The set of the run's own judge was completed: its dialogue must know, or a retry of the run would ask again.
    private static void complete(DialogueState dialogue, JudgementSettled settled, String digest) {
        for (StepProgress step : dialogue.getSteps()) {
            if (step.getKind() == StepKind.JUDGE) {
                step.setStatus(StepStatus.SETTLED);
                step.setOutcome(settled.getOutcome());
                step.setGeneration(settled.getGeneration());
            }
        }
        dialogue.setJudgementLeaves(appended(dialogue.getJudgementLeaves(), digest));
    }

    private boolean isOwnSet(String dialogueId, String setId) {
        DialoguePlan plan = plans.get(dialogueId);
        return plan != null && setId.equals(plan.getJudgementSetId());
    }

    /// The dialogue's state, or the beginning of one where it has none: a run that was brought in, or whose state is
    /// lost.
    private DialogueState dialogueOf(String dialogueId, TranscriptReplayed transcript) {
        DialogueState known = dialogues.get(dialogueId);
        if (known == null) {
            return new DialogueState(DialogueStatus.CLOSED, transcript.getNextSequence(), new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(), new ArrayList<>(), 0L, 0L, 0L, null, null);
        }
        known.setNextSequence(Math.max(known.getNextSequence(), transcript.getNextSequence()));
        return known;
    }

    /// A verdict is there: the rounds are not needed any more.
    private void conclude(JudgementState judgement) {
        judgement.setStatus(StepStatus.SETTLED);
        judgement.getTranscript().setExchanges(new ArrayList<>());
        judgement.getTranscript().setCaption(null);
        put(judgement);
    }

    private @Nullable JudgementState find(String dialogueId, String setId) {
        return judgements.get(key(dialogueId, setId));
    }

    private void put(JudgementState judgement) {
        TranscriptReplayed transcript = judgement.getTranscript();
        judgements.put(key(transcript.getSubject().getDialogueId(), transcript.getSpec().getJudgementSetId()),
                judgement);
    }

    private void progress(SpecificRecord event, Record<String, SpecificRecord> record) {
        outbox.emit(DispatcherTopology.TO_PROGRESS, Ids.runIdOf(record.key()), event, record);
    }

    private static JudgementEvents events(JudgementState judgement, Record<String, SpecificRecord> record) {
        return new JudgementEvents(judgement.getTranscript(), DialogueEvents.causeOf(record));
    }

    private static String requestId(JudgementState judgement) {
        TranscriptReplayed transcript = judgement.getTranscript();
        return Ids.judgeRequestId(transcript.getSubject().getDialogueId(), transcript.getGeneration(),
                transcript.getSpec().getJudgementSetId());
    }

    private static String key(String dialogueId, String setId) {
        return dialogueId + '|' + setId;
    }

    private static List<String> appended(List<String> leaves, String leaf) {
        List<String> all = new ArrayList<>(leaves);
        all.add(leaf);
        return all;
    }
}
