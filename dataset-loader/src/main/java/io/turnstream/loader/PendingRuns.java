package io.turnstream.loader;

import io.turnstream.contracts.PlanningFailed;
import io.turnstream.contracts.RecordedProvider;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.messaging.EventHeaders;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;

/// Which runs were asked for and not planned yet, as far as the log was read.
///
/// A run's request, its plan and its cancellation stand in one partition, in this order. A request is pending until its plan
/// is read, so what the log already planned is never planned again; a partition may be committed up to its first pending request.
/// Pure but for its memory, and guarded by its own lock: the consumer's thread writes it, the planner's reads it.
final class PendingRuns {

    private final Map<String, PendingRun> pending = new LinkedHashMap<>();

    /// A run that was asked for.
    static final class PendingRun {

        private final RunRequested requested;
        private final Headers trace;
        private final TopicPartition partition;
        private final long offset;
        private volatile boolean cancelled;
        private volatile boolean dropped;

        private PendingRun(RunRequested requested, ConsumerRecord<String, byte[]> record) {
            this.requested = requested;
            this.trace = record.headers();
            this.partition = new TopicPartition(record.topic(), record.partition());
            this.offset = record.offset();
        }

        RunRequested requested() {
            return requested;
        }

        Headers trace() {
            return trace;
        }

        /// Whether somebody cancelled it: what is planned by now is its plan.
        boolean isCancelled() {
            return cancelled;
        }

        /// Whether another process plans it now.
        boolean isDropped() {
            return dropped;
        }
    }

    /// Takes note of a record of the topic of runs. What was copied from another installation was planned there.
    synchronized void read(ConsumerRecord<String, byte[]> record, SpecificRecord event) {
        if (EventHeaders.isImported(record.headers())) {
            return;
        }
        switch (event) {
            case RunRequested requested when RecordedProvider.hasAnswered(requested.getTarget()) -> {
                /* a recorded run has no data set: whoever brings it in plans it */
            }
            case RunRequested requested -> pending.putIfAbsent(requested.getRunId(), new PendingRun(requested, record));
            case RunPlanned planned -> pending.remove(planned.getRunId());
            case PlanningFailed failed -> pending.remove(failed.getRunId());
            case RunCommanded commanded when commanded.getCommand() == RunCommand.CANCEL -> cancel(commanded.getRunId());
            case RunStateChanged changed when changed.getState() == RunState.CANCELLED -> cancel(changed.getRunId());
            default -> { /* the run's other events do not change its plan */ }
        }
    }

    private void cancel(String runId) {
        PendingRun run = pending.get(runId);
        if (run != null) {
            run.cancelled = true;
        }
    }

    /// The run that was asked for first.
    synchronized Optional<PendingRun> first() {
        return pending.values().stream().findFirst();
    }

    /// Whether more than one run waits for its plan.
    synchronized boolean hasMore() {
        return pending.size() > 1;
    }

    /// A run's plan is written.
    synchronized void done(PendingRun run) {
        pending.remove(run.requested().getRunId(), run);
    }

    /// Partitions now belong to another process, which plans their runs.
    synchronized void drop(Collection<TopicPartition> partitions) {
        pending.values().removeIf(run -> {
            if (partitions.contains(run.partition)) {
                run.dropped = true;
            }
            return run.dropped;
        });
    }

    /// The first offset of a partition that is still needed; empty where everything read may be committed.
    synchronized OptionalLong firstNeeded(TopicPartition partition) {
        return pending.values().stream()
                .filter(run -> run.partition.equals(partition))
                .mapToLong(run -> run.offset)
                .min();
    }
}
