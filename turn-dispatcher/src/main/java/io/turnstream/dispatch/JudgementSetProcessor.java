package io.turnstream.dispatch;

import io.turnstream.contracts.AdmitJudgement;
import io.turnstream.contracts.CallPaidAgain;
import io.turnstream.contracts.CancelJudgement;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementFinished;
import io.turnstream.contracts.JudgementRegistered;
import io.turnstream.contracts.JudgementSetCommanded;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSetRefused;
import io.turnstream.contracts.JudgementSetRequested;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.RepeatsCounted;
import io.turnstream.contracts.RunAccount;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunFaultReported;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.Text;
import io.turnstream.contracts.TranscriptsReplayed;
import io.turnstream.contracts.state.DialogueLeaves;
import io.turnstream.contracts.state.JudgementSetProgress;
import io.turnstream.contracts.state.QueuedDialogue;
import io.turnstream.contracts.state.RunProgress;
import io.turnstream.dispatch.SealDesk.Sealable;
import io.turnstream.events.Costs;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import io.turnstream.messaging.EventHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

/// The run controller's part that judges old runs again: carries out what [JudgementSetMachine] decides, for the runs
/// of one partition.
///
/// Each set has its own window, so that it goes on beside live runs and other sets and starves none of them.
@NullUnmarked
final class JudgementSetProcessor implements Processor<String, SpecificRecord, String, SpecificRecord> {

    private final SealDesk seals;
    private Outbox outbox;
    private KeyValueStore<String, RunProgress> runs;
    private KeyValueStore<String, JudgementSetProgress> sets;
    private KeyValueStore<String, QueuedDialogue> queue;
    private KeyValueStore<String, DialogueLeaves> leaves;

