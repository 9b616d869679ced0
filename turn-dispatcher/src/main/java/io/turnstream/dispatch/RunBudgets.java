package io.turnstream.dispatch;

import io.turnstream.contracts.CallPaidAgain;
import io.turnstream.contracts.Repeats;
import io.turnstream.contracts.state.DialogueLeaves;
import io.turnstream.contracts.state.QueuedDialogue;
import io.turnstream.contracts.state.RunProgress;
import io.turnstream.events.Costs;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a run may spend on its model and on its judge: two [Budgets], kept in its progress. No I/O.
final class RunBudgets {

    private RunBudgets() {}

    /// Why a dialogue may not begin, for people; empty where it may.
    static Optional<String> exhausted(RunProgress run, QueuedDialogue next) {
        if (!Budgets.hasRoomFor(run.getBudget(), spent(run), next.getWorstCostNanoUsd())) {
            return Optional
                    .of(Budgets.exhausted(run.getBudget(), spent(run), next.getWorstCostNanoUsd(), "--cost-limit"));
        }
        return Budgets.hasRoomFor(run.getJudgeBudget(), spentOnJudge(run), next.getWorstJudgeCostNanoUsd())
                ? Optional.empty()
                : Optional
                        .of(Budgets.exhausted(run.getJudgeBudget(), spentOnJudge(run), next.getWorstJudgeCostNanoUsd(),
                                "--judge-cost-limit"));
    }

    /// Sets aside what a dialogue may cost.
    static void reserve(RunProgress run, QueuedDialogue admitted) {
        admitted.setReservedNanoUsd(Budgets.estimate(run.getBudget(), admitted.getWorstCostNanoUsd()));
        admitted.setReservedJudgeNanoUsd(Budgets.estimate(run.getJudgeBudget(), admitted.getWorstJudgeCostNanoUsd()));
        run.setBudget(Budgets.reserved(run.getBudget(), admitted.getReservedNanoUsd()));
        run.setJudgeBudget(Budgets.reserved(run.getJudgeBudget(), admitted.getReservedJudgeNanoUsd()));
    }

    /// Gives back what was set aside for a dialogue that has ended.
    ///
    /// @param before what it had cost when it was retried; null where it ended for the first time
    static void settle(RunProgress run, QueuedDialogue ended, @Nullable DialogueLeaves before, DialogueLeaves after) {
        long cost = after.getCostNanoUsd() - (before == null ? 0 : before.getCostNanoUsd());
        long judgeCost = after.getJudgeCostNanoUsd() - (before == null ? 0 : before.getJudgeCostNanoUsd());
        run.setBudget(Budgets.settled(run.getBudget(), ended.getReservedNanoUsd(), cost));
        run.setJudgeBudget(Budgets.settled(run.getJudgeBudget(), ended.getReservedJudgeNanoUsd(), judgeCost));
    }

    /// Counts an answer that was paid and not accepted.
    ///
    /// @return all of them so far, of the model or of the judge
    static Repeats paidAgain(RunProgress run, CallPaidAgain again) {
        boolean ofModel = again.getJudgementSetId() == null;
        Repeats repeats = plus(ofModel ? run.getRepeats() : run.getJudgeRepeats(), again);
        if (ofModel) {
            run.setRepeats(repeats);
        } else {
            run.setJudgeRepeats(repeats);
        }
        return repeats;
    }

    /// One more.
    ///
    /// @param before null for none
    static Repeats plus(@Nullable Repeats before, CallPaidAgain again) {
        Long cost = again.getCostNanoUsd();
        return new Repeats((before == null ? 0 : before.getCalls()) + 1,
                Costs.plus(before == null ? null : before.getUsage(), again.getUsage()),
                Costs.plus(cost(before), cost == null ? 0 : cost),
                (before == null ? 0 : before.getUnpricedCalls()) + (cost == null ? 1 : 0));
    }

    /// What they cost.
    static long cost(@Nullable Repeats repeats) {
        return repeats == null ? 0 : repeats.getCostNanoUsd();
    }

    private static long spent(RunProgress run) {
        return Costs.plus(run.getCostNanoUsd(), cost(run.getRepeats()));
    }

    private static long spentOnJudge(RunProgress run) {
        return Costs.plus(run.getJudgeCostNanoUsd(), cost(run.getJudgeRepeats()));
    }
}
