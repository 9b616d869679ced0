package io.turnstream.benchmark;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// How a step finally ended. Every planned step ends in exactly one of these, so that the counts by outcome add up to
/// the plan.
///
/// | outcome | turn | question | judge | corrected score |
/// |---|---|---|---|---|
/// | `answered` | yes | yes | | counted |
/// | `answer_unparseable` | | yes | | counted as not correct |
/// | `model_refused`, `truncated`, `empty` | yes | yes | | question: counted as not correct |
/// | `provider_error`, `oversized` | yes | yes | | lowers coverage |
/// | `judged` | | | yes | counted |
/// | `judge_unparseable`, `judge_refused`, `judge_error` | | | yes | lowers coverage |
/// | `not_reached`, `cancelled` | yes | yes | yes | lowers coverage |
public enum Outcome {
    /// A turn: any text that is not empty. A question: a text the strict parser could read.
    ANSWERED,
    /// A question was answered with a text that names no option, or more than one.
    ANSWER_UNPARSEABLE,
    /// The provider refused or filtered or, for a question, the text is a refusal by the pack's patterns.
    MODEL_REFUSED,
    /// An empty text that stopped at the token limit.
    TRUNCATED,
    /// An empty text for any other reason, after retries.
    EMPTY,
    /// The call failed for good.
    PROVIDER_ERROR,
    /// The answer is longer than is recorded. It is paid for, not repeated, and nothing of it is kept.
    OVERSIZED,
    /// An earlier step ended the dialogue.
    NOT_REACHED,
    /// The run was cancelled first.
    CANCELLED,
    /// The judge gave a score.
    JUDGED,
    /// The judge's answer holds no single valid score.
    JUDGE_UNPARSEABLE,
    /// The judge, or its provider, declined.
    JUDGE_REFUSED,
    /// The judge call failed for good.
    JUDGE_ERROR;

    private static final Set<Outcome> TURN_OUTCOMES = unmodifiable(
            EnumSet.of(ANSWERED, MODEL_REFUSED, TRUNCATED, EMPTY, PROVIDER_ERROR, OVERSIZED, NOT_REACHED, CANCELLED));
    private static final Set<Outcome> QUESTION_OUTCOMES = unmodifiable(EnumSet.of(ANSWERED, ANSWER_UNPARSEABLE,
            MODEL_REFUSED, TRUNCATED, EMPTY, PROVIDER_ERROR, OVERSIZED, NOT_REACHED, CANCELLED));
    private static final Set<Outcome> JUDGE_OUTCOMES = unmodifiable(
            EnumSet.of(JUDGED, JUDGE_UNPARSEABLE, JUDGE_REFUSED, JUDGE_ERROR, NOT_REACHED, CANCELLED));

    private static Set<Outcome> unmodifiable(EnumSet<Outcome> outcomes) {
        return Collections.unmodifiableSet(outcomes);
    }

    /// The outcomes in which a step of that kind can end.
    public static Set<Outcome> forStep(StepKind kind) {
        return switch (kind) {
            case TURN -> TURN_OUTCOMES;
            case MCQ, TF -> QUESTION_OUTCOMES;
            case JUDGE -> JUDGE_OUTCOMES;
        };
    }

    /// Whether a step of that kind can end so.
    public boolean isPossibleFor(StepKind kind) {
        return forStep(kind).contains(this);
    }

    /// Returns itself if a step of that kind can end so.
    ///
    /// @throws IllegalArgumentException naming the outcomes that are possible
    public Outcome requirePossibleFor(StepKind kind) {
        if (!isPossibleFor(kind)) {
            throw new IllegalArgumentException("A step of kind %s cannot end as '%s': expected one of %s".formatted(
                    kind.wireName(),
                    wireName(), forStep(kind).stream().map(Outcome::wireName).collect(Collectors.joining(", "))));
        }
        return this;
    }

    /// Whether the step was carried out and gave something to score: `answered` or `judged`.
    public boolean isSuccess() {
        return this == ANSWERED || this == JUDGED;
    }

    /// Whether a *question* that ended so is in the corrected denominator as not correct. (Of turns, only the judge's
    /// verdict is scored.)
    public boolean countsAsIncorrect() {
        return switch (this) {
            case ANSWER_UNPARSEABLE, MODEL_REFUSED, TRUNCATED, EMPTY -> true;
            case ANSWERED, PROVIDER_ERROR, OVERSIZED, NOT_REACHED, CANCELLED, JUDGED, JUDGE_UNPARSEABLE, JUDGE_REFUSED,
                    JUDGE_ERROR ->
                false;
        };
    }

    /// Whether machinery failed, not the model: such a step never becomes a score and, like `oversized`, leaves its run
    /// incomplete.
    public boolean isInfrastructureFailure() {
        return this == PROVIDER_ERROR || this == JUDGE_ERROR;
    }

    /// Whether a step that ended so has no place in the corrected denominator and so lowers its metric's coverage.
    public boolean lowersCoverage() {
        return !isSuccess() && !countsAsIncorrect();
    }

    /// Whether a *turn* that ended so leaves nothing to go on from: the dialogue's later steps and its judge are
    /// `not_reached`. A blocked turn (`model_refused`) does not: the pack's placeholder stands in for it. `cancelled`
    /// ends a run, not a dialogue.
    public boolean endsDialogue() {
        return this == TRUNCATED || this == EMPTY || this == OVERSIZED || this == PROVIDER_ERROR;
    }

    /// The name on the wire: the constant in lower case.
    public String wireName() {
        return WireNames.of(this);
    }

    /// The constant with that wire name.
    ///
    /// @throws IllegalArgumentException naming the value and the names that exist
    public static Outcome parse(String wireName) {
        return WireNames.parse(Outcome.class, "outcome", wireName);
    }

}
