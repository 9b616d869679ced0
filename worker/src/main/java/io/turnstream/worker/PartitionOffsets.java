package io.turnstream.worker;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

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
    /// By offset before where its own answer cannot stand, as it was known when the record was taken.
    private final TreeMap<Long, Long> unfinished = new TreeMap<>();
    private final Set<Long> running = new HashSet<>();
    private final Set<Long> calledElsewhere = new HashSet<>();
    private long next = -1;
    private @Nullable OffsetAndMetadata committed;
    private long from = -1;
    /// Requests before it may be answered from `from` on: the last owner may have answered them out of order.
    private long othersTook = Long.MAX_VALUE;
    /// How far the answers are known. None to any other request stands before.
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
        unfinished.put(offset, known(offset));
        running.add(offset);
        next = Math.max(next, offset + 1);
    }

    private long known(long offset) {
        return offset < othersTook ? from : answersKnown;
    }

    synchronized void finish(long offset) {
        unfinished.remove(offset);
        calledElsewhere.remove(offset);
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
    /// @param requestsEnd the end of the requests, asked for after the end of the answers: nobody had taken any from there on
    /// @param elsewhere offsets of requests that the last owner is still calling for
    synchronized void loading(long from, long requestsEnd, Set<Long> elsewhere) {
        this.from = from;
        othersTook = requestsEnd;
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

    /// What to commit, where it has changed since the last time.
    synchronized Optional<OffsetAndMetadata> toCommit() {
        return tell(unfinished.isEmpty() ? next : unfinished.firstKey(), Set.of());
    }

    /// What to commit as the partition goes to another worker while calls of this one go on.
    synchronized Optional<OffsetAndMetadata> toHandOver() {
        return running.isEmpty() ? toCommit() : tell(unfinished.firstKey(), running);
    }

    /// Before the last owner's note is read it must stand: it alone tells where answers count and whose calls run.
    private Optional<OffsetAndMetadata> tell(long position, Set<Long> calling) {
        if (position < 0 || answersKnown < 0) {
            return Optional.empty();
        }
        Map.Entry<Long, Long> lowest = unfinished.firstEntry();
        // an owner before this one may still call, too
        Set<Long> behind = Stream.concat(calling.stream(), calledElsewhere.stream())
                .filter(offset -> offset >= position).map(offset -> offset - position).collect(Collectors.toSet());
        CommitNote note = new CommitNote(lowest == null ? known(position) : lowest.getValue(), behind);
        OffsetAndMetadata told = new OffsetAndMetadata(position, note.text());
        return told.equals(committed) ? Optional.empty() : Optional.of(told);
    }

    synchronized void committed(OffsetAndMetadata position) {
        committed = position;
    }
}
