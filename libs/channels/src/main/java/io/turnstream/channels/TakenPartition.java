package io.turnstream.channels;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jspecify.annotations.Nullable;

/// One assigned partition of a channel: which of its records are unfinished, and so how far it may be committed.
///
/// Records finish in any order; the position that may be committed is the lowest unfinished offset. It travels with
/// each of its records as metadata. Guarded by its own lock, which subclasses share.
public class TakenPartition {

    private final TopicPartition partition;
    private final int generation;
    private final TreeSet<Long> unfinished = new TreeSet<>();
    private final Set<Long> running = new HashSet<>();
    private long next = -1;
    private boolean revoked;
    private @Nullable OffsetAndMetadata committed;

    /// @param generation of the group in which the partition was assigned
    public TakenPartition(TopicPartition partition, int generation) {
        this.partition = partition;
        this.generation = generation;
    }

    /// The partition that a message stands in.
    ///
    /// @throws IllegalStateException if its channel commits by no [ChannelCommits]
    public static TakenPartition of(Message<?> message) {
        return of(message.getMetadata())
                .orElseThrow(() -> new IllegalStateException("no partition is known of a message"));
    }

    static Optional<TakenPartition> of(Metadata metadata) {
        return StreamSupport.stream(metadata.spliterator(), false).filter(TakenPartition.class::isInstance)
                .map(TakenPartition.class::cast).findFirst();
    }

    public final TopicPartition partition() {
        return partition;
    }

    /// Whether a record was fetched before this assignment: it will come again, in order.
    ///
    /// @param fetchedIn the group's generation then
    public final boolean isOlder(int fetchedIn) {
        return fetchedIn >= 0 && fetchedIn < generation;
    }

    /// A record's handling begins.
    public synchronized void begin(long offset) {
        unfinished.add(offset);
        running.add(offset);
        next = Math.max(next, offset + 1);
    }

    /// A record is dealt with and need not come again.
    public synchronized void finish(long offset) {
        unfinished.remove(offset);
        leave(offset);
    }

    /// The record's handler has returned and is not done: the record is not committed and will be delivered again.
    public synchronized void leave(long offset) {
        running.remove(offset);
        notifyAll();
    }

    /// It goes to another process.
    public synchronized void revoke() {
        revoked = true;
        notifyAll();
    }

    /// Whether it belongs to another process now.
    public synchronized boolean isRevoked() {
        return revoked;
    }

    /// Waits until no handler runs or `deadlineNanos` ([System#nanoTime]) has passed.
    final synchronized void awaitIdle(long deadlineNanos) throws InterruptedException {
        while (!running.isEmpty()) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return;
            }
            wait(leftMillis);
        }
    }

    /// What to commit, where it has changed since the last time.
    public final synchronized Optional<OffsetAndMetadata> toCommit() {
        return changed(unfinished.isEmpty() ? next : unfinished.first(), Set.of());
    }

    /// What to commit as the partition goes to another process while some of this one's handlers go on.
    public final synchronized Optional<OffsetAndMetadata> toHandOver() {
        return running.isEmpty() ? toCommit() : changed(unfinished.first(), running);
    }

    private Optional<OffsetAndMetadata> changed(long position, Set<Long> handled) {
        return position < 0 ? Optional.empty() : position(position, handled).filter(told -> !told.equals(committed));
    }

    /// The position as it is committed; empty where none may be yet. Called under the lock.
    ///
    /// @param handled offsets of records whose handlers go on when another process has the partition
    protected Optional<OffsetAndMetadata> position(long offset, Set<Long> handled) {
        return Optional.of(new OffsetAndMetadata(offset));
    }

    /// A position is committed.
    public final synchronized void committed(OffsetAndMetadata position) {
        committed = position;
    }
}
