package io.turnstream.providers;

/// What an adapter changed about the parameters, because the model does not take them as requested.
public enum Adaptation {
    /// The token limit goes as `max_completion_tokens` instead of `max_tokens`.
    MAX_TOKENS_RENAMED,
    /// No temperature is sent.
    TEMPERATURE_DROPPED,
    /// No seed is sent.
    SEED_DROPPED
}
