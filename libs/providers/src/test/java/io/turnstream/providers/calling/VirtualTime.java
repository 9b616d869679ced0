package io.turnstream.providers.calling;

import java.time.Duration;
import java.time.Instant;

/// Time that passes only by sleeping or by being told to.
public final class VirtualTime implements Time {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    private long nanos;

    @Override
    public Instant now() {
        return START.plusNanos(nanos);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) {
        pass(duration);
    }

    public void pass(Duration duration) {
        nanos += duration.toNanos();
    }

    /// Since the start.
    public Duration passed() {
        return Duration.ofNanos(nanos);
    }
}
