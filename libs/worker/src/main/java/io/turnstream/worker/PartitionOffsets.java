package io.turnstream.worker;

import io.turnstream.channels.TakenPartition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// One assigned partition of requests, and which of them the log answers.
///
/// Requests wait until the answers that stood in the log at the assignment are read ([AnswerLog]). Those whose calls
/// the last owner goes on with wait for its answer, at most as long as its grace period.
final class PartitionOffsets extends TakenPartition {

    /// What is known of a request.
    enum Known {
        /// The log answers it, or this very sending of it was handed back.
        ANSWERED,
        /// Nobody has answered it: its call may begin.
        OPEN,
        /// Its partition belongs to another worker now.
        REVOKED
    }

    private final Set<String> answered = new HashSet<>();
    /// By offset of an unfinished request before where its own answer cannot stand, as it was known when the record was
    /// taken.
    private final Map<Long, Long> answeredFrom = new HashMap<>();
    private final Set<Long> calledElsewhere = new HashSet<>();
    private long from = -1;
    /// Requests before it may be answered from `from` on: the last owner may have answered them out of order.
    private long othersTook = Long.MAX_VALUE;
    /// How far the answers are known. None to any other request stands before.
    private long answersKnown = -1;
    private boolean loaded;

    /// @param generation of the group in which the partition was assigned
    PartitionOffsets(TopicPartition partition, int generation) {
        super(partition, generation);
    }

    @Override
    public synchronized void begin(long offset) {
        super.begin(offset);
        answeredFrom.put(offset, known(offset));
    }

    private long known(long offset) {
        return offset < othersTook ? from : answersKnown;
    }

    @Override
    public synchronized void finish(long offset) {
        answeredFrom.remove(offset);
        calledElsewhere.remove(offset);
        super.finish(offset);
    }

    /// The answers are about to be read.
    ///
    /// @param from the first offset of an answer that counts
    /// @param requestsEnd the end of the requests, asked for after the end of the answers: nobody had taken any from
    ///         there on
    /// @param elsewhere offsets of requests that the last owner is still calling for
    synchronized void loading(long from, long requestsEnd, Set<Long> elsewhere) {
        this.from = from;
        othersTook = requestsEnd;
        answersKnown = from;
        answeredFrom.replaceAll((offset, known) -> known < 0 ? from : known);
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
        return !calledElsewhere.isEmpty() && !isRevoked();
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
        while (!isRevoked()) {
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

    /// Before the last owner's note is read it must stand: it alone tells where answers count and whose calls run.
    @Override
    protected Optional<OffsetAndMetadata> position(long offset, Set<Long> calling) {
        if (answersKnown < 0) {
            return Optional.empty();
        }
        // an owner before this one may still call, too
        Set<Long> behind = Stream.concat(calling.stream(), calledElsewhere.stream())
                .filter(called -> called >= offset).map(called -> called - offset).collect(Collectors.toSet());
        Long lowest = answeredFrom.get(offset);
        CommitNote note = new CommitNote(lowest == null ? known(offset) : lowest, behind);
        return Optional.of(new OffsetAndMetadata(offset, note.text()));
    }
}
