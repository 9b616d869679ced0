package io.turnstream.projection.document;

import org.jspecify.annotations.Nullable;

/// Sampling parameters of a call; null where none was sent.
public record Parameters(@Nullable Double temperature, @Nullable Integer maxTokens, @Nullable Long seed) {}
