package io.turnstream.dispatch;

import io.turnstream.contracts.AdmitDialogue;
import io.turnstream.contracts.AdmitJudgement;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.CallPaidAgain;
import io.turnstream.contracts.CancelDialogue;
import io.turnstream.contracts.CancelJudgement;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.DialoguePlanned;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Exchange;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RequestDeferred;
import io.turnstream.contracts.RetryDialogue;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunFaultReported;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.TranscriptReplayed;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.contracts.Usage;
import io.turnstream.contracts.state.DeferredRequest;
import io.turnstream.contracts.state.DialogueState;
import io.turnstream.contracts.state.DialogueStatus;
import io.turnstream.contracts.state.StepProgress;
import io.turnstream.contracts.state.StepStatus;
import io.turnstream.dispatch.DialogueEvents.Cause;
import io.turnstream.dispatch.DialogueMachine.Action;
import io.turnstream.events.Costs;
import io.turnstream.events.EventDigests;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.RecordedProvider;
import io.turnstream.messaging.EventHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// Carries out what [DialogueMachine] decides, for the dialogues of one partition.
///
/// It takes the first answer to a request that is waited for, numbers it and emits it; any other answer changes
/// nothing.
@NullUnmarked
final class DialogueProcessor implements Processor<String, SpecificRecord, String, SpecificRecord> {

    /// How often requests that were handed back are looked through.
    static final Duration DEFERRED_EVERY = Duration.ofMillis(250);

    /// How often a run is told the same reason why its calls wait.
    private static final Duration TELL_AGAIN = Duration.ofSeconds(5);

    private record Told(String detail, long atMillis) {}

