package io.turnstream.providers.work;

import io.turnstream.providers.forms.KnownForms;
import org.jspecify.annotations.Nullable;

/// What came of a call, its retries included.
public sealed interface Response permits Response.Replied, Response.Refused, Response.Failed, Response.Oversized, Unanswered {

    /// The model replied.
    ///
    /// @param text what it said; blank where it said nothing, after retries
    /// @param error why the text is blank, one line with the remedy where there is one; null where it is not
    record Replied(CallRecord call, String text, @Nullable String error) implements Response {

        /// Whether there is any text.
        public boolean isEmpty() {
            return text.isBlank();
        }

        /// Whether the reply stopped at the token limit.
        public boolean isCut() {
            return KnownForms.bundled().isCut(call.finishReason());
        }

        /// Length only: answers are not for logs.
        @Override
        public String toString() {
            return "Replied[%d characters]".formatted(text.length());
        }
    }

    /// The provider's refusal or filter signal.
    ///
    /// @param text what came with it, or an empty text
    /// @param why one line of our own; what the provider said is in the record of the call
    record Refused(CallRecord call, String text, String why) implements Response {

        @Override
        public String toString() {
            return "Refused[%d characters]".formatted(text.length());
        }
    }

    /// The call failed for good: its retries are spent, or the provider rejects it whoever asks.
    ///
    /// @param error one line of our own, without secrets; what the provider said is in the record of the call
    record Failed(CallRecord call, String error) implements Response {}

    /// The model replied with more text than is recorded. Nothing of it is kept; it is paid, and not asked for again.
    ///
    /// @param error one line
    record Oversized(CallRecord call, String error) implements Response {}
}
