package io.turnstream.providers.limits;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A [LimitPolicy] that threads wait at: the higher priority first, and among equals who came first.
final class AdaptiveLimiter {

    private static final long LOOKS_AROUND_NANOS = Duration.ofSeconds(2).toNanos();

    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
    private final LimitPolicy policy = new LimitPolicy();
    private final LongSupplier nanoClock;
    private long arrivals;

    AdaptiveLimiter(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    private record Waiter(int priority, long arrival, Condition turn) implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            return priority != other.priority
                ? Integer.compare(other.priority, priority)
                : Long.compare(arrival, other.arrival);
        }
    }

    /// Waits for a place.
    ///
    /// @param aborted looked at about every two seconds while waiting
    /// @return how many are in flight with it, to be given back when the call is over; 0 if the caller asked to stop
    int acquire(int priority, int maxConnections, BooleanSupplier aborted) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            policy.boundedBy(maxConnections);
            if (waiters.isEmpty() && policy.mayAdmit(nanoClock.getAsLong(), maxConnections)) {
                return policy.admitted(nanoClock.getAsLong());
            }
            Waiter self = new Waiter(priority, arrivals++, lock.newCondition());
            waiters.add(self);
            try {
                return await(self, maxConnections, aborted);
            } finally {
                waiters.remove(self);
                callNext();
            }
        } finally {
            lock.unlock();
        }
    }

    private int await(Waiter self, int maxConnections, BooleanSupplier aborted) throws InterruptedException {
        while (true) {
            long wait = LOOKS_AROUND_NANOS;
            if (waiters.peek() == self) {
                long now = nanoClock.getAsLong();
                if (policy.mayAdmit(now, maxConnections)) {
                    return policy.admitted(now);
                }
                long untilWake = policy.untilWake(now);
                wait = untilWake == 0 ? wait : Math.min(wait, untilWake);
            }
            if (self.turn().awaitNanos(wait) <= 0 && aborted.getAsBoolean()) {
                return 0;
            }
        }
    }

    private void callNext() {
        Waiter next = waiters.peek();
        if (next != null) {
            next.turn().signal();
        }
    }

    /// A call that had a place was answered.
    void served(int level, long startedNanos) {
        lock.lock();
        try {
            policy.served(level, startedNanos, nanoClock.getAsLong());
            callNext();
        } finally {
            lock.unlock();
        }
    }

    /// A call that had a place was turned away with 429.
    void turnedAway(int level, long startedNanos, @Nullable Duration retryAfter) {
        lock.lock();
        try {
            policy.turnedAway(level, startedNanos, nanoClock.getAsLong(), retryAfter);
            callNext();
        } finally {
            lock.unlock();
        }
    }

    /// A call that had a place failed otherwise.
    void failed() {
        lock.lock();
        try {
            policy.failed(nanoClock.getAsLong());
            callNext();
        } finally {
            lock.unlock();
        }
    }

    /// A place was not used.
    void release() {
        lock.lock();
        try {
            policy.abandoned();
            callNext();
        } finally {
            lock.unlock();
        }
    }

    /// A call that had a place was turned down as every other would be: the next goes alone.
    void turnedDown(int level, long startedNanos) {
        lock.lock();
        try {
            policy.served(level, startedNanos, nanoClock.getAsLong());
            policy.beStrangers();
            callNext();
        } finally {
            lock.unlock();
        }
    }

    /// Starts carefully anew, after an outage.
    void restart() {
        lock.lock();
        try {
            policy.restart();
        } finally {
            lock.unlock();
        }
    }

    /// Calls that may be in flight, are in flight, and wait.
    record Load(int limit, int inFlight, int waiting) {
    }

    Load load() {
        lock.lock();
        try {
            return new Load(policy.limit(), policy.inFlight(), waiters.size());
        } finally {
            lock.unlock();
        }
    }
}
