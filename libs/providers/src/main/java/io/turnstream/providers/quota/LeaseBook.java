package io.turnstream.providers.quota;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// One queue of attempts that wait for permission, and the leases that permit them. Pure: time comes in as nanoseconds
/// of a clock that only goes forward. Not safe for threads; [QuotaLane] is.
///
/// A lease permits a few attempts until it ends, counted from when it was *asked for*: so no clock of another machine
/// matters, and an answer that comes too late permits nothing. Once it is used up or over, what became of it is
/// reported: unused attempts and tokens are returned, and again whenever an attempt's tokens become known.
///
/// While attempts are made one after the other, as many as were made in the last second are asked for ahead, so that
/// none waits for permission as long as the quota has room. Without attempts nothing is asked.
public final class LeaseBook {

    private static final long ASK_PATIENCE = Duration.ofSeconds(3).toNanos();
    private static final long REPORT_AFTER = Duration.ofMillis(500).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int MOST_ASKED = 10_000;
    private static final int REMEMBERED = 16;

    private final String queue;
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
    private final List<Lease> leases = new ArrayList<>();
    private final Map<String, Asked> asked = new LinkedHashMap<>();
    private long arrivals;
    private long asks;
    private @Nullable Asked pending;
    private @Nullable Long notBefore;
    private @Nullable Long secondStart;
    private int usedThisSecond;
    private int usedLastSecond;
    private long tokensOfLast = 1;

    /// @param queue who asks, unlike every other queue of any process
    public LeaseBook(String queue) {
        this.queue = queue;
    }

    /// A question to whoever grants, and reports on former leases.
    ///
    /// @param requests    attempts wanted; 0 only reports
    /// @param tokens      what they may need together
    /// @param firstTokens what the first may need
    public record Ask(String leaseId, int requests, long tokens, long firstTokens, List<Use> uses) {

        public Ask {
            uses = List.copyOf(uses);
        }
    }

    /// What became of a lease.
    ///
    /// @param requests attempts made
    /// @param tokens   spent, or reserved by attempts under way
    /// @param lastUse  no attempt was sent later than this after the lease was asked for
    public record Use(String leaseId, int requests, long tokens, Duration lastUse) {}

    /// Somebody who waits.
    public static final class Waiter implements Comparable<Waiter> {

        private final int priority;
        private final long arrival;
        private final long tokens;
        private final Runnable served;
        private @Nullable Permit permit;

        private Waiter(int priority, long arrival, long tokens, Runnable served) {
            this.priority = priority;
            this.arrival = arrival;
            this.tokens = tokens;
            this.served = served;
        }

        /// What it was given; null while it waits.
        public @Nullable Permit permit() {
            return permit;
        }

        @Override
        public int compareTo(Waiter other) {
            return priority != other.priority
                    ? Integer.compare(other.priority, priority)
                    : Long.compare(arrival, other.arrival);
        }
    }

    /// One attempt's permission: to be used at once, and [#settle settled][LeaseBook#settle] or [given
    /// back][LeaseBook#giveBack].
    public static final class Permit {

        private final Lease lease;
        private final long reserved;

        private Permit(Lease lease, long reserved) {
            this.lease = lease;
            this.reserved = reserved;
        }
    }

    private record Asked(String leaseId, long at, long firstTokens) {}

    private static final class Lease {

        private final Asked asked;
        private final long validUntil;
        private final boolean tokensLimited;
        private int left;
        private long tokensLeft;
        private int used;
        private long spent;
        private long lastUse;
        private int inFlight;
        private boolean closed;
        private @Nullable Long changedAt;

        Lease(Asked asked, long validUntil, int requests, long tokens) {
            this.asked = asked;
            this.validUntil = validUntil;
            this.left = requests;
            this.tokensLimited = tokens >= 0;
            this.tokensLeft = Math.max(0, tokens);
        }

        boolean fits(long tokens) {
            return left > 0 && (!tokensLimited || tokens <= tokensLeft || used == 0 && tokens <= asked.firstTokens());
        }

        void changed(long now) {
            if (changedAt == null) {
                changedAt = now;
            }
        }

        void close(long now) {
            closed = true;
            changed(now);
        }
    }

    /// Lets somebody wait.
    ///
    /// @param priority the higher goes first, and among equals who came first
    /// @param tokens   what the attempt may need
    /// @param served   told when it has its permit
    public Waiter enter(int priority, long tokens, Runnable served) {
        Waiter waiter = new Waiter(priority, arrivals++, tokens, served);
        waiters.add(waiter);
        tokensOfLast = Math.max(1, tokens);
        return waiter;
    }

    /// Somebody waits no longer.
    public void leave(Waiter waiter) {
        waiters.remove(waiter);
    }

    /// How many wait.
    public int waiting() {
        return waiters.size();
    }

    /// Gives permits to those who wait, in order, as far as they go.
    public void serve(long now) {
        for (Waiter first = waiters.peek(); first != null; first = waiters.peek()) {
            Permit permit = take(first.tokens, now);
            if (permit == null) {
                return;
            }
            waiters.poll();
            first.permit = permit;
            first.served.run();
        }
    }

