package io.turnstream.providers;

/// Tokens of one call, as the provider counted them.
///
/// @param inputTokens     prompt tokens
/// @param outputTokens    completion tokens, reasoning included
/// @param reasoningTokens reasoning tokens among the output
public record Usage(long inputTokens, long outputTokens, long reasoningTokens) {

    /// No tokens.
    public static final Usage ZERO = new Usage(0, 0, 0);

    public Usage {
        if (inputTokens < 0 || outputTokens < 0 || reasoningTokens < 0) {
            throw new IllegalArgumentException(
                "negative token count: " + inputTokens + ", " + outputTokens + ", " + reasoningTokens);
        }
    }

    public Usage plus(Usage other) {
        return new Usage(inputTokens + other.inputTokens, outputTokens + other.outputTokens,
            reasoningTokens + other.reasoningTokens);
    }
}
