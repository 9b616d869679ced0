package io.turnstream.providers.work;

import io.turnstream.contracts.DeferralReason;
import org.jspecify.annotations.Nullable;

/// Why a request ends without an answer for now.
public sealed interface Unanswered extends Response, Conclusion {

    /// What follows when a call may not begin.
    ///
    /// @throws IllegalArgumentException for [Permission#GO]
    static Unanswered because(Permission permission, long nowMillis) {
        return switch (permission) {
            case PAUSED -> new HandedBack(DeferralReason.PAUSED, "the run is paused", nowMillis);
            case DROPPED -> new Dropped(Paid.NOTHING);
            case REVOKED -> new Left(Paid.NOTHING);
            case GO -> throw new IllegalArgumentException("the call may begin");
        };
    }

    /// What calls for the request have taken all the same, which no answer will count.
    Paid paid();

    /// The same after calls that have taken so much.
    default Unanswered after(Paid earlier) {
        return earlier.isNothing() ? this : switch (this) {
            case HandedBack back -> new HandedBack(back.reason(), back.detail(), back.notBeforeMillis(),
                    earlier.plus(back.paid()), back.providerMessage());
            case Dropped dropped -> new Dropped(earlier.plus(dropped.paid()));
            case Left left -> new Left(earlier.plus(left.paid()));
        };
    }

    /// The request goes back to the dispatcher, which sends it again.
    ///
    /// @param detail one line of our own for people, without secrets
    /// @param notBeforeMillis earliest time to send it again, ms since the epoch
    /// @param providerMessage what the provider said, without secrets; it can quote a prompt. Null where it said
    ///         nothing
    record HandedBack(DeferralReason reason, String detail, long notBeforeMillis, Paid paid,
            @Nullable String providerMessage)
            implements
                Unanswered {

        /// The provider said nothing.
        public HandedBack(DeferralReason reason, String detail, long notBeforeMillis, Paid paid) {
            this(reason, detail, notBeforeMillis, paid, null);
        }

        /// Nothing was paid.
        public HandedBack(DeferralReason reason, String detail, long notBeforeMillis) {
            this(reason, detail, notBeforeMillis, Paid.NOTHING);
        }

        /// Without what the provider said, which can quote a prompt.
        @Override
        public String toString() {
            return "HandedBack[%s, %s, %d, %s]".formatted(reason, detail, notBeforeMillis, paid);
        }
    }

    /// Nobody waits for an answer: the dispatcher has closed the dialogue.
    record Dropped(Paid paid) implements Unanswered {}

    /// The request is left to whoever owns its partition now.
    record Left(Paid paid) implements Unanswered {}
}
