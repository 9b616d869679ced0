package io.turnstream.projection.report;

import org.jspecify.annotations.Nullable;

/// What calls of one run to its model, or to one judge, have taken.
///
/// Steps that were tried again count with all their tries, and so does an answer that was paid and not accepted because
/// another was.
///
/// @param role `model` or `judge`
/// @param name `provider/name` as requested
/// @param judgementSetId the judge's set; null for the model
/// @param calls attempts made for what stands in the figures now, and answers that were paid and not accepted
/// @param inputTokens of prompts, as the provider counted them
/// @param outputTokens of answers, likewise
/// @param costNanoUsd 1e-9 USD, as far as the price is known
/// @param unpriced answered steps whose price is not known
/// @param inputUsdPerMillion price of a million prompt tokens when the calls were asked for; null where it was not
///         known
/// @param outputUsdPerMillion price of a million completion tokens, likewise
/// @param limitNanoUsd most money that may be spent; null for no limit
public record Spending(
        String role, String name, @Nullable String judgementSetId, long calls, long inputTokens, long outputTokens,
        long costNanoUsd,
        long unpriced, @Nullable Double inputUsdPerMillion, @Nullable Double outputUsdPerMillion,
        @Nullable Long limitNanoUsd) {

    /// The model under test.
    public static final String MODEL = "model";

    /// A judge.
    public static final String JUDGE = "judge";
}
