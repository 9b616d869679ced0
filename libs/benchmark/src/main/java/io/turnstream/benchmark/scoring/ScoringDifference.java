package io.turnstream.benchmark.scoring;

import io.turnstream.benchmark.Outcome;
import io.turnstream.benchmark.parsing.ReferenceParsers;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One answer that the two scorings see differently, and why.
///
/// | `corrected` read | `reference` read | question | verdict |
/// |---|---|---|---|
/// | B | A | fault 2 | |
/// | nothing | A | fault 2 | |
/// | B | nothing | fault 2; the answer leaves the denominator, too (fault 3) | |
/// | nothing | nothing | fault 3: not correct, against left out | no difference: neither has a score |
/// | 4 | 1 | | fault 4 |
/// | nothing | 1 | | fault 4 |
/// | 4 | nothing | | fault 4; none where the judge was asked again and the first text held no score |
///
/// @param fault the fault of the published code; null where there is none, because `corrected` reads a repeated answer
///         and `reference` the first
/// @param why what happened, one sentence without the answer's text
/// @param corrected what the strict parser read: a letter, `true`, `false` or a score; null if nothing
/// @param reference what the published parser read; null if nothing
/// @param score what the answer adds under both scorings
public record ScoringDifference(@Nullable PublishedFault fault, String why, @Nullable String corrected,
        @Nullable String reference, StepScore score) {

    public ScoringDifference {
        Objects.requireNonNull(why, "why");
        Objects.requireNonNull(score, "score");
    }

    /// The difference, if there is one.
    ///
    /// @param score what the step adds under both scorings
    /// @param corrected what the strict parser read of the final answer; null if nothing
    /// @param firstRawAnswer the text of the first answer, which the published parsers read; null if there was none
    /// @param askedAgain whether the call was repeated because that first text could not be used
    public static Optional<ScoringDifference> of(StepScore score, @Nullable String corrected,
            @Nullable String firstRawAnswer, boolean askedAgain) {
        String reference = reference(score, firstRawAnswer);
        if (score.metric().isJudged()) {
            return ofVerdict(score, corrected, reference, askedAgain);
        }
        if (!Objects.equals(corrected, reference)) {
            return Optional.of(new ScoringDifference(PublishedFault.MISREAD_ANSWER,
                    misread(score.outcome(), corrected, reference), corrected, reference, score));
        }
        if (score.correctedCounted() && !score.referenceCounted()) {
            return Optional
                    .of(new ScoringDifference(PublishedFault.LEFT_OUT, leftOut(score.outcome()), null, null, score));
        }
        return Optional.empty();
    }

    /// Whether the answer adds something else to its metric under the one scoring than under the other. Two readings
    /// can differ and both be wrong.
    public boolean changesScore() {
        return score.correctedCounted() != score.referenceCounted() || score.correctedValue() != score.referenceValue();
    }

    private static Optional<ScoringDifference> ofVerdict(StepScore score, @Nullable String corrected,
            @Nullable String reference, boolean askedAgain) {
        if (Objects.equals(corrected, reference)) {
            return Optional.empty();
        }
        if (reference == null && askedAgain) {
            return Optional.of(new ScoringDifference(null,
                    "the judge's first text holds no score, and it was asked again", corrected, null, score));
        }
        String why = reference == null
                ? "the published parser misses the score that the verdict gives"
                : corrected == null
                        ? "the published parser takes a digit for a score, where the verdict gives none"
                        : "the published parser takes another digit for the score";
        return Optional.of(new ScoringDifference(PublishedFault.MISREAD_VERDICT, why, corrected, reference, score));
    }

    private static @Nullable String reference(StepScore score, @Nullable String firstRawAnswer) {
        Object read = switch (score.metric().stepKind()) {
            case MCQ -> ReferenceParsers.choice(firstRawAnswer);
            case TF -> ReferenceParsers.trueFalse(firstRawAnswer);
            case JUDGE -> ReferenceParsers.judgeScore(firstRawAnswer);
            case TURN -> throw new IllegalArgumentException("A turn has no score of its own");
        };
        return read == null ? null : read.toString();
    }

    private static String misread(Outcome outcome, @Nullable String corrected, @Nullable String reference) {
        if (reference == null) {
            return "the published parser misses the answer, which so leaves the denominator";
        }
        if (corrected != null) {
            return "the published parser reads another answer than the text gives";
        }
        return outcome == Outcome.MODEL_REFUSED
                ? "the published parser reads an answer out of a refusal"
                : "the published parser reads an answer where the text gives none, or more than one";
    }

    private static String leftOut(Outcome outcome) {
        return switch (outcome) {
            case MODEL_REFUSED -> "a refusal is left out of the denominator; it counts as not correct";
            case TRUNCATED, EMPTY -> "an answer without text is left out of the denominator; it counts as not correct";
            case ANSWERED, ANSWER_UNPARSEABLE, PROVIDER_ERROR, OVERSIZED, NOT_REACHED, CANCELLED, JUDGED,
                    JUDGE_UNPARSEABLE, JUDGE_REFUSED,
                    JUDGE_ERROR ->
                "an answer that names no option is left out of the denominator; it counts as not correct";
        };
    }
}
