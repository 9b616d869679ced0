package io.turnstream.dispatch;

import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.Question;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.state.StepProgress;
import io.turnstream.contracts.state.StepStatus;
import io.turnstream.events.Ids;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happens next in a dialogue. Pure: it looks at the steps and says what to do.
///
/// ```
///  admitted ─► r1 ─► r2 ─► r3 ─┬─► judge ───┐
///               │     │     │  └─► mcq, tf ─┴─► every step settled ─► closed
///               └─────┴─────┴─ truncated, empty, oversized, provider_error ─► the rest is not_reached ─► closed
///  (a dialogue that somebody else recorded goes on after an empty turn, as it did)
///  cancelled at any time ─► what is not settled is cancelled ─► closed
///  closed with failures, retried ─► what failed waits again under the next generation ─► as above
/// ```
///
/// The third answer sends the judge's request first and the questions beside it. A turn that the provider refused
/// counts as answered by silence: the dialogue goes on.
final class DialogueMachine {

    /// What is to be done.
    sealed interface Action {

        /// Send the request of a step.
        record Ask(String step) implements Action {}

        /// Give a step that was never answered its outcome.
        record GiveUp(String step, Outcome outcome) implements Action {}

        /// Every step has its outcome.
        record Close() implements Action {}
    }

    private DialogueMachine() {}

    /// The steps of a plan, none of them asked: turns, then the judge, then the questions.
    static List<StepProgress> stepsOf(DialoguePlan plan) {
        List<StepProgress> steps = new ArrayList<>();
        for (int turn = 1; turn <= plan.getUserTurns().size(); turn++) {
            steps.add(waiting(Ids.turn(turn), StepKind.TURN));
        }
        if (plan.getJudge() != null) {
            steps.add(waiting(Ids.JUDGE, StepKind.JUDGE));
        }
        for (Question question : plan.getQuestions()) {
            steps.add(waiting(question.getStep().getName(), question.getStep().getKind()));
        }
        return steps;
    }

    /// What follows from admitting a dialogue.
    static List<Action> admitted(List<StepProgress> steps) {
        return next(steps);
    }

    /// Whether an answer to this step and generation is the one that is waited for.
    static boolean isAwaited(List<StepProgress> steps, String step, int generation) {
        return steps.stream()
                .anyMatch(s -> s.getName().equals(step) && s.getStatus() == StepStatus.ASKED
                        && s.getGeneration() == generation);
    }

    /// What follows once a step has its outcome in `steps`.
    ///
    /// @param recorded whether somebody else led the dialogue: then an empty turn did not end it, and what was said
    ///         after it stands
    static List<Action> settled(List<StepProgress> steps, String step, boolean recorded) {
        StepProgress settled = find(steps, step);
        if (settled.getKind() == StepKind.TURN && endsDialogue(settled.getOutcome())
                && !(recorded && settled.getOutcome() == Outcome.EMPTY)) {
            return giveUp(steps, Outcome.NOT_REACHED);
        }
        return next(steps);
    }

    /// What follows from cancelling a dialogue.
    static List<Action> cancelled(List<StepProgress> steps) {
        return giveUp(steps, Outcome.CANCELLED);
    }

    /// Whether a step may be tried again: a failure of infrastructure, what somebody asks for, or what either left
    /// undone.
    ///
    /// What was not reached because a turn ended truncated or empty stays as it is unless that turn is tried again: it
    /// is the model's doing.
    ///
    /// @param also outcomes that are tried again beside failures of infrastructure
    static boolean isRetryable(List<StepProgress> steps, StepProgress step, List<Outcome> also) {
        return switch (step.getOutcome()) {
            case PROVIDER_ERROR, JUDGE_ERROR -> true;
            case NOT_REACHED ->
                steps.stream().anyMatch(s -> s.getKind() == StepKind.TURN && isAskedAgain(s.getOutcome(), also));
            case null -> false;
            case Outcome outcome -> also.contains(outcome);
        };
    }

    private static boolean isAskedAgain(@Nullable Outcome outcome, List<Outcome> also) {
        return outcome == Outcome.PROVIDER_ERROR || also.contains(outcome);
    }

    /// The steps with everything that may be tried again waiting, under the next generation.
    static List<StepProgress> retried(List<StepProgress> steps, List<Outcome> also) {
        return steps.stream()
                .map(s -> isRetryable(steps, s, also)
                        ? new StepProgress(s.getName(), s.getKind(), StepStatus.WAITING, s.getGeneration() + 1, 0, null,
                                0)
                        : s)
                .toList();
    }

    /// Whether the outcomes leave no gap that a failure of infrastructure, an answer too long to be recorded or a
    /// person made.
    static boolean isComplete(List<StepProgress> steps) {
        return steps.stream()
                .noneMatch(s -> s.getOutcome() == Outcome.PROVIDER_ERROR || s.getOutcome() == Outcome.JUDGE_ERROR
                        || s.getOutcome() == Outcome.OVERSIZED || s.getOutcome() == Outcome.CANCELLED);
    }

    /// The step of this name.
    static StepProgress find(List<StepProgress> steps, String name) {
        for (StepProgress step : steps) {
            if (step.getName().equals(name)) {
                return step;
            }
        }
        throw new IllegalArgumentException("the plan has no step " + name);
    }

    private static List<Action> next(List<StepProgress> steps) {
        for (StepProgress step : steps) {
            if (step.getKind() == StepKind.TURN && step.getStatus() != StepStatus.SETTLED) {
                return step.getStatus() == StepStatus.WAITING ? List.of(new Action.Ask(step.getName())) : List.of();
            }
        }
        List<Action> actions = new ArrayList<>();
        boolean allSettled = true;
        for (StepProgress step : steps) {
            if (step.getStatus() == StepStatus.WAITING) {
                actions.add(new Action.Ask(step.getName()));
            }
            allSettled &= step.getStatus() == StepStatus.SETTLED;
        }
        if (allSettled) {
            actions.add(new Action.Close());
        }
        return actions;
    }

    private static List<Action> giveUp(List<StepProgress> steps, Outcome outcome) {
        List<Action> actions = new ArrayList<>();
        for (StepProgress step : steps) {
            if (step.getStatus() != StepStatus.SETTLED) {
                actions.add(new Action.GiveUp(step.getName(), outcome));
            }
        }
        actions.add(new Action.Close());
        return actions;
    }

    private static boolean endsDialogue(Outcome outcome) {
        return switch (outcome) {
            case TRUNCATED, EMPTY, OVERSIZED, PROVIDER_ERROR, NOT_REACHED, CANCELLED -> true;
            case ANSWERED, ANSWER_UNPARSEABLE, MODEL_REFUSED, JUDGED, JUDGE_UNPARSEABLE, JUDGE_REFUSED, JUDGE_ERROR,
                    UNKNOWN ->
                false;
        };
    }

    private static StepProgress waiting(String name, StepKind kind) {
        return new StepProgress(name, kind, StepStatus.WAITING, 1, 0, null, 0);
    }
}
