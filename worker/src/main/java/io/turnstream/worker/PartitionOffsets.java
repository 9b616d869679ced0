package io.turnstream.worker;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// One assigned partition of requests: which of its records are unfinished, and so how far it may be committed; and which of them the
/// log answers.
///
/// Records finish in any order; the position that may be committed is the lowest unfinished offset. Requests wait until the answers that
/// stood in the log at the assignment are read ([AnswerLog]). Those whose calls the last owner goes on with wait for its answer, at most
/// as long as its grace period.
final class PartitionOffsets {

    /// What is known of a request.
    enum Known {
        /// The log answers it, or this very sending of it was handed back.
        ANSWERED,
        /// Nobody has answered it: its call may begin.
        OPEN,
        /// Its partition belongs to another worker now.
        REVOKED
    }

    private final TopicPartition partition;
    private final int generation;
    private final Set<String> answered = new HashSet<>();
    /// By offset how far the answers were known when the record was taken: its own answer cannot stand before.
    private final TreeMap<Long, Long> unfinished = new TreeMap<>();
    private final Set<Long> running = new HashSet<>();
    private final Set<Long> calledElsewhere = new HashSet<>();
    private long next = -1;
    private long committed = -1;
    private long answersKnown = -1;
    private boolean loaded;
    private boolean revoked;

    /// @param generation of the group in which the partition was assigned
    PartitionOffsets(TopicPartition partition, int generation) {
        this.partition = partition;
        this.generation = generation;
    }

    /// Whether a record was fetched before this assignment: it will come again, in order.
    ///
    /// @param fetchedIn the group's generation then
    boolean isOlder(int fetchedIn) {
        return fetchedIn >= 0 && fetchedIn < generation;
    }

    TopicPartition partition() {
        return partition;
    }

    synchronized void begin(long offset) {
        unfinished.put(offset, answersKnown);
        running.add(offset);
        next = Math.max(next, offset + 1);
    }

    synchronized void finish(long offset) {
        unfinished.remove(offset);
        leave(offset);
    }

    /// The record's handler has returned without an answer: it is not committed and will be delivered again.
    synchronized void leave(long offset) {
        running.remove(offset);
        notifyAll();
    }

    /// The answers are about to be read.
    ///
    /// @param from the first offset of an answer that counts
    /// @param elsewhere offsets of requests that the last owner is still calling for
    synchronized void loading(long from, Set<Long> elsewhere) {
        answersKnown = from;
        unfinished.replaceAll((offset, known) -> known < 0 ? from : known);
        calledElsewhere.addAll(elsewhere);
    }

    /// Something in the log answers a request, or hands this sending of it back.
    ///
    /// @param id requestId or eventId
    synchronized void found(String id) {
        answered.add(id);
    }

    /// All answers before an offset are read that stood there at the assignment.
    synchronized void loaded(long end) {
        if (!loaded) {
            loaded = true;
            answersKnown = end;
        }
        notifyAll();
    }

    synchronized boolean isLoaded() {
        return loaded;
    }

    /// Whether somebody should go on to read answers: the last owner's calls are not over.
    synchronized boolean awaitsOthers() {
        return !calledElsewhere.isEmpty() && !revoked;
    }

    /// The last owner's time is over.
    synchronized void awaitOthersNoLonger() {
        calledElsewhere.clear();
        notifyAll();
    }

    /// This worker has written an answer at an offset of the partition of answers.
    synchronized void answeredAt(long offset) {
        // what others still write may stand before it
        if (loaded && calledElsewhere.isEmpty()) {
            answersKnown = Math.max(answersKnown, offset + 1);
        }
    }

    /// Waits until it is known whether the log answers a request.
    synchronized Known await(long offset, String requestId, String eventId) throws InterruptedException {
        while (!revoked) {
            if (answered.contains(requestId) || answered.contains(eventId)) {
                calledElsewhere.remove(offset);
                return Known.ANSWERED;
            }
            if (loaded && !calledElsewhere.contains(offset)) {
                return Known.OPEN;
            }
            wait();
        }
        return Known.REVOKED;
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
        while (!running.isEmpty()) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return;
            }
            wait(leftMillis);
        }
    }

    /// What to commit, where it has moved since the last time.
    synchronized Optional<OffsetAndMetadata> toCommit() {
        long position = unfinished.isEmpty() ? next : unfinished.firstKey();
        return position < 0 || position == committed ? Optional.empty() : Optional.of(at(position, Set.of()));
    }

    /// What to commit as the partition goes to another worker while calls of this one go on.
    synchronized Optional<OffsetAndMetadata> toHandOver() {
        if (running.isEmpty()) {
            return toCommit();
        }
        long position = unfinished.firstKey();
        return Optional.of(at(position, running.stream().map(offset -> offset - position).collect(Collectors.toSet())));
    }

    private OffsetAndMetadata at(long position, Set<Long> calling) {
        Map.Entry<Long, Long> lowest = unfinished.firstEntry();
        return new OffsetAndMetadata(position, new CommitNote(lowest == null ? answersKnown : lowest.getValue(), calling).text());
    }

    synchronized void committed(long offset) {
        committed = Math.max(committed, offset);
    }
}
