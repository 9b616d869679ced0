package io.turnstream.providers.limits;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A [LimitPolicy] that threads wait at. Runs share a model's places evenly: the one with the fewest calls in flight is
/// next, and among equals who has waited for its turn the longest. Of one run the higher priority goes first, and among
/// equals who came first.
///
/// A run that has as many in flight as it may have waits for its own calls, and holds up nobody else.
final class AdaptiveLimiter {

    private static final long LOOKS_AROUND_NANOS = Duration.ofSeconds(2).toNanos();

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Party> parties = new HashMap<>();
    private final LimitPolicy policy = new LimitPolicy();
    private final LongSupplier nanoClock;
    private long arrivals;
    private long admissions;

    AdaptiveLimiter(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    private record Waiter(int priority, int maxConnections, long arrival,
            Condition turn) implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            return priority != other.priority
                    ? Integer.compare(other.priority, priority)
                    : Long.compare(arrival, other.arrival);
        }
    }

    /// The calls of one run, in flight and waiting.
    private static final class Party implements Comparable<Party> {

        private final String run;
        private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
        private int maxConnections;
        private int inFlight;
        private long lastAdmission;

        Party(String run) {
            this.run = run;
        }

        /// Its first caller, unless as many are in flight as it allows.
        @Nullable
        Waiter ready() {
            Waiter first = waiters.peek();
            return first != null && inFlight < first.maxConnections() ? first : null;
        }

        boolean isGone() {
            return inFlight == 0 && waiters.isEmpty();
        }

        /// Whose turn comes before.
        @Override
        public int compareTo(Party other) {
            return inFlight != other.inFlight
                    ? Integer.compare(inFlight, other.inFlight)
                    : Long.compare(lastAdmission, other.lastAdmission);
        }
    }

    /// A call's place in flight, to be given back once.
    static final class Place {

        private final Party party;
        private final int level;

        private Place(Party party, int level) {
            this.party = party;
            this.level = level;
        }
    }

    /// Waits for a place.
    ///
    /// @param run            whose call it is
    /// @param maxConnections most calls in flight of this run
    /// @param aborted        looked at about every two seconds while waiting
    /// @return null if the caller asked to stop
    @Nullable
    Place acquire(String run, int priority, int maxConnections, BooleanSupplier aborted) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Party party = parties.computeIfAbsent(run, Party::new);
            party.maxConnections = maxConnections;
            policy.boundedBy(parties.values().stream().mapToInt(other -> other.maxConnections).max().orElseThrow());
            if (next() == null && party.inFlight < maxConnections && policy.mayAdmit(nanoClock.getAsLong())) {
                return admitted(party);
            }
            Waiter self = new Waiter(priority, maxConnections, arrivals++, lock.newCondition());
            party.waiters.add(self);
            try {
                return await(party, self, aborted);
            } finally {
                party.waiters.remove(self);
                forgetIfGone(party);
                callNext();
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Place await(Party party, Waiter self, BooleanSupplier aborted) throws InterruptedException {
        while (true) {
            long wait = LOOKS_AROUND_NANOS;
            if (next() == self) {
                long now = nanoClock.getAsLong();
                if (policy.mayAdmit(now)) {
                    return admitted(party);
                }
                long untilWake = policy.untilWake(now);
                wait = untilWake == 0 ? wait : Math.min(wait, untilWake);
            }
            if (self.turn().awaitNanos(wait) <= 0 && aborted.getAsBoolean()) {
                return null;
            }
        }
    }

    private Place admitted(Party party) {
        party.inFlight++;
        party.lastAdmission = ++admissions;
        return new Place(party, policy.admitted(nanoClock.getAsLong()));
    }

    /// Who would go if there were a place.
    private @Nullable Waiter next() {
        Party first = null;
        for (Party party : parties.values()) {
            if (party.ready() != null && (first == null || party.compareTo(first) < 0)) {
                first = party;
            }
        }
        return first == null ? null : first.ready();
    }

    private void left(Place place) {
        place.party.inFlight--;
        forgetIfGone(place.party);
        callNext();
    }

    private void forgetIfGone(Party party) {
        if (party.isGone()) {
            parties.remove(party.run, party);
        }
    }

    private void callNext() {
        Waiter next = next();
        if (next != null) {
            next.turn().signal();
        }
    }

    /// A call that had a place was answered.
    void served(Place place, long startedNanos) {
        lock.lock();
        try {
            policy.served(place.level, startedNanos, nanoClock.getAsLong());
            left(place);
        } finally {
            lock.unlock();
        }
    }

    /// A call that had a place was turned away with 429.
    void turnedAway(Place place, long startedNanos, @Nullable Duration retryAfter) {
        lock.lock();
        try {
            policy.turnedAway(place.level, startedNanos, nanoClock.getAsLong(), retryAfter);
            left(place);
        } finally {
            lock.unlock();
        }
    }

    /// A call that had a place failed otherwise.
    void failed(Place place) {
        lock.lock();
        try {
            policy.failed(nanoClock.getAsLong());
            left(place);
        } finally {
            lock.unlock();
        }
    }

    /// A place was not used.
    void release(Place place) {
        lock.lock();
        try {
            policy.abandoned();
            left(place);
        } finally {
            lock.unlock();
        }
    }

    /// A call that had a place was turned down as every other would be: the next goes alone.
    void turnedDown(Place place, long startedNanos) {
        lock.lock();
        try {
            policy.served(place.level, startedNanos, nanoClock.getAsLong());
            policy.beStrangers();
            left(place);
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
    record Load(int limit, int inFlight, int waiting) {}

    Load load() {
        lock.lock();
        try {
            return new Load(policy.limit(), policy.inFlight(),
                    parties.values().stream().mapToInt(party -> party.waiters.size()).sum());
        } finally {
            lock.unlock();
        }
    }
}
