package io.turnstream.providers.calling;

import java.time.Duration;
import java.time.Instant;

/// The time as this package sees it, so that tests can be quick and exact.
public interface Time {

    /// The wall clock.
    Instant now();

    /// A clock that only goes forward, in nanoseconds from an arbitrary point.
    long nanos();

    /// Waits.
    void sleep(Duration duration) throws InterruptedException;

    /// The machine's own.
    static Time system() {
        return new Time() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                Thread.sleep(duration);
            }
        };
    }
}
