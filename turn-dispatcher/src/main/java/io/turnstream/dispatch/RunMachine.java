package io.turnstream.dispatch;

import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.state.RunProgress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What happens next to a run. Pure: it looks at the progress and says which state follows.
///
/// ```
///  PLANNING ─► RUNNING ⇄ PAUSED            (a person)
///                 │  ⇄ HALTED              (a fault that would fail every call, such as a wrong key; a person resumes)
///                 ├─► COMPLETED | INCOMPLETE   every planned dialogue has ended
///                 ├─► CANCELLED            (a person)
///                 └─► FAILED               the plan could not be made
///  INCOMPLETE, COMPLETED ─► RUNNING         (a person retries what failed, or what else they name)
/// ```
final class RunMachine {

    private static final String PROVIDER_FAILS = "waiting for the provider, which fails: ";
    private static final String QUOTA_SPENT = "waiting for quota: ";

    private RunMachine() {}

    /// Whether dialogues may be admitted and workers may call.
    static boolean isRunning(RunState state) {
        return switch (state) {
            case PLANNING, RUNNING -> true;
            case PAUSED, HALTED, COMPLETED, INCOMPLETE, CANCELLED, FAILED, UNKNOWN -> false;
        };
    }

    /// Whether nothing more happens to the run unless somebody retries.
    static boolean isFinal(RunState state) {
        return switch (state) {
            case COMPLETED, INCOMPLETE, CANCELLED, FAILED -> true;
            case PLANNING, RUNNING, PAUSED, HALTED, UNKNOWN -> false;
        };
    }

    /// How many more dialogues may be admitted now: none before the plan is whole where it is held against
    /// expectations.
    static int vacancies(RunProgress run) {
        return isRunning(run.getState()) && !(run.getAwaitsPlan() && run.getPlanned() == null)
                ? Math.max(0, run.getWindow() - run.getOpen())
                : 0;
    }

    /// The state a command leads to; null where it changes nothing.
    static @Nullable RunState commanded(RunProgress run, RunCommand command) {
        return switch (command) {
            case PAUSE -> isRunning(run.getState()) ? RunState.PAUSED : null;
            case RESUME -> run.getState() == RunState.PAUSED || run.getState() == RunState.HALTED ? running(run) : null;
            case CANCEL -> isFinal(run.getState()) ? null : RunState.CANCELLED;
            case RETRY ->
                run.getState() == RunState.INCOMPLETE || run.getState() == RunState.COMPLETED ? RunState.RUNNING : null;
            case UNKNOWN -> null;
        };
    }

    /// Whether calls that a worker hands back for this reason would all end so, until a person does something.
    static boolean stopsTheRun(DeferralReason reason) {
        return switch (reason) {
            case AUTHENTICATION, UNKNOWN_MODEL -> true;
            case PAUSED, CIRCUIT_OPEN, QUOTA, REVOKED, UNKNOWN -> false;
        };
    }

    /// Whether calls that are handed back for this reason wait for something that nobody but time can change.
    static boolean holdsUpTheRun(DeferralReason reason) {
        return switch (reason) {
            case CIRCUIT_OPEN, QUOTA -> true;
            case AUTHENTICATION, UNKNOWN_MODEL, PAUSED, REVOKED, UNKNOWN -> false;
        };
    }

    /// Why calls wait, for people.
    static String holdUp(DeferralReason reason, String detail) {
        return (reason == DeferralReason.CIRCUIT_OPEN ? PROVIDER_FAILS : QUOTA_SPENT) + detail;
    }

    /// Whether a reason says that calls wait.
    static boolean isHoldUp(@Nullable String reason) {
        return reason != null && (reason.startsWith(PROVIDER_FAILS) || reason.startsWith(QUOTA_SPENT));
    }

    /// The state that working on leads to: planning until the plan is whole.
    static RunState running(RunProgress run) {
        return run.getPlanned() == null ? RunState.PLANNING : RunState.RUNNING;
    }

    /// Whether every planned dialogue has ended.
    static boolean isOver(RunProgress run) {
        return run.getPlanned() != null && run.getFinished() >= run.getPlanned();
    }

    /// The final state of a run that is over.
    static RunState verdict(RunProgress run) {
        if (run.getState() == RunState.CANCELLED) {
            return RunState.CANCELLED;
        }
        return hasGaps(run.getOutcomes()) ? RunState.INCOMPLETE : RunState.COMPLETED;
    }

    /// Whether an outcome is among some that lowers the coverage and is neither the model's nor a person's doing: a
    /// failure of infrastructure, or an answer that was given and is longer than can be recorded.
    static boolean hasGaps(List<OutcomeCount> outcomes) {
        return hasFailures(outcomes) || outcomes.stream().anyMatch(o -> o.getOutcome() == Outcome.OVERSIZED);
    }

    /// Whether a failure of infrastructure is among some outcomes. What was too long is none: asked again, it would be
    /// paid again, and as long.
    static boolean hasFailures(List<OutcomeCount> outcomes) {
        return outcomes.stream()
                .anyMatch(o -> o.getOutcome() == Outcome.PROVIDER_ERROR || o.getOutcome() == Outcome.JUDGE_ERROR);
    }

    /// Whether a dialogue that ended so has something to try again.
    ///
    /// @param also outcomes that are tried again beside failures of infrastructure
    static boolean hasRetryable(List<OutcomeCount> outcomes, List<Outcome> also) {
        return hasFailures(outcomes)
                || outcomes.stream().anyMatch(o -> o.getCount() > 0 && also.contains(o.getOutcome()));
    }

    /// Adds counts of outcomes, in the order of kind and outcome.
    static List<OutcomeCount> plus(List<OutcomeCount> one, List<OutcomeCount> other) {
        return sum(one, other, 1);
    }

    /// Takes counts of outcomes away again.
    static List<OutcomeCount> minus(List<OutcomeCount> one, List<OutcomeCount> other) {
        return sum(one, other, -1);
    }

    private static List<OutcomeCount> sum(List<OutcomeCount> one, List<OutcomeCount> other, int sign) {
        Map<StepKind, Map<Outcome, Long>> counts = new EnumMap<>(StepKind.class);
        one.forEach(count -> add(counts, count, 1));
        other.forEach(count -> add(counts, count, sign));
        List<OutcomeCount> sum = new ArrayList<>();
        counts.forEach((kind, byOutcome) -> byOutcome.forEach((outcome, n) -> {
            if (n != 0) {
                sum.add(new OutcomeCount(kind, outcome, n));
            }
        }));
        return sum;
    }

    private static void add(Map<StepKind, Map<Outcome, Long>> counts, OutcomeCount count, int sign) {
        counts.computeIfAbsent(count.getKind(), kind -> new EnumMap<>(Outcome.class)).merge(count.getOutcome(),
                sign * count.getCount(), Long::sum);
    }
}
