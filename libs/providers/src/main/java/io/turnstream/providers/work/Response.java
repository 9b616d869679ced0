package io.turnstream.providers.work;

import io.turnstream.benchmark.parsing.ReasonedText;
import io.turnstream.providers.forms.KnownForms;
import org.jspecify.annotations.Nullable;

/// What came of a call, its retries included.
public sealed interface Response
        permits Response.Replied, Response.Refused, Response.Failed, Response.Oversized, Unanswered {

    /// The model replied.
    ///
    /// @param said what it said, apart from what it reasoned; blank where it said nothing, after retries
    /// @param error why the text is blank, one line with the remedy where there is one; null where it is not
    record Replied(CallRecord call, ReasonedText said, @Nullable String error) implements Response {

        /// @param raw as the provider gave it
        public Replied(CallRecord call, String raw, @Nullable String error) {
            this(call, ReasonedText.of(raw), error);
        }

        public Replied {
            call = call.withReasoning(said.reasoning());
        }

        /// What it said.
        public String text() {
            return said.text();
        }

        /// Whether there is any text.
        public boolean isEmpty() {
            return said.text().isBlank();
        }

        /// The same, with what is to be done where nothing but reasoning came: such a text is paid for and never
        /// repeated, since it would end where it ended.
        Replied explained(Prompt prompt) {
            if (error != null || !said.isAllReasoning()) {
                return this;
            }
            Integer limit = call.effective().getMaxTokens();
            String raise = "raise " + prompt.maxTokensFlag() + (limit == null ? "" : " (now " + limit + ")");
            return isCut()
                    ? new Replied(call.answeredInVain("truncated"), said,
                            "the token limit was reached while the model still reasoned: " + raise)
                    : new Replied(call.answeredInVain("empty"), said,
                            "the answer holds nothing but reasoning: " + raise
                                    + ", or let the model reason less or not at all");
        }

        /// Whether the reply stopped at the token limit.
        public boolean isCut() {
            return KnownForms.bundled().isCut(call.finishReason());
        }

        /// Length only: answers are not for logs.
        @Override
        public String toString() {
            return "Replied[%d characters]".formatted(said.text().length());
        }
    }

    /// The provider's refusal or filter signal.
    ///
    /// @param said what came with it, or an empty text
    /// @param why one line of our own; what the provider said is in the record of the call
    record Refused(CallRecord call, ReasonedText said, String why) implements Response {

        /// @param raw what came with it as the provider gave it, or an empty text
        public Refused(CallRecord call, String raw, String why) {
            this(call, ReasonedText.of(raw), why);
        }

        public Refused {
            call = call.withReasoning(said.reasoning());
        }

        @Override
        public String toString() {
            return "Refused[%d characters]".formatted(said.text().length());
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
