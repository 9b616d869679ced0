package io.turnstream.providers.quota;

import io.turnstream.contracts.QuotaScope;
import io.turnstream.providers.quota.LeaseBook.Ask;
import io.turnstream.providers.quota.LeaseBook.Permit;
import io.turnstream.providers.quota.LeaseBook.Waiter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A [LeaseBook] that threads wait at.
final class QuotaLane {

    private static final long LOOKS_AROUND_NANOS = Duration.ofSeconds(2).toNanos();

    private final String group;
    private final String name;
    private final List<QuotaScope> scopes;
    private final Consumer<Ask> asks;
    private final BooleanSupplier heard;
    private final LongSupplier nanoClock;
    private final LeaseBook book;
    private final ReentrantLock lock = new ReentrantLock();

    /// @param queue who asks, as [LeaseBook] wants it
    /// @param asks sends questions, once somebody hears the answers
    QuotaLane(String group, String queue, String name, List<QuotaScope> scopes, Asks asks, LongSupplier nanoClock) {
        this.group = group;
        this.name = name;
        this.scopes = List.copyOf(scopes);
        this.asks = ask -> asks.send(this, ask);
        this.heard = asks::areHeard;
        this.nanoClock = nanoClock;
        this.book = new LeaseBook(queue);
    }

    /// Where questions go.
    interface Asks {

        /// Sends a question, without waiting.
        void send(QuotaLane lane, Ask ask);

        /// Whether answers would be heard; before that nothing is asked.
        boolean areHeard();
    }

    String group() {
        return group;
    }

    String name() {
        return name;
    }

    List<QuotaScope> scopes() {
        return scopes;
    }

    /// Waits for a permit.
    ///
    /// @param aborted looked at about every two seconds while waiting
    /// @return null if there was none in time, or the caller asked to stop
    @Nullable
    Permit acquire(int priority, long tokens, Duration patience, BooleanSupplier aborted) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Condition turn = lock.newCondition();
            Waiter self = book.enter(priority, tokens, turn::signal);
            advance();
            long end = nanoClock.getAsLong() + patience.toNanos();
            try {
                while (self.permit() == null) {
                    long left = end - nanoClock.getAsLong();
                    if (left <= 0 || turn.awaitNanos(Math.min(left, LOOKS_AROUND_NANOS)) <= 0 && self.permit() == null
                            && aborted.getAsBoolean()) {
                        break;
                    }
                }
            } catch (InterruptedException e) {
                giveUp(self);
                throw e;
            }
            if (self.permit() == null) {
                book.leave(self);
            }
            return self.permit();
        } finally {
            lock.unlock();
        }
    }

    private void giveUp(Waiter waiter) {
        Permit given = waiter.permit();
        if (given == null) {
            book.leave(waiter);
        } else {
            book.giveBack(given, nanoClock.getAsLong());
        }
    }

    /// An attempt was made.
    void settle(Permit permit, long sentAtNanos, @Nullable Long tokens) {
        lock.lock();
        try {
            book.settle(permit, sentAtNanos, tokens, nanoClock.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /// An attempt was begun, and nobody knows what became of it.
    void spend(Permit permit) {
        settle(permit, nanoClock.getAsLong(), null);
    }

    /// An attempt was not made.
    void giveBack(Permit permit) {
        lock.lock();
        try {
            book.giveBack(permit, nanoClock.getAsLong());
            advance();
        } finally {
            lock.unlock();
        }
    }

    /// An answer has come.
    void granted(String leaseId, int requests, long tokens, Duration valid, Duration wait) {
        lock.lock();
        try {
            book.granted(leaseId, requests, tokens, valid, wait, nanoClock.getAsLong());
            advance();
        } finally {
            lock.unlock();
        }
    }

    /// Time has passed.
    void tick() {
        lock.lock();
        try {
            advance();
        } finally {
            lock.unlock();
        }
    }

    /// How many wait.
    int waiting() {
        lock.lock();
        try {
            return book.waiting();
        } finally {
            lock.unlock();
        }
    }

    /// Returns what is held.
    void close() {
        lock.lock();
        try {
            book.close(nanoClock.getAsLong()).ifPresent(asks);
        } finally {
            lock.unlock();
        }
    }

    private void advance() {
        long now = nanoClock.getAsLong();
        book.serve(now);
        if (heard.getAsBoolean()) {
            book.nextAsk(now).ifPresent(asks);
        }
    }
}