    /// @param signing signs seals, or leaves them as they are
    JudgementSetProcessor(UnaryOperator<RunSealed> signing) {
        this.seals = new SealDesk(signing);
    }

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
        outbox = new Outbox(context, DispatcherTopology.TO_COMMANDS, DispatcherTopology.TO_RUNS,
                DispatcherTopology.TO_RUN_CONTROL);
        runs = context.getStateStore(DispatcherTopology.RUNS);
        sets = context.getStateStore(DispatcherTopology.JUDGEMENT_SETS);
        queue = context.getStateStore(DispatcherTopology.JUDGEMENT_QUEUE);
        leaves = context.getStateStore(DispatcherTopology.JUDGEMENT_LEAVES);
    }

    @Override
    public void process(Record<String, SpecificRecord> record) {
        if (record.value() instanceof RunSealed sealed) {
            learn(sets, sealed);
            return;
        }
        if (EventHeaders.isImported(record.headers())) {
            return;
        }
        switch (record.value()) {
            case JudgementSetRequested requested -> request(requested, record);
            case JudgementSetCommanded commanded -> command(commanded, record);
            case TranscriptsReplayed replayed -> replayed(replayed, record);
            case JudgementRegistered registered -> register(registered, record);
            case JudgementFinished finished -> finish(finished, record);
            case CallPaidAgain again when again.getJudgementSetId() != null -> paidAgain(again, record);
            case RunFaultReported fault when fault.getJudgementSetId() != null -> heed(fault, record);
            default -> {
                /* not about judging again */ }
        }
    }

    /// A set that has a seal exists, whoever sealed it: the run itself, another installation, or this processor.
    static void learn(KeyValueStore<String, JudgementSetProgress> sets, RunSealed sealed) {
        if (sealed.getJudgementSetId() == null) {
            return;
        }
        String key = Ids.judgementSetKey(sealed.getRunId(), sealed.getJudgementSetId());
        JudgementSetProgress set = sets.get(key);
        if (set == null) {
            set = new JudgementSetProgress(RunState.COMPLETED, 0L, null, true, 0L, 0, null, 0, 0, new ArrayList<>(), 0L,
                    0L, 0, 0L, 0,
                    Budgets.of(null), null, null, null, null);
        }
        int number = numberOf(sealed.getSealId());
        if (number > set.getSeals()) {
            set.setSeals(number);
            set.setRoot(sealed.getRoot());
            sets.put(key, set);
        }
    }

    private void request(JudgementSetRequested requested, Record<String, SpecificRecord> record) {
        String setId = requested.getSpec().getJudgementSetId();
        String key = Ids.judgementSetKey(record.key(), setId);
        JudgementSetProgress before = sets.get(key);
        Optional<String> refusal = JudgementSetMachine.refusal(requested, runs.get(record.key()), before);
        if (refusal.isPresent()) {
            EventMeta meta = meta(record, requested.getMeta().getEventId() + "/refused");
            outbox.emit(DispatcherTopology.TO_RUNS, record.key(),
                    new JudgementSetRefused(meta, record.key(), setId, refusal.get()), record);
            return;
        }
        if (JudgementSetMachine.goesOn(requested, before)) {
            Named named = new Named(setId, key, before);
            before.setWindow(requested.getWindow());
            before.setBudget(Budgets.limited(before.getBudget(), requested.getCostLimitNanoUsd()));
            move(named, JudgementSetMachine.working(before), null, record);
            goOn(named, record);
            return;
        }
        // Higher than any before it, also where nothing before it is known.
        long round = before == null ? record.timestamp() : Math.max(before.getRound() + 1, record.timestamp());
        JudgementSetProgress set = new JudgementSetProgress(RunState.PLANNING, before == null ? 0 : before.getVersion(),
                null, false,
                round,
                requested.getWindow(), null, 0, 0, new ArrayList<>(), 0L, 0L, before == null ? 0 : before.getSeals(),
                0L, 0, Budgets.of(requested.getCostLimitNanoUsd()), null,
                before == null ? null : before.getRepeats(), before == null ? null : before.getRoot(), null);
        forgetRound(key);
        outbox.emit(DispatcherTopology.TO_RUNS, record.key(),
                new JudgementSetOpened(meta(record, key + "/opened/" + round), record.key(), round, requested.getSpec(),
                        requested.getOnlyUnscored(), requested.getDialogueIds(), requested.getWindow(),
                        requested.getRequestedBy(),
                        requested.getCodeVersion(), requested.getCostLimitNanoUsd()),
                record);
        move(new Named(setId, key, set), RunState.PLANNING, null, record);
    }

    private void forgetRound(String key) {
        List<String> old = new ArrayList<>();
        try (KeyValueIterator<String, DialogueLeaves> all = leavesOf(key)) {
            all.forEachRemaining(entry -> old.add(entry.key));
        }
        old.forEach(leaves::delete);
    }

    private void command(JudgementSetCommanded commanded, Record<String, SpecificRecord> record) {
        Named named = find(record.key(), commanded.getJudgementSetId());
        RunState next = named == null ? null : JudgementSetMachine.commanded(named.set(), commanded.getCommand());
        if (next == null) {
            return;
        }
        move(named, next, commanded.getReason(), record);
        if (next == RunState.CANCELLED) {
            cancelAll(named, record);
        }
        goOn(named, record);
    }

    private void replayed(TranscriptsReplayed replayed, Record<String, SpecificRecord> record) {
        Named named = find(record.key(), replayed.getJudgementSetId(), replayed.getRound());
        if (named == null || named.set().getEnded() || named.set().getPlanned() != null) {
            return;
        }
        JudgementSetProgress set = named.set();
        if (replayed.getProblem() != null) {
            RunState next = set.getState() == RunState.CANCELLED
                    ? RunState.CANCELLED
                    : JudgementSetMachine.failed(set, replayed);
            set.setEnded(true);
            move(named, next, replayed.getProblem(), record);
            cancelAll(named, record);
            sets.put(named.key(), set);
            return;
        }
        set.setPlanned(replayed.getDialogues());
        set.setSeals(Math.max(set.getSeals(), replayed.getSeals()));
        if (set.getState() == RunState.PLANNING) {
            move(named, RunState.RUNNING, replayed.getNote(), record);
        }
        goOn(named, record);
    }

    private void register(JudgementRegistered registered, Record<String, SpecificRecord> record) {
        Named named = find(record.key(), registered.getJudgementSetId(), registered.getRound());
        if (named == null) {
            return;
        }
        JudgementSetProgress set = named.set();
        boolean cancelled = RunMachine.isFinal(set.getState());
        queue.put(queueKey(named.key(), registered.getOrdinal()),
                new QueuedDialogue(registered.getDialogueId(), cancelled, null,
                        registered.getWorstCostNanoUsd(), 0L, 0L, registered.getCostNanoUsd()));
        set.setKnown(set.getKnown() + 1);
        set.setJudgeCostNanoUsd(Costs.plus(set.getJudgeCostNanoUsd(), registered.getCostNanoUsd()));
        if (cancelled) {
            set.setOpen(set.getOpen() + 1);
            cancelJudgement(named, registered.getDialogueId(), record);
        }
        goOn(named, record);
    }

    private void finish(JudgementFinished finished, Record<String, SpecificRecord> record) {
        Named named = find(record.key(), finished.getJudgementSetId(), finished.getRound());
        String leavesKey = Ids.judgementSetKey(record.key(), finished.getJudgementSetId()) + '|'
                + finished.getDialogueId();
        if (named == null || leaves.get(leavesKey) != null) {
            return;
        }
        JudgementSetProgress set = named.set();
        List<OutcomeCount> outcomes = outcomesOf(finished);
        leaves.put(leavesKey, new DialogueLeaves(List.of(), finished.getLeaves(), finished.getOrdinal(), outcomes, 0L,
                finished.getCostNanoUsd(), finished.getUnpricedCalls(), null, finished.getUsage(), null, null));
        QueuedDialogue queued = queue.delete(queueKey(named.key(), finished.getOrdinal()));
        if (queued != null && queued.getAdmitted()) {
            set.setOpen(set.getOpen() - 1);
        }
        set.setFinished(set.getFinished() + 1);
        set.setOutcomes(RunMachine.plus(set.getOutcomes(), outcomes));
        if (queued == null) {
            set.setKnown(set.getKnown() + 1);
            set.setJudgeCostNanoUsd(Costs.plus(set.getJudgeCostNanoUsd(), finished.getCostNanoUsd()));
        } else {
            long cost = finished.getCostNanoUsd() - queued.getCostNanoUsd();
            set.setBudget(Budgets.settled(set.getBudget(), queued.getReservedJudgeNanoUsd(), cost));
            set.setJudgeCostNanoUsd(Costs.plus(set.getJudgeCostNanoUsd(), cost));
        }
        set.setUsage(Costs.plus(set.getUsage(), finished.getUsage()));
        set.setUnpricedCalls(set.getUnpricedCalls() + finished.getUnpricedCalls());
        if (RunMachine.isRunning(set.getState()) && RunMachine.isHoldUp(set.getReason())) {
            say(named, null, null, record);
        }
        goOn(named, record);
    }

    private void paidAgain(CallPaidAgain again, Record<String, SpecificRecord> record) {
        Named named = find(record.key(), again.getJudgementSetId());
        if (named == null) {
            return;
        }
        named.set().setRepeats(RunBudgets.plus(named.set().getRepeats(), again));
        if (runOf(named, record.key()).isEmpty()) {
            outbox.emit(DispatcherTopology.TO_RUNS, record.key(),
                    new RepeatsCounted(meta(record, again.getMeta().getEventId() + "/counted"),
                            record.key(), named.setId(), named.set().getRepeats()),
                    record);
        }
        sets.put(named.key(), named.set());
    }

    /// What was paid for verdicts that were not accepted. Those of its own judge the run counts, from its first verdict
    /// on.
    private long paidInVain(Named named, String runId) {
        return RunBudgets
                .cost(runOf(named, runId).map(RunProgress::getJudgeRepeats).orElseGet(named.set()::getRepeats));
    }

    /// The run, where this is the set of its own judge.
    private Optional<RunProgress> runOf(Named named, String runId) {
        return Optional.ofNullable(runs.get(runId)).filter(run -> named.setId().equals(run.getJudgementSetId()));
    }

    static List<OutcomeCount> outcomesOf(JudgementFinished finished) {
        return finished.getOutcome() == null
                ? List.of()
                : List.of(new OutcomeCount(StepKind.JUDGE, finished.getOutcome(), 1L));
    }

    private void heed(RunFaultReported fault, Record<String, SpecificRecord> record) {
        Named named = find(record.key(), fault.getJudgementSetId());
        if (named == null || !RunMachine.isRunning(named.set().getState())) {
            return;
        }
        if (RunMachine.stopsTheRun(fault.getReason())) {
            move(named, RunState.HALTED, fault.getDetail(), fault.getProviderMessage(), record);
        } else {
            say(named, RunMachine.holdUp(fault.getReason(), fault.getDetail()), fault.getProviderMessage(), record);
        }
    }

    /// The set stays in its state, and says why nothing moves, or that it moves again.
    private void say(Named named, @Nullable String reason, @Nullable Text providerMessage,
            Record<String, SpecificRecord> record) {
        if (!Objects.equals(named.set().getReason(), reason)
                || !Objects.equals(Texts.plain(named.set().getProviderMessage()), Texts.plain(providerMessage))) {
            move(named, named.set().getState(), reason, providerMessage, record);
        }
    }

    private void goOn(Named named, Record<String, SpecificRecord> record) {
        admit(named, record);
        completeIfOver(named, record);
        sets.put(named.key(), named.set());
    }

    private void admit(Named named, Record<String, SpecificRecord> record) {
        JudgementSetProgress set = named.set();
        int vacancies = JudgementSetMachine.vacancies(set);
        if (vacancies == 0) {
            return;
        }
        List<KeyValue<String, QueuedDialogue>> admitted = new ArrayList<>();
        try (KeyValueIterator<String, QueuedDialogue> waiting = queueOf(named.key())) {
            while (waiting.hasNext() && admitted.size() < vacancies) {
                KeyValue<String, QueuedDialogue> entry = waiting.next();
                if (!entry.value.getAdmitted()) {
                    admitted.add(entry);
                }
            }
        }
        for (KeyValue<String, QueuedDialogue> entry : admitted) {
            Long worst = entry.value.getWorstJudgeCostNanoUsd();
            long spent = Costs.plus(set.getJudgeCostNanoUsd(), paidInVain(named, record.key()));
            if (!Budgets.hasRoomFor(set.getBudget(), spent, worst)) {
                if (set.getOpen() == 0) {
                    move(named, RunState.HALTED, Budgets.exhausted(set.getBudget(), spent, worst, "--cost-limit"),
                            record);
                }
                return;
            }
            entry.value.setReservedJudgeNanoUsd(Budgets.estimate(set.getBudget(), worst));
            set.setBudget(Budgets.reserved(set.getBudget(), entry.value.getReservedJudgeNanoUsd()));
            letIn(named, entry);
            String dialogueId = entry.value.getDialogueId();
            outbox.emit(DispatcherTopology.TO_COMMANDS, dialogueId,
                    new AdmitJudgement(meta(record, commandId(named, dialogueId, "admitted")), record.key(), dialogueId,
                            named.setId(), set.getRound()),
                    record);
        }
    }

    private void cancelAll(Named named, Record<String, SpecificRecord> record) {
        List<KeyValue<String, QueuedDialogue>> unfinished = new ArrayList<>();
        try (KeyValueIterator<String, QueuedDialogue> all = queueOf(named.key())) {
            all.forEachRemaining(unfinished::add);
        }
        for (KeyValue<String, QueuedDialogue> entry : unfinished) {
            if (!entry.value.getAdmitted()) {
                letIn(named, entry);
            }
            cancelJudgement(named, entry.value.getDialogueId(), record);
        }
    }

    private void letIn(Named named, KeyValue<String, QueuedDialogue> entry) {
        entry.value.setAdmitted(true);
        queue.put(entry.key, entry.value);
        named.set().setOpen(named.set().getOpen() + 1);
    }

    private void cancelJudgement(Named named, String dialogueId, Record<String, SpecificRecord> record) {
        outbox.emit(DispatcherTopology.TO_COMMANDS, dialogueId,
                new CancelJudgement(meta(record, commandId(named, dialogueId, "cancelled")), record.key(), dialogueId,
                        named.setId(),
                        named.set().getRound()),
                record);
    }

    private static String commandId(Named named, String dialogueId, String what) {
        return Ids.judgementRowId(dialogueId, named.setId()) + '/' + what + '/' + named.set().getRound();
    }

    private void completeIfOver(Named named, Record<String, SpecificRecord> record) {
        if (JudgementSetMachine.isOver(named.set())) {
            JudgementSetProgress set = named.set();
            set.setEnded(true);
            JudgementSetStateChanged end = change(named, JudgementSetMachine.verdict(set), set.getReason(),
                    set.getProviderMessage(), record);
            seal(named, end, record);
            tell(named, end, record);
        }
    }

    /// Seals the set together with its last state.
    private void seal(Named named, JudgementSetStateChanged end, Record<String, SpecificRecord> record) {
        JudgementSetProgress set = named.set();
        RunProgress run = runs.get(record.key());
        RunAccount account = SealDesk.account(run, end, set.getRoot());
        account.setRunRoot(run == null ? null : run.getRoot());
        account.setJudgeRepeats(
                runOf(named, record.key()).map(RunProgress::getJudgeRepeats).orElseGet(set::getRepeats));
        RunSealed seal = seals.seal(
                new Sealable(record.key(), named.setId(), set.getSeals(), leavesOf(named.key()),
                        DialogueLeaves::getJudgementLeaves),
                account, record);
        outbox.emit(DispatcherTopology.TO_RUNS, record.key(), seal, record);
        set.setSeals(set.getSeals() + 1);
        set.setRoot(seal.getRoot());
    }

    private void move(Named named, RunState next, @Nullable String reason, Record<String, SpecificRecord> record) {
        move(named, next, reason, null, record);
    }

    private void move(
            Named named, RunState next, @Nullable String reason, @Nullable Text providerMessage,
            Record<String, SpecificRecord> record) {
        tell(named, change(named, next, reason, providerMessage, record), record);
    }

    /// Changes the state of a set, and says nothing of it yet.
    private static JudgementSetStateChanged change(
            Named named, RunState next, @Nullable String reason, @Nullable Text providerMessage,
            Record<String, SpecificRecord> record) {
        JudgementSetProgress set = named.set();
        set.setState(next);
        set.setReason(reason);
        set.setProviderMessage(providerMessage);
        set.setVersion(set.getVersion() + 1);
        return new JudgementSetStateChanged(
                meta(record, named.key() + "/state/" + set.getRound() + '.' + set.getVersion()), record.key(),
                named.setId(),
                set.getVersion(), set.getRound(), next, reason, set.getOutcomes(), set.getFinished(), set.getPlanned(),
                set.getJudgeCostNanoUsd(),
                set.getUnpricedCalls(), set.getBudget().getLimitNanoUsd(), set.getUsage(), providerMessage);
    }

    private void tell(Named named, JudgementSetStateChanged changed, Record<String, SpecificRecord> record) {
        sets.put(named.key(), named.set());
        outbox.emit(DispatcherTopology.TO_RUNS, record.key(), changed, record);
        RunState forWorkers = RunMachine.isRunning(changed.getState()) ? RunState.RUNNING : changed.getState();
        outbox.emit(DispatcherTopology.TO_RUN_CONTROL, named.key(),
                new RunControl(changed.getMeta(), record.key(), forWorkers, changed.getReason(), changed.getVersion()),
                record);
    }

    /// A set with its names.
    private record Named(String setId, String key, JudgementSetProgress set) {}

    private @Nullable Named find(String runId, String setId) {
        String key = Ids.judgementSetKey(runId, setId);
        JudgementSetProgress set = sets.get(key);
        return set == null ? null : new Named(setId, key, set);
    }

    /// Null unless this round is the one that is served: what an earlier one left behind changes nothing.
    private @Nullable Named find(String runId, String setId, long round) {
        Named named = find(runId, setId);
        return named == null || named.set().getRound() != round ? null : named;
    }

    /// The set's dialogues that wait for a verdict, in the order of the plan.
    private KeyValueIterator<String, QueuedDialogue> queueOf(String key) {
        return queue.range(key + '|', key + '}');
    }

    /// What the run's dialogues add to the set, by dialogueId.
    private KeyValueIterator<String, DialogueLeaves> leavesOf(String key) {
        return leaves.range(key + '|', key + '}');
    }

    private static String queueKey(String key, int ordinal) {
        return String.format(Locale.ROOT, "%s|%010d", key, ordinal);
    }

    private static int numberOf(String sealId) {
        return Integer.parseInt(sealId.substring(sealId.lastIndexOf("/s") + 2));
    }

    private static EventMeta meta(Record<String, SpecificRecord> record, String eventId) {
        return EventTypes.causedBy(record.value(), eventId, record.timestamp());
    }
}
