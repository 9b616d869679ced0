package io.turnstream.providers;

import org.jspecify.annotations.Nullable;

/// Sampling parameters of one call; what is null is not sent, so that the model's own default holds.
///
/// @param temperature 0 to 2
/// @param maxTokens   most output tokens, at least 1
/// @param seed        sampling seed
public record CallParameters(@Nullable Double temperature, @Nullable Integer maxTokens, @Nullable Long seed) {

    /// Nothing set.
    public static final CallParameters NONE = new CallParameters(null, null, null);

    public CallParameters {
        if (temperature != null && !(temperature >= 0 && temperature <= 2)) {
            throw new IllegalArgumentException("temperature is " + temperature + ", expected 0 to 2");
        }
        if (maxTokens != null && maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens is " + maxTokens + ", expected at least 1");
        }
    }
}
