package io.turnstream.messaging;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/// One assigned partition of requests: which of its records are still in work, and so how far it may be committed.
///
/// Records finish in any order; the position that may be committed is the lowest offset still in work.
final class Lane {

    private final TopicPartition partition;
    private final Set<String> answered;
    private final TreeSet<Long> inWork = new TreeSet<>();
    private int running;
    private long next = -1;
    private long committed = -1;
    private boolean revoked;

    /// @param answered requestIds that have an answer in the log, and eventIds of requests that were handed back
    Lane(TopicPartition partition, Set<String> answered) {
        this.partition = partition;
        this.answered = new HashSet<>(answered);
    }

    TopicPartition partition() {
        return partition;
    }

    synchronized void begin(long offset) {
        inWork.add(offset);
        running++;
        next = offset + 1;
    }

    synchronized void finish(long offset) {
        inWork.remove(offset);
        leave();
    }

    /// The record's handler has returned without an answer: it is not committed and will be delivered again.
    synchronized void leave() {
        running--;
        notifyAll();
    }

    /// Whether the log already answers this request, or this very sending of it was handed back. Asked once per record.
    synchronized boolean isAnswered(String requestId, String eventId) {
        return answered.contains(requestId) || answered.contains(eventId);
    }

    synchronized void revoke() {
        revoked = true;
        notifyAll();
    }

    synchronized boolean isRevoked() {
        return revoked;
    }

    /// Waits until no handler runs or `deadlineNanos` ([System#nanoTime]) has passed.
    synchronized void awaitIdle(long deadlineNanos) throws InterruptedException {
        while (running > 0) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return;
            }
            wait(leftMillis);
        }
    }

    /// The offset to commit, where it has moved since the last one.
    synchronized OptionalLong toCommit() {
        long position = inWork.isEmpty() ? next : inWork.first();
        if (position < 0 || position == committed) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(position);
    }

    synchronized void committed(long offset) {
        committed = Math.max(committed, offset);
    }
}
