package io.turnstream.dispatch;

import java.time.Duration;

/// What a quota means in time.
///
/// An attempt that is allowed now can reach the provider no later than `leaseLife + margin` from now. So it counts here
/// for that long and for a whole window after it: then no window of the provider's can hold more than was granted.
///
/// @param window what a quota counts in: a minute
/// @param leaseLife how long after a lease was asked for its last attempt may be sent
/// @param margin most time between sending an attempt and its arrival at the provider, beyond that of the quickest;
///        also for a process that is not given the processor in between
record QuotaTerms(Duration window, Duration leaseLife, Duration margin) {

    /// A minute's: leases of 3 s, 2 s of margin.
    static final QuotaTerms MINUTE = of(Duration.ofMinutes(1));

    private static final long LEASES_PER_WINDOW = 20;
    private static final long MARGINS_PER_WINDOW = 30;

    QuotaTerms {
        if (!window.isPositive() || !leaseLife.isPositive() || margin.isNegative()) {
            throw new IllegalArgumentException(
                    "a quota needs times: window " + window + ", leases " + leaseLife + ", margin " + margin);
        }
    }

    /// The terms for a window: leases of a twentieth, within 1 and 3 s, and a thirtieth of margin, within 1 and 2 s.
    static QuotaTerms of(Duration window) {
        return new QuotaTerms(window,
                Duration.ofMillis(Math.clamp(window.toMillis() / LEASES_PER_WINDOW, 1_000, 3_000)),
                Duration.ofMillis(Math.clamp(window.toMillis() / MARGINS_PER_WINDOW, 1_000, 2_000)));
    }
}
