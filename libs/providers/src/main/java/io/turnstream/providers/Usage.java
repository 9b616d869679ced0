package io.turnstream.providers;

import io.turnstream.events.Costs;

/// Tokens of one call, as the provider counted them.
///
/// @param inputTokens     prompt tokens
/// @param outputTokens    completion tokens, reasoning included
/// @param reasoningTokens reasoning tokens among the output
public record Usage(long inputTokens, long outputTokens, long reasoningTokens) {

    /// Most tokens that one call is believed to have taken: a thousand million, a thousand times the longest context.
    public static final long MOST_TOKENS = 1_000_000_000;

    /// No tokens.
    public static final Usage ZERO = new Usage(0, 0, 0);

    public Usage {
        if (inputTokens < 0 || outputTokens < 0 || reasoningTokens < 0) {
            throw new IllegalArgumentException(
                    "negative token count: " + inputTokens + ", " + outputTokens + ", " + reasoningTokens);
        }
    }

    /// What a provider says it counted, held to 0 and [#MOST_TOKENS]: a count beyond every sense must not turn sums
    /// round, and one that is too high rather stops a run at its cost limit than lets it go on for nothing.
    public static Usage counted(double inputTokens, double outputTokens, double reasoningTokens) {
        return new Usage(held(inputTokens), held(outputTokens), held(reasoningTokens));
    }

    private static long held(double tokens) {
        return (long) Math.min(Math.max(tokens, 0), MOST_TOKENS);
    }

    /// Both together, at most [Long#MAX_VALUE] of each.
    public Usage plus(Usage other) {
        return new Usage(Costs.plus(inputTokens, other.inputTokens), Costs.plus(outputTokens, other.outputTokens),
                Costs.plus(reasoningTokens, other.reasoningTokens));
    }
}
