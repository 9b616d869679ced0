package io.turnstream.providers;

import java.util.Objects;

/// One message of a call.
///
/// @param role      who speaks
/// @param text      what is said, never blank
/// @param withImage whether the call's image goes with it; only ever a user's message
public record ChatTurn(Role role, String text, boolean withImage) {

    /// Who speaks.
    public enum Role {
        SYSTEM, USER, ASSISTANT
    }

    public ChatTurn {
        Objects.requireNonNull(role, "role");
        if (text.isBlank()) {
            throw new IllegalArgumentException("a message of role " + role + " has no text");
        }
        if (withImage && role != Role.USER) {
            throw new IllegalArgumentException("an image goes with a user's message, not with one of role " + role);
        }
    }

    public static ChatTurn system(String text) {
        return new ChatTurn(Role.SYSTEM, text, false);
    }

    public static ChatTurn user(String text) {
        return new ChatTurn(Role.USER, text, false);
    }

    public static ChatTurn userWithImage(String text) {
        return new ChatTurn(Role.USER, text, true);
    }

    public static ChatTurn assistant(String text) {
        return new ChatTurn(Role.ASSISTANT, text, false);
    }

    /// Role and length only: prompts are not for logs.
    @Override
    public String toString() {
        return "ChatTurn[%s, %d characters%s]".formatted(role, text.length(), withImage ? ", with image" : "");
    }
}
