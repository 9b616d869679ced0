package io.turnstream.providers.limits;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.LongToIntFunction;
import org.jspecify.annotations.Nullable;

/// A server in virtual time with callers that never run out of calls, all under one policy. It takes so many at a time
/// and answers 429 above that.
final class SimulatedServer {

    private static final long MILLI = 1_000_000L;
    private static final long REFUSAL_NANOS = 5 * MILLI;

    private record Event(long at, int level, long startedAt, boolean accepted) {}

    private final LimitPolicy policy = new LimitPolicy();
    private final Random random;
    private final LongToIntFunction capacityAtMillis;
    private final long latencyNanos;
    private final @Nullable Duration retryAfter;
    private final double faultShare;
    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::at));
    private long now;
    private int active;
    private double busyNanos;
    private long measuredNanos;
    private double capacityNanos;
    private int measuredAnswers;
    private int measuredRefusals;

    /// @param faultShare share of calls that are turned away for no reason
    SimulatedServer(long seed, LongToIntFunction capacityAtMillis, Duration latency, @Nullable Duration retryAfter,
            int maxConnections, double faultShare) {
        this.random = new Random(seed);
        this.capacityAtMillis = capacityAtMillis;
        this.latencyNanos = latency.toNanos();
        this.retryAfter = retryAfter;
        this.faultShare = faultShare;
        policy.boundedBy(maxConnections);
    }

    LimitPolicy policy() {
        return policy;
    }

    /// Runs, and measures the last part.
    SimulatedServer run(Duration whole, Duration measuredFrom) {
        long end = whole.toNanos();
        while (now < end) {
            while (policy.mayAdmit(now)) {
                arrive(policy.admitted(now));
            }
            Event next = events.peek();
            long wake = policy.untilWake(now);
            long until = Math.min(end, Math.min(next == null ? end : next.at(), wake == 0 ? end : now + wake));
            if (now >= measuredFrom.toNanos()) {
                measuredNanos += until - now;
                busyNanos += (double) active * (until - now);
                capacityNanos += (double) capacity() * (until - now);
            }
            now = until;
            for (next = events.peek(); next != null && next.at() <= now; next = events.peek()) {
                finish(events.poll(), now >= measuredFrom.toNanos());
            }
        }
        return this;
    }

    private int capacity() {
        return capacityAtMillis.applyAsInt(now / MILLI);
    }

    private void arrive(int level) {
        if (active >= capacity() || random.nextDouble() < faultShare) {
            events.add(new Event(now + REFUSAL_NANOS, level, now, false));
        } else {
            active++;
            events.add(new Event(now + (long) (latencyNanos * (0.5 + random.nextDouble())), level, now, true));
        }
    }

    private void finish(Event event, boolean measured) {
        if (event.accepted()) {
            active--;
            policy.served(event.level(), event.startedAt(), now);
            measuredAnswers += measured ? 1 : 0;
        } else {
            policy.turnedAway(event.level(), event.startedAt(), now, retryAfter);
            measuredRefusals += measured ? 1 : 0;
        }
    }

    /// Calls in flight at the server, on average.
    double averageInFlight() {
        return busyNanos / measuredNanos;
    }

    /// What share of its places were taken, on average.
    double utilisation() {
        return busyNanos / capacityNanos;
    }

    /// What share of calls was turned away.
    double refusals() {
        return (double) measuredRefusals / (measuredRefusals + measuredAnswers);
    }
}
