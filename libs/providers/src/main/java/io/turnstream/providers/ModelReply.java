package io.turnstream.providers;

import io.turnstream.events.AnswerBounds;
import io.turnstream.providers.forms.KnownForms;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How one attempt at a model ended.
public sealed interface ModelReply {

    /// The model answered.
    ///
    /// @param text   what it said; may be empty
    /// @param served how it was served
    record Answered(String text, Served served) implements ModelReply {

        /// Nothing but white space was said.
        public boolean isEmpty() {
            return text.isBlank();
        }

        /// Nothing was said because the token limit was reached first.
        public boolean isTruncated() {
            return isEmpty() && KnownForms.bundled().isCut(served.finishReason());
        }

        @Override
        public String toString() {
            return "Answered[%d characters, %s]".formatted(text.length(), served);
        }
    }

    /// The provider itself refused to answer or to pass the answer on. (A model that declines politely has answered.)
    ///
    /// @param kind            how it was refused
    /// @param text            the refusal or what is left of the answer; may be empty
    /// @param served          how it was served
    /// @param providerMessage what the provider said of it, as [Redactor#quote] leaves it; null where it said nothing
    record Refused(Kind kind, String text, Served served, @Nullable String providerMessage) implements ModelReply {

        /// The provider said nothing of it.
        public Refused(Kind kind, String text, Served served) {
            this(kind, text, served, null);
        }

        /// How a provider refuses.
        public enum Kind {
            /// The answer's own refusal field.
            REFUSAL,
            /// A content filter, on what was asked or on what was answered.
            CONTENT_FILTER
        }

        @Override
        public String toString() {
            return "Refused[%s, %d characters, %s]".formatted(kind, text.length(), served);
        }
    }

    /// The model answered with more text than is recorded: [AnswerBounds#MOST_BYTES]. Nothing of it is kept.
    ///
    /// @param served how it was served; its usage is paid like that of any answer, and null where the answer was not
    ///         read to its end
    record Oversized(Served served) implements ModelReply {}

    /// There is no answer.
    ///
    /// @param cause           why
    /// @param httpStatus      the status, where there was a response
    /// @param retryAfter      how long the provider asks to wait, where it does
    /// @param message         one line of our own for people: status, code, cause and remedy. It quotes neither the
    ///                        provider nor a prompt and holds no secret
    /// @param providerMessage what the provider said, as [Redactor#quote] leaves it. It can quote the prompt. Null
    ///                        where it said nothing
    /// @param usage           tokens that the provider counted all the same; null if it counted none
    /// @param finishReason    why a text ended that cannot be used, as received; null where there was none
    record Failed(
            FailureCause cause,
            @Nullable Integer httpStatus,
            @Nullable Duration retryAfter,
            String message,
            @Nullable String providerMessage,
            @Nullable Usage usage,
            @Nullable String finishReason) implements ModelReply {

        /// There was no text that could have ended.
        public Failed(FailureCause cause, @Nullable Integer httpStatus, @Nullable Duration retryAfter, String message,
                @Nullable String providerMessage, @Nullable Usage usage) {
            this(cause, httpStatus, retryAfter, message, providerMessage, usage, null);
        }

        /// The provider said and counted nothing.
        public Failed(FailureCause cause, @Nullable Integer httpStatus, @Nullable Duration retryAfter, String message) {
            this(cause, httpStatus, retryAfter, message, null, null);
        }

        /// The same for another cause.
        public Failed as(FailureCause other) {
            return new Failed(other, httpStatus, retryAfter, message, providerMessage, usage, finishReason);
        }

        /// The same with another finish reason.
        Failed ending(@Nullable String other) {
            return new Failed(cause, httpStatus, retryAfter, message, providerMessage, usage, other);
        }

        /// Without what the provider said, which can quote the prompt.
        @Override
        public String toString() {
            return "Failed[%s, %s, %s]".formatted(cause, httpStatus, message);
        }
    }

    /// What is known about an answer beside its text.
    ///
    /// @param model             the model as the server named it
    /// @param systemFingerprint the server's configuration id
    /// @param finishReason      why the answer ended, as received: `stop`, `length`, `MAX_TOKENS`, `content_filter:
    ///                          hate`, ...
    /// @param usage             tokens
    /// @param effective         the parameters that were sent and accepted
    /// @param adaptations       how they differ from those requested
    /// @param reasoning         what the model reasoned before its text, where the provider keeps it apart
    record Served(
            @Nullable String model,
            @Nullable String systemFingerprint,
            @Nullable String finishReason,
            @Nullable Usage usage,
            CallParameters effective,
            Set<Adaptation> adaptations,
            @Nullable String reasoning) {

        public Served {
            adaptations = Set.copyOf(adaptations);
        }

        /// Without the reasoning: what a model says is not for logs.
        @Override
        public String toString() {
            return "Served[%s, %s, %s, %s, %s, %s]".formatted(model, systemFingerprint, finishReason, usage, effective,
                    adaptations);
        }
    }
}
