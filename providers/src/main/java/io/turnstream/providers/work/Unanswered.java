package io.turnstream.providers.work;

import io.turnstream.contracts.DeferralReason;

/// Why a request ends without an answer for now.
public sealed interface Unanswered extends Response, Conclusion {

    /// What follows when a call may not begin.
    ///
    /// @throws IllegalArgumentException for [Permission#GO]
    static Unanswered because(Permission permission, long nowMillis) {
        return switch (permission) {
            case PAUSED -> new HandedBack(DeferralReason.PAUSED, "the run is paused", nowMillis);
            case DROPPED -> new Dropped();
            case REVOKED -> new Left();
            case GO -> throw new IllegalArgumentException("the call may begin");
        };
    }

    /// The request goes back to the dispatcher, which sends it again.
    ///
    /// @param detail for people, without secrets
    /// @param notBeforeMillis earliest time to send it again, ms since the epoch
    record HandedBack(DeferralReason reason, String detail, long notBeforeMillis) implements Unanswered {}

    /// Nobody waits for an answer: the dispatcher has closed the dialogue.
    record Dropped() implements Unanswered {}

    /// The request is left to whoever owns its partition now.
    record Left() implements Unanswered {}
}
