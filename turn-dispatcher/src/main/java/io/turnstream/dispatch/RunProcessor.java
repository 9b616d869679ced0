package io.turnstream.dispatch;

import io.turnstream.contracts.AdmitDialogue;
import io.turnstream.contracts.CallPaidAgain;
import io.turnstream.contracts.CancelDialogue;
import io.turnstream.contracts.DialogueFinished;
import io.turnstream.contracts.DialogueRegistered;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementFinished;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.PlanningFailed;
import io.turnstream.contracts.Repeats;
import io.turnstream.contracts.RepeatsCounted;
import io.turnstream.contracts.RetryDialogue;
import io.turnstream.contracts.RowRejected;
import io.turnstream.contracts.RunAccount;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunFaultReported;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.Text;
import io.turnstream.contracts.state.DialogueLeaves;
import io.turnstream.contracts.state.JudgementSetProgress;
import io.turnstream.contracts.state.QueuedDialogue;
import io.turnstream.contracts.state.RunProgress;
import io.turnstream.contracts.state.Sealing;
import io.turnstream.dispatch.SealDesk.Sealable;
import io.turnstream.events.Costs;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import io.turnstream.messaging.EventHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// The run controller: carries out what [RunMachine] decides, for the runs of one partition.
///
/// It admits dialogues in the order of the plan within the run's window, publishes what workers must know, detects
/// completion and seals.
@NullUnmarked
final class RunProcessor implements Processor<String, SpecificRecord, String, SpecificRecord> {

    private final SealDesk seals;
    private Outbox outbox;
    private KeyValueStore<String, RunProgress> runs;
    private KeyValueStore<String, JudgementSetProgress> sets;
    private AdmissionQueue queue;
    private KeyValueStore<String, DialogueLeaves> leaves;

