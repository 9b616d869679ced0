package io.turnstream.benchmark.pack;

import org.jspecify.annotations.Nullable;

/// The parameters of one kind of call.
///
/// @param temperature 0 to 2; null sends none, so that the model's own default holds
/// @param maxTokens the most tokens that the answer may have, at least 1
public record CallSettings(@Nullable Double temperature, int maxTokens) {

    public CallSettings {
        if (temperature != null && !(temperature >= 0 && temperature <= 2)) {
            throw new IllegalArgumentException("temperature is " + temperature + ", expected 0 to 2");
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens is " + maxTokens + ", expected at least 1");
        }
    }
}
