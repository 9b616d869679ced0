package io.turnstream.benchmark.pack;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One finished round of a dialogue.
///
/// @param user the user's turn, as the data set has it
/// @param assistant the model's answer; null where its provider blocked it, so that the pack's placeholder stands in
public record Exchange(String user, @Nullable String assistant) {

    public Exchange {
        Objects.requireNonNull(user, "user");
        if (user.isBlank()) {
            throw new IllegalArgumentException("A user turn has no text");
        }
    }

    /// Lengths only: prompts and answers are not for logs.
    @Override
    public String toString() {
        String answer = assistant;
        return "Exchange[user %d characters, assistant %s]".formatted(user.length(),
                answer == null ? "blocked" : answer.length() + " characters");
    }
}
