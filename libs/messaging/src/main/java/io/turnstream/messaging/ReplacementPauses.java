package io.turnstream.messaging;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How long a failed stream thread waits before another takes its place: twice as long each time, so that a cause that
/// stays does not keep a machine busy, and short again once nothing has failed for a while.
final class ReplacementPauses {

    private final Duration first;
    private final Duration longest;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Duration last = Duration.ZERO;
    private long lastNanos;

    ReplacementPauses(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
    }

    Duration next() {
        return next(System.nanoTime());
    }

    /// @param nanos now, by [System#nanoTime]
    synchronized Duration next(long nanos) {
        boolean quiet = last.isZero() || nanos - lastNanos > 2 * last.plus(longest).toNanos();
        Duration doubled = last.multipliedBy(2);
        last = quiet ? first : doubled.compareTo(longest) < 0 ? doubled : longest;
        lastNanos = nanos;
        return last;
    }

    /// Waits, unless it is closed.
    void pause(Duration pause) {
        try {
            closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close() {
        closed.countDown();
    }
}