    private final Map<String, Told> told = new HashMap<>();
    private Outbox outbox;
    private JudgementDesk judgements;
    private KeyValueStore<String, DialoguePlan> plans;
    private KeyValueStore<String, DialogueState> states;
    private KeyValueStore<String, DeferredRequest> deferred;
    private KeyValueStore<String, RunControl> controls;

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
        outbox = new Outbox(context, DispatcherTopology.TO_EVENTS, DispatcherTopology.TO_TURN_REQUESTS,
                DispatcherTopology.TO_JUDGE_REQUESTS, DispatcherTopology.TO_PROGRESS);
        judgements = new JudgementDesk(context);
        plans = context.getStateStore(DispatcherTopology.PLANS);
        states = context.getStateStore(DispatcherTopology.DIALOGUES);
        deferred = context.getStateStore(DispatcherTopology.DEFERRED);
        controls = context.getStateStore(DispatcherTopology.RUN_CONTROLS);
        context.schedule(DEFERRED_EVERY, PunctuationType.WALL_CLOCK_TIME, this::sendDeferred);
    }

    @Override
    public void process(Record<String, SpecificRecord> record) {
        if (EventHeaders.isImported(record.headers())) {
            return;
        }
        switch (record.value()) {
            case DialoguePlanned planned -> register(planned, record);
            case AdmitDialogue admit -> admit(admit, record);
            case CancelDialogue cancel -> cancel(cancel, record);
            case RetryDialogue retry -> retry(retry, record);
            case TurnAnswered answered ->
                accept(record, null, answered.getStep().getName(), answered.getGeneration(), answered.getOutcome(),
                        null, answered.getAnswer());
            case JudgementGiven given -> judged(given, record);
            case TranscriptReplayed transcript -> judgements.replay(transcript, record);
            case AdmitJudgement admit -> judgements.admit(admit, record);
            case CancelJudgement cancel -> judgements.cancel(cancel, record);
            case RequestDeferred handedBack -> defer(handedBack, record);
            default -> {
                /* other events of these topics are not for the dialogues */ }
        }
    }

    private void register(DialoguePlanned planned, Record<String, SpecificRecord> record) {
        if (plans.get(record.key()) != null) {
            return;
        }
        List<StepProgress> steps = DialogueMachine.stepsOf(planned.getPlan());
        plans.put(record.key(), planned.getPlan());
        states.put(record.key(), new DialogueState(
                DialogueStatus.REGISTERED, 0, steps, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0L, 0L,
                0L, null, null));
        var registered = events(planned.getPlan(), record).registered(steps.size());
        emit(DispatcherTopology.TO_PROGRESS, registered.getRunId(), registered, record.timestamp(), record.headers());
    }

    private void admit(AdmitDialogue admit, Record<String, SpecificRecord> record) {
        DialogueState state = states.get(record.key());
        if (state == null || state.getStatus() != DialogueStatus.REGISTERED) {
            return;
        }
        DialogueEvents events = events(plans.get(record.key()), record);
        open(record, state, events);
        perform(DialogueMachine.admitted(state.getSteps()), record.key(), state, events, record);
    }

    private void cancel(CancelDialogue cancel, Record<String, SpecificRecord> record) {
        DialogueState state = states.get(record.key());
        if (state == null || state.getStatus() == DialogueStatus.CLOSED) {
            return;
        }
        DialogueEvents events = events(plans.get(record.key()), record);
        if (state.getStatus() == DialogueStatus.REGISTERED) {
            open(record, state, events);
        }
        perform(DialogueMachine.cancelled(state.getSteps()), record.key(), state, events, record);
    }

    private void retry(RetryDialogue retry, Record<String, SpecificRecord> record) {
        DialogueState state = states.get(record.key());
        if (state == null || state.getStatus() != DialogueStatus.CLOSED || plans.get(record.key()) == null) {
            return;
        }
        state.setStatus(DialogueStatus.OPEN);
        state.setSteps(new ArrayList<>(DialogueMachine.retried(state.getSteps(), retry.getAlso())));
        // A turn that ended empty left a round; tried again, it makes that round anew.
        long settledTurns = state.getSteps().stream()
                .filter(step -> step.getKind() == StepKind.TURN && step.getStatus() == StepStatus.SETTLED).count();
        if (state.getExchanges().size() > settledTurns) {
            state.setExchanges(new ArrayList<>(state.getExchanges().subList(0, (int) settledTurns)));
        }
        perform(DialogueMachine.admitted(state.getSteps()), record.key(), state,
                events(plans.get(record.key()), record), record);
    }

    private void open(Record<String, SpecificRecord> record, DialogueState state, DialogueEvents events) {
        state.setStatus(DialogueStatus.OPEN);
        settle(record, state, events.opened(take(state)), state.getLeaves());
    }

    private void judged(JudgementGiven given, Record<String, SpecificRecord> record) {
        if (judgements.accept(given, record)) {
            noLongerDeferred(given.getRequestId());
            return;
        }
        DialoguePlan plan = plans.get(record.key());
        if (plan != null && given.getJudgementSetId().equals(plan.getJudgementSetId())) {
            accept(record, given.getJudgementSetId(), Ids.JUDGE, given.getGeneration(), given.getOutcome(),
                    given.getScore(), given.getAnswer());
        } else {
            paidAgain(record, given.getJudgementSetId(), given.getAnswer().getUsage(),
                    given.getAnswer().getCostNanoUsd());
        }
    }

    private void accept(
            Record<String, SpecificRecord> record, @Nullable String judgementSetId, String step, int generation,
            Outcome outcome,
            @Nullable Integer score, Answer answer) {
        DialogueState state = states.get(record.key());
        if (state == null || state.getStatus() != DialogueStatus.OPEN
                || !DialogueMachine.isAwaited(state.getSteps(), step, generation)) {
            paidAgain(record, judgementSetId, answer.getUsage(), answer.getCostNanoUsd());
            return;
        }
        noLongerDeferred(EventTypes.requestIdOf(record.value()));
        DialoguePlan plan = plans.get(record.key());
        DialogueEvents events = events(plan, record);
        StepProgress progress = DialogueMachine.find(state.getSteps(), step);
        count(state, progress.getKind(), answer);
        Accepted accepted = Accepted.of(progress.getKind(), outcome, score, answer);
        conclude(record, state, events, progress, accepted.outcome(), accepted.score(), accepted.answer());
        boolean recorded = RecordedProvider.hasAnswered(plan.getTarget());
        perform(DialogueMachine.settled(state.getSteps(), step, recorded), record.key(), state, events, record);
    }

    private void perform(
            List<Action> actions, String dialogueId, DialogueState state, DialogueEvents events,
            Record<String, SpecificRecord> record) {
        for (Action action : actions) {
            switch (action) {
                case Action.Ask ask -> ask(DialogueMachine.find(state.getSteps(), ask.step()), state, events, record);
                case Action.GiveUp giveUp -> {
                    StepProgress step = DialogueMachine.find(state.getSteps(), giveUp.step());
                    conclude(record, state, events, step, giveUp.outcome(), null, null);
                }
                case Action.Close() -> {
                    state.setStatus(DialogueStatus.CLOSED);
                    emit(DispatcherTopology.TO_EVENTS, dialogueId, events.closed(take(state), state.getSteps()),
                            record.timestamp(),
                            record.headers());
                    emit(DispatcherTopology.TO_PROGRESS, Ids.runIdOf(dialogueId), events.finished(state),
                            record.timestamp(),
                            record.headers());
                }
            }
        }
        states.put(dialogueId, state);
    }

    private void ask(StepProgress step, DialogueState state, DialogueEvents events,
            Record<String, SpecificRecord> record) {
        send(step, state, events, record.key(), record.timestamp(), record.headers());
    }

    private void send(
            StepProgress step, DialogueState state, DialogueEvents events, String dialogueId, long timestamp,
            Headers headers) {
        step.setStatus(StepStatus.ASKED);
        step.setSends(step.getSends() + 1);
        if (step.getKind() == StepKind.JUDGE) {
            emit(DispatcherTopology.TO_JUDGE_REQUESTS, dialogueId, events.askJudge(step, state), timestamp, headers);
        } else {
            emit(DispatcherTopology.TO_TURN_REQUESTS, dialogueId, events.askModel(step, state), timestamp, headers);
        }
    }

    /// Gives a step its outcome, numbers the event and emits it.
    private void conclude(
            Record<String, SpecificRecord> record,
            DialogueState state,
            DialogueEvents events,
            StepProgress step,
            Outcome outcome,
            @Nullable Integer score,
            @Nullable Answer answer) {
        step.setStatus(StepStatus.SETTLED);
        step.setOutcome(outcome);
        int sequence = take(state);
        if (step.getKind() == StepKind.JUDGE) {
            settle(record, state, events.judgementSettled(step, sequence, outcome, score, answer),
                    state.getJudgementLeaves());
            return;
        }
        StepSettled settled = events.stepSettled(step, sequence, outcome, answer);
        settle(record, state, settled, state.getLeaves());
        if (step.getKind() == StepKind.TURN && hasRound(outcome)) {
            state.getExchanges().add(new Exchange(settled.getPrompt(),
                    outcome == Outcome.ANSWERED && answer != null ? answer.getText() : null));
        }
    }

    /// Whether a turn that ended so belongs to the history, if the dialogue goes on.
    private static boolean hasRound(Outcome outcome) {
        return outcome == Outcome.ANSWERED || outcome == Outcome.MODEL_REFUSED || outcome == Outcome.EMPTY;
    }

    private void settle(Record<String, SpecificRecord> record, DialogueState state, SpecificRecord event,
            List<String> leaves) {
        leaves.add(EventDigests.of(event));
        emit(DispatcherTopology.TO_EVENTS, record.key(), event, record.timestamp(), record.headers());
    }

    /// Says that an answer which nobody waits for was paid all the same. Workers are at-least-once: after a crash a
    /// call can be repeated.
    ///
    /// @param usage null where nothing was paid
    private void paidAgain(
            Record<String, SpecificRecord> record, @Nullable String judgementSetId, @Nullable Usage usage,
            @Nullable Long costNanoUsd) {
        if (usage == null) {
            return;
        }
        String runId = Ids.runIdOf(record.key());
        EventMeta meta = EventTypes.causedBy(record.value(), EventTypes.metaOf(record.value()).getEventId() + "/paid",
                record.timestamp());
        CallPaidAgain again = new CallPaidAgain(meta, runId, record.key(), EventTypes.requestIdOf(record.value()),
                judgementSetId,
                usage, costNanoUsd);
        emit(DispatcherTopology.TO_PROGRESS, runId, again, record.timestamp(), record.headers());
    }

    private static void count(DialogueState state, StepKind kind, Answer answer) {
        if (kind == StepKind.JUDGE) {
            state.setJudgeUsage(Costs.plus(state.getJudgeUsage(), answer.getUsage()));
        } else {
            state.setUsage(Costs.plus(state.getUsage(), answer.getUsage()));
        }
        if (Costs.isUnpriced(answer)) {
            state.setUnpricedCalls(state.getUnpricedCalls() + 1);
        }
        if (answer.getCostNanoUsd() == null) {
            return;
        }
        if (kind == StepKind.JUDGE) {
            state.setJudgeCostNanoUsd(Costs.plus(state.getJudgeCostNanoUsd(), answer.getCostNanoUsd()));
        } else {
            state.setCostNanoUsd(Costs.plus(state.getCostNanoUsd(), answer.getCostNanoUsd()));
        }
    }

    private void defer(RequestDeferred handedBack, Record<String, SpecificRecord> record) {
        String setId = Ids.judgementSetOf(handedBack.getRequestId());
        paidAgain(record, setId, handedBack.getUsage(), handedBack.getCostNanoUsd());
        boolean ofSet = setId != null && judgements.isLatestSend(handedBack, record.key(), setId);
        DialogueState state = states.get(record.key());
        if (!ofSet && (state == null || state.getStatus() != DialogueStatus.OPEN || !isLatestSend(state, handedBack))) {
            return;
        }
        deferred.put(handedBack.getRequestId(), new DeferredRequest(record.key(), handedBack.getStep().getName(),
                handedBack.getNotBeforeMillis(), handedBack.getMeta().getEventId(), EventDigests.of(handedBack),
                ofSet ? setId : null));
        String runId = Ids.runIdOf(record.key());
        boolean stops = RunMachine.stopsTheRun(handedBack.getReason());
        // What comes back while the run is halted already has not halted it: of many calls that meet a wrong key
        // together few are counted.
        if (stops && isRunning(record.key(), ofSet ? setId : null)) {
            halted(handedBack, record.key(), state, ofSet ? setId : null);
        }
        if (stops || !ofSet && isNews(handedBack, runId, record.timestamp())) {
            RunFaultReported fault = new RunFaultReported(
                    EventTypes.causedBy(handedBack, handedBack.getMeta().getEventId() + "/fault", record.timestamp()),
                    runId,
                    handedBack.getReason(), handedBack.getDetail(), ofSet ? setId : null,
                    handedBack.getProviderMessage());
            emit(DispatcherTopology.TO_PROGRESS, runId, fault, record.timestamp(), record.headers());
        }
    }

    /// Counts a halt for the request that brings it about, so that it can say so when it is sent again.
    private void halted(RequestDeferred handedBack, String dialogueId, DialogueState state, @Nullable String setId) {
        if (setId != null) {
            judgements.halted(dialogueId, setId);
            return;
        }
        StepProgress step = DialogueMachine.find(state.getSteps(), handedBack.getStep().getName());
        step.setHalts(step.getHalts() + 1);
        states.put(dialogueId, state);
    }

    /// Hardly any request is ever deferred: a look costs less than a tombstone in store and changelog for each answer.
    private void noLongerDeferred(String requestId) {
        if (deferred.get(requestId) != null) {
            deferred.delete(requestId);
        }
    }

    /// Whether this deferral hands back the request as it was sent last; an older one, delivered again, changes
    /// nothing.
    private static boolean isLatestSend(DialogueState state, RequestDeferred handedBack) {
        return state.getSteps().stream()
                .filter(step -> step.getName().equals(handedBack.getStep().getName())
                        && step.getStatus() == StepStatus.ASKED)
                .anyMatch(step -> (handedBack.getRequestId() + '/' + step.getSends())
                        .equals(handedBack.getMeta().getCauseId()));
    }

    /// Whether the run should say that its calls wait, and for what; the same is told now and then, not with each call.
    private boolean isNews(RequestDeferred handedBack, String runId, long nowMillis) {
        if (!RunMachine.holdsUpTheRun(handedBack.getReason())) {
            return false;
        }
        Told before = told.get(runId);
        if (before != null && before.detail().equals(handedBack.getDetail())
                && nowMillis - before.atMillis() < TELL_AGAIN.toMillis()) {
            return false;
        }
        told.values().removeIf(older -> nowMillis - older.atMillis() >= TELL_AGAIN.toMillis());
        told.put(runId, new Told(handedBack.getDetail(), nowMillis));
        return true;
    }

    private void sendDeferred(long nowMillis) {
        List<KeyValue<String, DeferredRequest>> due = new ArrayList<>();
        try (KeyValueIterator<String, DeferredRequest> all = deferred.all()) {
            while (all.hasNext()) {
                KeyValue<String, DeferredRequest> entry = all.next();
                if (entry.value.getNotBeforeMillis() <= nowMillis
                        && isRunning(entry.value.getDialogueId(), entry.value.getJudgementSetId())) {
                    due.add(entry);
                }
            }
        }
        for (KeyValue<String, DeferredRequest> entry : due) {
            deferred.delete(entry.key);
            sendAgain(entry.key, entry.value, nowMillis);
        }
    }

    private void sendAgain(String requestId, DeferredRequest request, long nowMillis) {
        Cause cause = new Cause(request.getCauseId(), request.getCauseDigest(), nowMillis);
        if (request.getJudgementSetId() != null) {
            judgements.sendAgain(requestId, request.getDialogueId(), request.getJudgementSetId(), cause);
            return;
        }
        DialogueState state = states.get(request.getDialogueId());
        if (state == null || state.getStatus() != DialogueStatus.OPEN) {
            return;
        }
        StepProgress step = DialogueMachine.find(state.getSteps(), request.getStep());
        if (step.getStatus() != StepStatus.ASKED) {
            return;
        }
        send(step, state, new DialogueEvents(plans.get(request.getDialogueId()), cause), request.getDialogueId(),
                nowMillis,
                new RecordHeaders());
        states.put(request.getDialogueId(), state);
    }

    /// @param setId the judgement set that was asked for later; null: the run itself
    private boolean isRunning(String dialogueId, @Nullable String setId) {
        String runId = Ids.runIdOf(dialogueId);
        RunControl control = controls.get(setId == null ? runId : Ids.judgementSetKey(runId, setId));
        return control == null || control.getState() == RunState.RUNNING;
    }

    private static int take(DialogueState state) {
        int sequence = state.getNextSequence();
        state.setNextSequence(sequence + 1);
        return sequence;
    }

    private static DialogueEvents events(DialoguePlan plan, Record<String, SpecificRecord> record) {
        return new DialogueEvents(plan, DialogueEvents.causeOf(record));
    }

    private void emit(String sink, String key, SpecificRecord event, long timestamp, Headers parent) {
        outbox.emit(sink, key, event, timestamp, parent);
    }
}
