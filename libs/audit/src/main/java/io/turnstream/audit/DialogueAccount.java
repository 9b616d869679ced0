package io.turnstream.audit;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.StepKind;
import io.turnstream.events.Costs;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the accepted events of one dialogue add up to.
final class DialogueAccount {

    /// How a step ended, last.
    private record Ended(StepKind kind, Outcome outcome) {}

    private final String dialogueId;
    private final List<Leaf> leaves = new ArrayList<>();
    private final Map<String, List<Leaf>> judgements = new LinkedHashMap<>();
    private final Map<String, Long> judgeCosts = new HashMap<>();
    private final Map<String, Ended> steps = new LinkedHashMap<>();
    private @Nullable String ownSet;
    private int nextSequence;
    private boolean closed;
    private long costNanoUsd;

    DialogueAccount(String dialogueId) {
        this.dialogueId = dialogueId;
    }

    String dialogueId() {
        return dialogueId;
    }

    int nextSequence() {
        return nextSequence;
    }

    /// Whether its last event says that every step has its outcome.
    boolean isClosed() {
        return closed;
    }

    List<Leaf> leaves() {
        return leaves;
    }

    /// Leaves of its verdicts, by judgement set.
    Map<String, List<Leaf>> judgements() {
        return judgements;
    }

    long costNanoUsd() {
        return costNanoUsd;
    }

    /// What the answers to its verdicts in a set cost in 1e-9 USD, as far as prices were known.
    long judgeCostNanoUsd(String judgementSetId) {
        return judgeCosts.getOrDefault(judgementSetId, 0L);
    }

    void open(@Nullable String judgementSetId) {
        ownSet = judgementSetId;
    }

    void next(boolean closing) {
        nextSequence++;
        closed = closing;
    }

    void settle(String step, StepKind kind, Outcome outcome, @Nullable Answer answer) {
        steps.put(step, new Ended(kind, outcome));
        if (answer != null && answer.getCostNanoUsd() != null) {
            costNanoUsd = Costs.plus(costNanoUsd, answer.getCostNanoUsd());
        }
    }

    void judge(String judgementSetId, Leaf leaf, Outcome outcome, @Nullable Answer answer) {
        if (answer != null && answer.getCostNanoUsd() != null) {
            judgeCosts.merge(judgementSetId, answer.getCostNanoUsd(), Costs::plus);
        }
        judgements.computeIfAbsent(judgementSetId, id -> new ArrayList<>(1)).add(leaf);
        if (judgementSetId.equals(ownSet)) {
            steps.put(leaf.what(), new Ended(StepKind.JUDGE, outcome));
        }
    }

    Map<StepKind, Map<Outcome, Long>> outcomes() {
        Map<StepKind, Map<Outcome, Long>> counts = new EnumMap<>(StepKind.class);
        steps.values().forEach(step -> counts.computeIfAbsent(step.kind(), kind -> new EnumMap<>(Outcome.class))
                .merge(step.outcome(), 1L, Long::sum));
        return counts;
    }

    /// Adds counts of outcomes to others.
    static void add(Map<StepKind, Map<Outcome, Long>> sum, List<OutcomeCount> counts) {
        for (OutcomeCount count : counts) {
            sum.computeIfAbsent(count.getKind(), kind -> new EnumMap<>(Outcome.class)).merge(count.getOutcome(),
                    count.getCount(), Long::sum);
        }
    }

    static Map<StepKind, Map<Outcome, Long>> sum(List<OutcomeCount> counts) {
        Map<StepKind, Map<Outcome, Long>> sum = new EnumMap<>(StepKind.class);
        add(sum, counts);
        return sum;
    }
}
