package io.turnstream.providers.calling;

import io.turnstream.providers.ModelReply;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Decides when an attempt may be made. It is asked before each attempt, and holds a place only while one is made.
public interface Gate {

    /// Waits for a place.
    ///
    /// @param aborted looked at while waiting, at least every few seconds
    Admission ask(CallOrder order, BooleanSupplier aborted) throws InterruptedException;

    /// Whether this order's model has served anybody since then; if it has not, a failure says nothing about the call.
    ///
    /// @param sinceNanos by [Time#nanos()]
    boolean hasServedSince(CallOrder order, long sinceNanos);

    /// The answer to a caller.
    sealed interface Admission {

        /// Go on, and tell the pass how it went.
        record Open(Pass pass) implements Admission {}

        /// Not for a while.
        ///
        /// @param delay           at least so long
        /// @param detail          one line for people, of our own
        /// @param providerMessage what the provider said, where it is the reason; it can quote a prompt
        record Closed(DeferralCause cause, Duration delay, String detail,
                @Nullable String providerMessage) implements Admission {

            /// The provider said nothing.
            public Closed(DeferralCause cause, Duration delay, String detail) {
                this(cause, delay, detail, null);
            }
        }

        /// The caller asked to stop while it waited.
        record Aborted() implements Admission {}
    }

    /// A place. Exactly one of the two methods is called, once.
    interface Pass {

        /// The attempt was made.
        ///
        /// @param startedNanos when it was sent, by [Time#nanos()]
        void used(ModelReply reply, long startedNanos);

        /// It was not made, or given up halfway.
        void unused();
    }
}
