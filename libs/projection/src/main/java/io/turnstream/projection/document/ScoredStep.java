package io.turnstream.projection.document;

import org.jspecify.annotations.Nullable;

/// What one settled step contributes to the scores: a document of `score_rows`.
///
/// @param rowId `dialogueId#step`, for judgements with `:judgementSetId`
/// @param version sequence of the accepted event it comes from
/// @param step `r1`, `mcq-0`, `tf-0`, `judge`, ...
/// @param kind `turn`, `mcq`, `tf` or `judge`
/// @param judgementSetId null for turns and questions
/// @param outcome wire name of the final outcome
/// @param corrected contribution under the strict parsers
/// @param reference contribution under the published parsers
/// @param attempts attempts made
/// @param inputTokens prompt tokens
/// @param outputTokens completion tokens
/// @param costNanoUsd 1e-9 USD; null where the price is not known
public record ScoredStep(
        String rowId, long version, DialogueSubject subject, String step, String kind, @Nullable String judgementSetId,
        String outcome, Contribution corrected, Contribution reference, int attempts, long inputTokens,
        long outputTokens,
        @Nullable Long costNanoUsd) {

    /// What a step adds to one scoring.
    ///
    /// @param counted whether it is in the denominator
    /// @param value 0 or 1 for questions, 1..5 for judgements; 0 where not counted
    public record Contribution(boolean counted, int value) {}
}