    private @Nullable Permit take(long tokens, long now) {
        sweep(now);
        for (Lease lease : leases) {
            if (!lease.closed && lease.fits(tokens)) {
                lease.left--;
                lease.used++;
                lease.inFlight++;
                lease.tokensLeft = Math.max(0, lease.tokensLeft - tokens);
                lease.spent += tokens;
                lease.lastUse = Math.max(lease.lastUse, now - lease.asked.at());
                if (lease.left == 0) {
                    lease.close(now);
                }
                countUse(now);
                return new Permit(lease, tokens);
            }
        }
        return null;
    }

    /// An attempt was made.
    ///
    /// @param sentAt when it was really sent
    /// @param tokens what it cost; null if that is not known, then what was reserved counts as spent
    public void settle(Permit permit, long sentAt, @Nullable Long tokens, long now) {
        Lease lease = permit.lease;
        lease.inFlight--;
        long lastUse = Math.max(lease.lastUse, sentAt - lease.asked.at());
        if (tokens != null && tokens != permit.reserved || lastUse != lease.lastUse) {
            lease.spent += tokens == null ? 0 : tokens - permit.reserved;
            lease.lastUse = lastUse;
            lease.changed(now);
        }
    }

    /// An attempt was not made.
    public void giveBack(Permit permit, long now) {
        Lease lease = permit.lease;
        lease.inFlight--;
        lease.used--;
        lease.spent -= permit.reserved;
        if (lease.closed) {
            // what was reported of it already may not be overrun
            lease.changed(now);
        } else {
            lease.left++;
            lease.tokensLeft += permit.reserved;
        }
    }

    private void sweep(long now) {
        for (Iterator<Lease> all = leases.iterator(); all.hasNext();) {
            Lease lease = all.next();
            if (!lease.closed && now - lease.validUntil >= 0) {
                lease.close(lease.validUntil);
            }
            if (lease.closed && lease.inFlight == 0 && lease.changedAt == null) {
                all.remove();
            }
        }
    }

    /// What is to be asked or reported now; sent by the caller at once.
    public Optional<Ask> nextAsk(long now) {
        sweep(now);
        if (pending != null && now - pending.at() < ASK_PATIENCE) {
            return Optional.empty();
        }
        int wanted = notBefore == null || now - notBefore >= 0 ? wanted(now) : 0;
        if (wanted == 0 && leases.stream()
                .noneMatch(lease -> lease.changedAt != null && lease.closed && now - lease.changedAt >= REPORT_AFTER)) {
            return Optional.empty();
        }
        String leaseId = queue + '/' + ++asks;
        if (wanted == 0) {
            return Optional.of(new Ask(leaseId, 0, 0, 0, uses()));
        }
        Waiter head = waiters.peek();
        long first = head == null ? tokensOfLast : head.tokens;
        long tokens = waiters.stream().sorted().limit(wanted).mapToLong(waiter -> waiter.tokens).sum()
                + Math.max(0, wanted - waiters.size()) * tokensOfLast;
        Asked question = new Asked(leaseId, now, first);
        pending = question;
        asked.put(leaseId, question);
        if (asked.size() > REMEMBERED) {
            asked.remove(asked.keySet().iterator().next());
        }
        return Optional.of(new Ask(leaseId, wanted, tokens, first, uses()));
    }

    private int wanted(long now) {
        int recent = recentUse(now);
        Waiter head = waiters.peek();
        int available = head != null && leases.stream().noneMatch(lease -> !lease.closed && lease.fits(head.tokens))
                ? 0
                : leases.stream().filter(lease -> !lease.closed).mapToInt(lease -> lease.left).sum();
        boolean low = head != null || 2 * available < recent;
        return low ? Math.clamp((long) waiters.size() + recent - available, 0, MOST_ASKED) : 0;
    }

    private List<Use> uses() {
        List<Use> uses = new ArrayList<>();
        for (Lease lease : leases) {
            if (lease.closed && lease.changedAt != null) {
                uses.add(new Use(lease.asked.leaseId(), lease.used, lease.spent, Duration.ofNanos(lease.lastUse)));
                lease.changedAt = null;
            }
        }
        return uses;
    }

    /// An answer has come.
    ///
    /// @param tokens -1 where nothing limits them
    /// @param valid  how long after the question attempts may be sent
    /// @param wait   when it is worth asking again
    public void granted(String leaseId, int requests, long tokens, Duration valid, Duration wait, long now) {
        Asked question = asked.remove(leaseId);
        if (question == null) {
            return;
        }
        if (question.equals(pending)) {
            pending = null;
            notBefore = now + wait.toNanos();
        }
        if (requests > 0) {
            leases.add(new Lease(question, question.at() + valid.toNanos(), requests, tokens));
            sweep(now);
        }
    }

    /// Everything that is still held is returned.
    public Optional<Ask> close(long now) {
        leases.stream().filter(lease -> !lease.closed).forEach(lease -> lease.close(now));
        List<Use> uses = uses();
        return uses.isEmpty() ? Optional.empty() : Optional.of(new Ask(queue + '/' + ++asks, 0, 0, 0, uses));
    }

    private void countUse(long now) {
        rollSecond(now);
        usedThisSecond++;
    }

    private int recentUse(long now) {
        rollSecond(now);
        return Math.max(usedThisSecond, usedLastSecond);
    }

    private void rollSecond(long now) {
        if (secondStart == null || now - secondStart >= 2 * SECOND) {
            secondStart = now;
            usedThisSecond = usedLastSecond = 0;
        } else if (now - secondStart >= SECOND) {
            secondStart += SECOND;
            usedLastSecond = usedThisSecond;
            usedThisSecond = 0;
        }
    }
}
