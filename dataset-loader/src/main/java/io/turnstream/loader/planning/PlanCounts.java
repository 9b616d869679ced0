package io.turnstream.loader.planning;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.StepKind;
import io.turnstream.loader.validation.Question;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/// Counts the steps of a plan by group. The groups partition the plan: their counts add up to it.
public final class PlanCounts {

    private final boolean judged;
    private final Map<Cell, Long> steps = new TreeMap<>(Comparator.comparing(Cell::split)
            .thenComparing(Cell::modality)
            .thenComparing(Cell::intent)
            .thenComparing(Cell::category)
            .thenComparing(Cell::kind));
    private int dialogues;

    /// @param judged whether each dialogue is judged
    public PlanCounts(boolean judged) {
        this.judged = judged;
    }

    /// One group of steps.
    public record Cell(Split split, Modality modality, Intent intent, String category, StepKind kind) {}

    void add(PlannedDialogue dialogue) {
        dialogues++;
        add(dialogue, StepKind.TURN, dialogue.userTurns().size());
        for (Question question : dialogue.questions()) {
            add(dialogue, question.kind(), 1);
        }
        if (judged) {
            add(dialogue, StepKind.JUDGE, 1);
        }
    }

    private void add(PlannedDialogue dialogue, StepKind kind, long count) {
        steps.merge(new Cell(dialogue.split(), dialogue.modality(), dialogue.intent(), dialogue.category(), kind),
                count,
                Long::sum);
    }

    /// Dialogues planned.
    public int dialogues() {
        return dialogues;
    }

    /// Steps by group, in a fixed order.
    public Map<Cell, Long> steps() {
        return java.util.Collections.unmodifiableMap(steps);
    }

    /// Steps of one kind, over all groups.
    public long total(StepKind kind) {
        return steps.entrySet().stream()
                .filter(entry -> entry.getKey().kind() == kind)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
