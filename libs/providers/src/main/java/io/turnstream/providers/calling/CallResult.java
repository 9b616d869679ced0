package io.turnstream.providers.calling;

import io.turnstream.providers.ModelReply;
import io.turnstream.providers.Usage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of a call.
public sealed interface CallResult {

    /// Every attempt so far, in order; those of earlier deferrals that this process still remembers come first.
    List<Attempt> attempts();

    /// It is over, for better or worse.
    ///
    /// @param ending   how, in one word
    /// @param reply    the last attempt's
    /// @param usage    tokens over all attempts that the provider counted; null if it counted none
    /// @param error    what went wrong, in one line with the remedy where there is one; null if nothing did
    /// @param attempts every attempt
    record Settled(
            Ending ending, ModelReply reply, @Nullable Usage usage, @Nullable String error, List<Attempt> attempts)
            implements
                CallResult {

        public Settled {
            attempts = List.copyOf(attempts);
        }
    }

    /// How a call ends.
    enum Ending {
        /// With a text.
        ANSWERED,
        /// The provider refused.
        REFUSED,
        /// Empty, because the token limit was reached first.
        TRUNCATED,
        /// Empty, each time.
        EMPTY,
        /// With more text than is recorded. It is not asked for again: it would be paid again, and as long.
        OVERSIZED,
        /// No answer within the allowed retries, or none to be had.
        FAILED
    }

    /// It has to be asked again later, by whoever gets it then. Nothing is lost: this uses up no retry.
    ///
    /// @param cause           why
    /// @param notBefore       earliest time to ask again
    /// @param detail          one line for people, without secrets, that does not quote the provider
    /// @param providerMessage what the provider said, which can quote a prompt; null where it said nothing
    /// @param usage           tokens that the provider counted since the last deferral; null if it counted none
    /// @param attempts        every attempt so far
    record Deferred(
            DeferralCause cause,
            Instant notBefore,
            String detail,
            @Nullable String providerMessage,
            @Nullable Usage usage,
            List<Attempt> attempts) implements CallResult {

        public Deferred {
            attempts = List.copyOf(attempts);
        }
    }
}