    /// @param signing signs seals, or leaves them as they are
    RunProcessor(UnaryOperator<RunSealed> signing) {
        this.seals = new SealDesk(signing);
    }

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
        outbox = new Outbox(context, DispatcherTopology.TO_COMMANDS, DispatcherTopology.TO_RUNS,
                DispatcherTopology.TO_RUN_CONTROL);
        runs = context.getStateStore(DispatcherTopology.RUNS);
        sets = context.getStateStore(DispatcherTopology.JUDGEMENT_SETS);
        queue = new AdmissionQueue(context.getStateStore(DispatcherTopology.QUEUE));
        leaves = context.getStateStore(DispatcherTopology.LEAVES);
    }

    @Override
    public void process(Record<String, SpecificRecord> record) {
        if (EventHeaders.isImported(record.headers())) {
            return;
        }
        if (record.value() instanceof RunRequested requested) {
            begin(requested, record);
            return;
        }
        RunProgress run = runs.get(record.key());
        if (run == null) {
            return;
        }
        switch (record.value()) {
            case DialogueRegistered registered -> register(run, registered, record);
            case DialogueFinished finished -> finish(run, finished, record);
            case RunPlanned planned -> plan(run, planned, record);
            case RowRejected rejected -> {
                SealDesk.follow(run, rejected);
                runs.put(record.key(), run);
            }
            case PlanningFailed failed -> {
                move(run, RunState.FAILED, failed.getProblem() + " (" + failed.getWhere() + "): " + failed.getRemedy(),
                        record);
                cancelAll(run, record);
                runs.put(record.key(), run);
            }
            case RunFaultReported fault when fault.getJudgementSetId() == null -> heed(run, fault, record);
            case RunCommanded commanded -> command(run, commanded, record);
            case CallPaidAgain again -> paidAgain(run, again, record);
            case JudgementFinished finished when isOwnSet(run, finished.getJudgementSetId()) ->
                complete(run, finished, record);
            case JudgementSetStateChanged changed when isOwnSet(run, changed.getJudgementSetId()) ->
                conclude(run, changed, record);
            default -> {
                /* the run's other events are made here or are not for the controller */ }
        }
    }

    private void begin(RunRequested requested, Record<String, SpecificRecord> record) {
        if (runs.get(record.key()) != null) {
            return;
        }
        RunProgress run = new RunProgress(
                RunState.PLANNING, 0L, null, requested.getWindow(), null, 0, 0, 0, new ArrayList<>(), 0L, 0L, 0L, null,
                0, requested.getExpectDigest() != null,
                null, null, Budgets.of(requested.getCostLimitNanoUsd()),
                Budgets.of(requested.getJudgeCostLimitNanoUsd()), null, null, new ArrayList<>(),
                new Sealing(null, 0L, null), null, null);
        move(run, RunState.PLANNING, null, record);
    }

    private void register(RunProgress run, DialogueRegistered registered, Record<String, SpecificRecord> record) {
        boolean cancelled = run.getState() == RunState.CANCELLED;
        queue.put(AdmissionQueue.key(record.key(), registered.getOrdinal()),
                new QueuedDialogue(registered.getDialogueId(), cancelled,
                        registered.getWorstCostNanoUsd(), registered.getWorstJudgeCostNanoUsd(), 0L, 0L, 0L));
        if (cancelled) {
            run.setOpen(run.getOpen() + 1);
            cancelDialogue(registered.getDialogueId(), record);
        }
        run.setRegistered(run.getRegistered() + 1);
        admit(run, record);
        runs.put(record.key(), run);
    }

    private void plan(RunProgress run, RunPlanned planned, Record<String, SpecificRecord> record) {
        run.setPlanned(planned.getDialogues());
        run.setJudgementSetId(planned.getJudgementSetId());
        SealDesk.follow(run, planned);
        if (run.getState() == RunState.PLANNING) {
            // dialogues are let in before the plan is whole: what their calls met by then still holds
            boolean heldUp = RunMachine.isHoldUp(run.getReason());
            move(run, RunState.RUNNING, heldUp ? run.getReason() : null, heldUp ? run.getProviderMessage() : null,
                    record);
        }
        admit(run, record);
        completeIfOver(run, record);
        runs.put(record.key(), run);
    }

    private void finish(RunProgress run, DialogueFinished finished, Record<String, SpecificRecord> record) {
        String key = AdmissionQueue.key(record.key(), finished.getOrdinal());
        QueuedDialogue queued = queue.get(key);
        if (queued == null) {
            return;
        }
        queue.delete(key);
        DialogueLeaves before = leaves.get(finished.getDialogueId());
        DialogueLeaves after = new DialogueLeaves(finished.getLeaves(), finished.getJudgementLeaves(),
                finished.getOrdinal(),
                finished.getOutcomes(), finished.getCostNanoUsd(), finished.getJudgeCostNanoUsd(),
                finished.getUnpricedCalls(),
                finished.getUsage(), finished.getJudgeUsage(), queued.getWorstCostNanoUsd(),
                queued.getWorstJudgeCostNanoUsd());
        leaves.put(finished.getDialogueId(), after);
        RunBudgets.settle(run, queued, before, after);
        run.setOpen(run.getOpen() - 1);
        if (before != null) {
            // It had ended before and was retried: what it adds replaces what it added.
            total(run, before, -1);
        }
        total(run, after, 1);
        if (RunMachine.isRunning(run.getState())) {
            say(run, null, null, record);
        }
        admit(run, record);
        completeIfOver(run, record);
        runs.put(record.key(), run);
    }

    private static void total(RunProgress run, DialogueLeaves dialogue, int sign) {
        run.setFinished(run.getFinished() + sign);
        run.setOutcomes(sign > 0
                ? RunMachine.plus(run.getOutcomes(), dialogue.getOutcomes())
                : RunMachine.minus(run.getOutcomes(), dialogue.getOutcomes()));
        run.setCostNanoUsd(Costs.plus(run.getCostNanoUsd(), sign * dialogue.getCostNanoUsd()));
        run.setJudgeCostNanoUsd(Costs.plus(run.getJudgeCostNanoUsd(), sign * dialogue.getJudgeCostNanoUsd()));
        run.setUnpricedCalls(run.getUnpricedCalls() + sign * dialogue.getUnpricedCalls());
        run.setUsage(sign > 0
                ? Costs.plus(run.getUsage(), dialogue.getUsage())
                : Costs.minus(run.getUsage(), dialogue.getUsage()));
        run.setJudgeUsage(sign > 0
                ? Costs.plus(run.getJudgeUsage(), dialogue.getJudgeUsage())
                : Costs.minus(run.getJudgeUsage(), dialogue.getJudgeUsage()));
    }

    /// An answer that was not accepted is paid, too: it counts apart from what was accepted, which alone is sealed.
    private void paidAgain(RunProgress run, CallPaidAgain again, Record<String, SpecificRecord> record) {
        if (again.getJudgementSetId() != null && !isOwnSet(run, again.getJudgementSetId())) {
            return;
        }
        Repeats repeats = RunBudgets.paidAgain(run, again);
        emit(DispatcherTopology.TO_RUNS, record.key(),
                new RepeatsCounted(meta(record, again.getMeta().getEventId() + "/counted"), record.key(),
                        again.getJudgementSetId(), repeats),
                record);
        runs.put(record.key(), run);
    }

    /// The set of the run's own judge was completed later: what the dialogue adds to the run changes with it.
    private void complete(RunProgress run, JudgementFinished finished, Record<String, SpecificRecord> record) {
        DialogueLeaves before = leaves.get(finished.getDialogueId());
        if (before == null || before.getJudgementLeaves().equals(finished.getLeaves())) {
            return;
        }
        List<OutcomeCount> outcomes = before.getOutcomes().stream().filter(count -> count.getKind() != StepKind.JUDGE)
                .toList();
        DialogueLeaves after = DialogueLeaves.newBuilder(before)
                .setJudgementLeaves(finished.getLeaves())
                .setOutcomes(RunMachine.plus(outcomes, JudgementSetProcessor.outcomesOf(finished)))
                .setJudgeCostNanoUsd(finished.getCostNanoUsd())
                .setJudgeUsage(finished.getUsage())
                .build();
        leaves.put(finished.getDialogueId(), after);
        total(run, before, -1);
        total(run, after, 1);
        runs.put(record.key(), run);
    }

    /// A run that only verdicts were missing from is complete once its own set is. The set has its seal; that of the
    /// run names it.
    private void conclude(RunProgress run, JudgementSetStateChanged changed, Record<String, SpecificRecord> record) {
        if (RunMachine.isFinal(changed.getState()) && RunMachine.isFinal(run.getState()) && RunMachine.isOver(run)
                && run.getOpen() == 0) {
            end(run, false, record);
        }
    }

    private static boolean isOwnSet(RunProgress run, String judgementSetId) {
        return judgementSetId.equals(run.getJudgementSetId());
    }

    private @Nullable JudgementSetProgress ownSet(RunProgress run, String runId) {
        return run.getJudgementSetId() == null ? null : sets.get(Ids.judgementSetKey(runId, run.getJudgementSetId()));
    }

    private void heed(RunProgress run, RunFaultReported fault, Record<String, SpecificRecord> record) {
        if (!RunMachine.isRunning(run.getState())) {
            return;
        }
        if (RunMachine.stopsTheRun(fault.getReason())) {
            move(run, RunState.HALTED, fault.getDetail(), fault.getProviderMessage(), record);
        } else {
            say(run, RunMachine.holdUp(fault.getReason(), fault.getDetail()), fault.getProviderMessage(), record);
        }
    }

    /// The run stays in its state, and says why nothing moves, or that it moves again.
    private void say(RunProgress run, @Nullable String reason, @Nullable Text providerMessage,
            Record<String, SpecificRecord> record) {
        if (!Objects.equals(run.getReason(), reason)
                || !Objects.equals(Texts.plain(run.getProviderMessage()), Texts.plain(providerMessage))) {
            move(run, run.getState(), reason, providerMessage, record);
        }
    }

    private void command(RunProgress run, RunCommanded commanded, Record<String, SpecificRecord> record) {
        RunState next = RunMachine.commanded(run, commanded.getCommand());
        JudgementSetProgress own = ownSet(run, record.key());
        boolean beingJudged = own != null && JudgementSetMachine.isActive(own);
        boolean retries = commanded.getCommand() == RunCommand.RETRY;
        if (next == null || retries && (beingJudged || retryable(record.key(), commanded.getAlso()).isEmpty())) {
            return;
        }
        run.setBudget(Budgets.limited(run.getBudget(), commanded.getCostLimitNanoUsd()));
        run.setJudgeBudget(Budgets.limited(run.getJudgeBudget(), commanded.getJudgeCostLimitNanoUsd()));
        move(run, next, commanded.getReason(), record);
        if (next == RunState.CANCELLED) {
            cancelAll(run, record);
            completeIfOver(run, record);
        }
        if (retries) {
            run.setRetrying(commanded.getAlso());
            retryable(record.key(), commanded.getAlso())
                    .forEach(entry -> queue.put(AdmissionQueue.key(record.key(), entry.value.getOrdinal()),
                            new QueuedDialogue(entry.key, false, entry.value.getWorstCostNanoUsd(),
                                    entry.value.getWorstJudgeCostNanoUsd(), 0L, 0L, 0L)));
        }
        admit(run, record);
        runs.put(record.key(), run);
    }

    /// The run's dialogues that have something to try again.
    private List<KeyValue<String, DialogueLeaves>> retryable(String runId, List<Outcome> also) {
        List<KeyValue<String, DialogueLeaves>> retryable = new ArrayList<>();
        try (KeyValueIterator<String, DialogueLeaves> all = leavesOf(runId)) {
            all.forEachRemaining(entry -> {
                if (RunMachine.hasRetryable(entry.value.getOutcomes(), also)) {
                    retryable.add(entry);
                }
            });
        }
        return retryable;
    }

    private void admit(RunProgress run, Record<String, SpecificRecord> record) {
        int vacancies = RunMachine.vacancies(run);
        if (vacancies == 0) {
            return;
        }
        for (KeyValue<String, QueuedDialogue> entry : queue.waiting(record.key(), vacancies)) {
            Optional<String> exhausted = RunBudgets.exhausted(run, entry.value);
            if (exhausted.isPresent()) {
                if (run.getOpen() == 0) {
                    move(run, RunState.HALTED, exhausted.get(), record);
                }
                return;
            }
            RunBudgets.reserve(run, entry.value);
            entry.value.setAdmitted(true);
            queue.put(entry.key, entry.value);
            run.setOpen(run.getOpen() + 1);
            String dialogueId = entry.value.getDialogueId();
            emit(DispatcherTopology.TO_COMMANDS, dialogueId, letIn(run, dialogueId, record), record);
        }
    }

    private SpecificRecord letIn(RunProgress run, String dialogueId, Record<String, SpecificRecord> record) {
        DialogueLeaves before = leaves.get(dialogueId);
        return before == null
                ? new AdmitDialogue(meta(record, dialogueId + "/admitted"), record.key(), dialogueId)
                : new RetryDialogue(
                        meta(record,
                                dialogueId + "/retried/"
                                        + (before.getLeaves().size() + before.getJudgementLeaves().size())),
                        record.key(), dialogueId, run.getRetrying());
    }

    private void cancelAll(RunProgress run, Record<String, SpecificRecord> record) {
        List<KeyValue<String, QueuedDialogue>> unfinished = new ArrayList<>();
        try (KeyValueIterator<String, QueuedDialogue> all = queue.of(record.key())) {
            all.forEachRemaining(unfinished::add);
        }
        for (KeyValue<String, QueuedDialogue> entry : unfinished) {
            if (!entry.value.getAdmitted()) {
                if (leaves.get(entry.value.getDialogueId()) != null) {
                    // It had ended before and waits to be tried again: it stays as it is.
                    queue.delete(entry.key);
                    continue;
                }
                entry.value.setAdmitted(true);
                queue.put(entry.key, entry.value);
                run.setOpen(run.getOpen() + 1);
            }
            cancelDialogue(entry.value.getDialogueId(), record);
        }
    }

    private void cancelDialogue(String dialogueId, Record<String, SpecificRecord> record) {
        emit(DispatcherTopology.TO_COMMANDS, dialogueId,
                new CancelDialogue(meta(record, dialogueId + "/cancelled"), record.key(), dialogueId), record);
    }

    private void completeIfOver(RunProgress run, Record<String, SpecificRecord> record) {
        if (!RunMachine.isOver(run) || run.getOpen() > 0 || !queue.isEmpty(record.key())) {
            return;
        }
        end(run, true, record);
    }

    /// Moves a run that is over to its last state, and seals it together with that state.
    ///
    /// @param withVerdicts whether the verdicts of its own judge are sealed, too
    private void end(RunProgress run, boolean withVerdicts, Record<String, SpecificRecord> record) {
        RunStateChanged end = change(run, RunMachine.verdict(run), run.getReason(), run.getProviderMessage(), record);
        String set = run.getJudgementSetId();
        JudgementSetProgress own = ownSet(run, record.key());
        RunSealed verdicts = null;
        if (withVerdicts && set != null) {
            RunAccount account = SealDesk.account(run, end, own == null ? null : own.getRoot());
            account.setJudgeRepeats(run.getJudgeRepeats());
            verdicts = seals.seal(new Sealable(record.key(), set, own == null ? run.getSeals() : own.getSeals(),
                    leavesOf(record.key()),
                    DialogueLeaves::getJudgementLeaves), account, record);
        }
        RunAccount account = SealDesk.account(run, end, run.getRoot());
        account.setVerdictsRoot(verdicts != null ? verdicts.getRoot() : own == null ? null : own.getRoot());
        account.setRepeats(run.getRepeats());
        account.setJudgeRepeats(run.getJudgeRepeats());
        RunSealed seal = seals.seal(
                new Sealable(record.key(), null, run.getSeals(), leavesOf(record.key()), DialogueLeaves::getLeaves),
                account, record);
        emit(DispatcherTopology.TO_RUNS, record.key(), seal, record);
        if (verdicts != null) {
            emit(DispatcherTopology.TO_RUNS, record.key(), verdicts, record);
            JudgementSetProcessor.learn(sets, verdicts);
        }
        run.setSeals(run.getSeals() + 1);
        run.setRoot(seal.getRoot());
        tell(run, end, record);
    }

    private void move(RunProgress run, RunState next, @Nullable String reason, Record<String, SpecificRecord> record) {
        move(run, next, reason, null, record);
    }

    private void move(
            RunProgress run, RunState next, @Nullable String reason, @Nullable Text providerMessage,
            Record<String, SpecificRecord> record) {
        tell(run, change(run, next, reason, providerMessage, record), record);
    }

    /// Changes the state of a run, and says nothing of it yet.
    private static RunStateChanged change(
            RunProgress run, RunState next, @Nullable String reason, @Nullable Text providerMessage,
            Record<String, SpecificRecord> record) {
        run.setState(next);
        run.setReason(reason);
        run.setProviderMessage(providerMessage);
        run.setVersion(run.getVersion() + 1);
        return new RunStateChanged(meta(record, record.key() + "/state/" + run.getVersion()), record.key(),
                run.getVersion(), next, reason,
                run.getOutcomes(), run.getFinished(), run.getCostNanoUsd(), run.getJudgeCostNanoUsd(),
                run.getUnpricedCalls(), run.getUsage(),
                run.getJudgeUsage(), run.getBudget().getLimitNanoUsd(), run.getJudgeBudget().getLimitNanoUsd(),
                providerMessage);
    }

    private void tell(RunProgress run, RunStateChanged changed, Record<String, SpecificRecord> record) {
        runs.put(record.key(), run);
        emit(DispatcherTopology.TO_RUNS, record.key(), changed, record);
        RunState forWorkers = RunMachine.isRunning(changed.getState()) ? RunState.RUNNING : changed.getState();
        emit(DispatcherTopology.TO_RUN_CONTROL, record.key(),
                new RunControl(changed.getMeta(), record.key(), forWorkers, changed.getReason(), run.getVersion()),
                record);
    }

    /// What the run's ended dialogues add to it, by dialogueId.
    private KeyValueIterator<String, DialogueLeaves> leavesOf(String runId) {
        return leaves.range(runId + '/', runId + '0');
    }

    private static EventMeta meta(Record<String, SpecificRecord> record, String eventId) {
        return EventTypes.causedBy(record.value(), eventId, record.timestamp());
    }

    private void emit(String sink, String key, SpecificRecord event, Record<String, SpecificRecord> cause) {
        outbox.emit(sink, key, event, cause);
    }
}
