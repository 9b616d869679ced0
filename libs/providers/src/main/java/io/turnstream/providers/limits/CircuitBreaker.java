package io.turnstream.providers.limits;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Whether a model is worth calling at all. Pure: time comes in as nanoseconds of a clock that only goes forward. Not
/// safe for threads; [ModelGate] is.
///
/// ```
///            5 failures in a row that look like an outage,
///            each sent after the last success
///   CLOSED ───────────────────────────────────────────────► OPEN for 1, 2, 4, 8, 15, 15, ... s
///     ▲                                                       │ ▲
///     │ any success                         the time is over  │ │ the probe fails
///     └────────────────────────── HALF_OPEN, one probe ◄──────┘─┘
/// ```
///
/// A failure sent before the last success does not count: with many calls in flight the slow ones, and those that time
/// out, tell of a past that newer answers have already refuted.
final class CircuitBreaker {

    /// What is let through.
    enum State {
        CLOSED, OPEN, HALF_OPEN
    }

    private static final int FAILURES_THAT_OPEN = 5;
    private static final long FIRST_OPEN = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_OPEN = Duration.ofSeconds(15).toNanos();
    private static final long SHORTEST_PROBE_WAIT = Duration.ofMillis(500).toNanos();
    private static final long LONGEST_PROBE_WAIT = Duration.ofSeconds(10).toNanos();

    private State state = State.CLOSED;
    private int failures;
    private long openFor = FIRST_OPEN;
    private long openUntil;
    private long probeSince;
    private @Nullable Long lastServed;

    State state() {
        return state;
    }

    /// Asks for one call. A call that is let through must be reported by [#served], [#failed] or [#abandoned].
    ///
    /// @return 0 if it may be made, otherwise nanoseconds until it is worth asking again
    long ask(long now) {
        return switch (state) {
            case CLOSED -> 0;
            case OPEN -> {
                if (openUntil - now > 0) {
                    yield openUntil - now;
                }
                state = State.HALF_OPEN;
                probeSince = now;
                yield 0;
            }
            case HALF_OPEN -> Math.clamp(now - probeSince, SHORTEST_PROBE_WAIT, LONGEST_PROBE_WAIT);
        };
    }

    /// Whether anybody was served after that time.
    boolean hasServedSince(long since) {
        return lastServed != null && lastServed - since >= 0;
    }

    /// The server answered, with whatever but an outage.
    ///
    /// @param success false if the answer was a refusal of the call, such as 429: the server lives, but served nobody
    /// @return whether this closed the circuit
    boolean served(boolean success, long now) {
        boolean closed = state != State.CLOSED;
        if (success) {
            lastServed = now;
        }
        state = State.CLOSED;
        failures = 0;
        openFor = FIRST_OPEN;
        return closed;
    }

    /// The call failed as if the server were down.
    void failed(long startedAt, long now) {
        switch (state) {
            case CLOSED -> {
                if (lastServed != null && startedAt - lastServed < 0) {
                    return;
                }
                failures++;
                if (failures >= FAILURES_THAT_OPEN) {
                    open(now);
                }
            }
            case HALF_OPEN -> {
                if (startedAt - probeSince >= 0) {
                    openFor = Math.min(2 * openFor, LONGEST_OPEN);
                    open(now);
                }
            }
            case OPEN -> {
                // Sent before the circuit opened: nothing new.
            }
        }
    }

    /// A call that was let through was not made or given up.
    void abandoned(long now) {
        if (state == State.HALF_OPEN) {
            state = State.OPEN;
            openUntil = now;
        }
    }

    private void open(long now) {
        state = State.OPEN;
        openUntil = now + openFor;
        failures = 0;
    }
}
