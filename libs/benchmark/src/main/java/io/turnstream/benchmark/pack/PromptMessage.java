package io.turnstream.benchmark.pack;

import java.util.Objects;

/// One message of a request.
///
/// @param role who speaks
/// @param text what is said, never blank
/// @param withImage whether the dialogue's image goes with it; only ever a user's message
public record PromptMessage(Role role, String text, boolean withImage) {

    public PromptMessage {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(text, "text");
        if (text.isBlank()) {
            throw new IllegalArgumentException("A prompt message of role " + role + " has no text");
        }
        if (withImage && role != Role.USER) {
            throw new IllegalArgumentException("An image goes with a user's message, not with one of role " + role);
        }
    }

    static PromptMessage system(String text) {
        return new PromptMessage(Role.SYSTEM, text, false);
    }

    static PromptMessage user(String text, boolean withImage) {
        return new PromptMessage(Role.USER, text, withImage);
    }

    static PromptMessage assistant(String text) {
        return new PromptMessage(Role.ASSISTANT, text, false);
    }

    /// Role and length only: prompts are not for logs.
    @Override
    public String toString() {
        return "PromptMessage[%s, %d characters%s]".formatted(role, text.length(), withImage ? ", with image" : "");
    }
}
