package io.turnstream.projection.document;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What came back from a model or a judge, with all that shaped it.
///
/// @param text the final text without reasoning; null where there was none or it is withheld
/// @param firstText the first raw text, where it is another: reasoning was taken out of it, or the call was repeated
///         because it could not be used
/// @param reading what the parser read: a letter, `true`, `false` or a score
/// @param explanation a judge's words
/// @param servedModel the model as the server named it
/// @param costNanoUsd 1e-9 USD; null where the price is not known
/// @param promptDigest SHA-256 (hex) of the rendered messages as sent
/// @param worker which worker process answered
public record AnswerFacts(
        @Nullable String text, @Nullable String firstText, @Nullable String reading, @Nullable String explanation,
        @Nullable String finishReason, @Nullable String servedModel, @Nullable String systemFingerprint,
        Parameters requested,
        Parameters effective, @Nullable Tokens tokens, @Nullable Long costNanoUsd, List<AttemptFacts> attempts,
        String promptDigest, @Nullable String error, String worker, Instant startedAt, Instant endedAt) {

    private static final Set<String> UNUSABLE = Set.of("unparseable", "refused");

    public AnswerFacts {
        attempts = List.copyOf(attempts);
    }

    /// Whether the call was repeated because what the judge said first was no verdict.
    public boolean isAskedAgain() {
        return attempts.stream().limit(Math.max(0, attempts.size() - 1))
                .anyMatch(attempt -> UNUSABLE.contains(attempt.cause()));
    }

    /// Tokens as the provider counted them.
    ///
    /// @param reasoning those among the output
    public record Tokens(long input, long output, long reasoning) {}

    /// One attempt at the call.
    ///
    /// @param cause `ok`, or why it failed
    /// @param httpStatus null where there was no response
    /// @param latencyMillis until the answer or the failure
    /// @param waitedMillis back-off before it
    public record AttemptFacts(
            String cause, @Nullable Integer httpStatus, Instant startedAt, long latencyMillis, long waitedMillis) {}

    /// Names model and digest, never a text.
    @Override
    public String toString() {
        return "AnswerFacts[model=%s, finishReason=%s, attempts=%d, promptDigest=%s]".formatted(servedModel,
                finishReason,
                attempts.size(), promptDigest);
    }
}
