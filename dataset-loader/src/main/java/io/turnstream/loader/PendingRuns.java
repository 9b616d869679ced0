package io.turnstream.loader;

import io.turnstream.channels.TakenPartition;
import io.turnstream.contracts.PlanningFailed;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.events.RecordedProvider;
import io.turnstream.messaging.EventHeaders;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Which runs were asked for and not planned yet, as far as the log was read.
///
/// A run's request, its plan and its cancellation stand in one partition, in this order. A request is pending until its
/// plan is read or written, so what the log already planned is never planned again; until then its record is not
/// finished. Pure but for its memory, and guarded by its own lock.
final class PendingRuns {

    private final Map<String, PendingRun> pending = new HashMap<>();

    /// A record of the topic of runs.
    ///
    /// @param done called once nobody needs the record any more
    record Taken(Headers headers, TakenPartition partition, Runnable done) {}

    /// A run that was asked for.
    static final class PendingRun {

        private final RunRequested requested;
        private final Taken record;
        private volatile boolean cancelled;
        private volatile @Nullable FutureTask<@Nullable Void> planning;

        private PendingRun(RunRequested requested, Taken record) {
            this.requested = requested;
            this.record = record;
        }

        RunRequested requested() {
            return requested;
        }

        Headers trace() {
            return record.headers();
        }

        /// Whether somebody cancelled it: what is planned by now is its plan.
        boolean isCancelled() {
            return cancelled;
        }

        /// Whether another process plans it now.
        boolean isDropped() {
            return record.partition().isRevoked();
        }

        /// Its planning, which is interrupted if the run is dropped meanwhile.
        Runnable task(Runnable plan) {
            FutureTask<@Nullable Void> task = new FutureTask<>(plan, null);
            planning = task;
            return task;
        }

        private void stop() {
            FutureTask<@Nullable Void> begun = planning;
            if (begun != null) {
                begun.cancel(true);
            }
        }
    }

    /// Takes note of a record of the topic of runs. What was copied from another installation was planned there; a
    /// recorded run has no data set: whoever brings it in plans it.
    ///
    /// @return the run that is to be planned now, if it asks for one
    synchronized Optional<PendingRun> read(Taken record, SpecificRecord event) {
        if (!EventHeaders.isImported(record.headers())) {
            if (event instanceof RunRequested requested && !RecordedProvider.hasAnswered(requested.getTarget())) {
                PendingRun run = new PendingRun(requested, record);
                if (run.isDropped()) {
                    return Optional.empty();
                }
                if (pending.putIfAbsent(requested.getRunId(), run) == null) {
                    return Optional.of(run);
                }
            }
            hear(event);
        }
        record.done().run();
        return Optional.empty();
    }

    /// Takes note of an event of the topic of runs that is or was read elsewhere, too.
    synchronized void hear(SpecificRecord event) {
        switch (event) {
            case RunPlanned planned -> done(pending.get(planned.getRunId()));
            case PlanningFailed failed -> done(pending.get(failed.getRunId()));
            case RunCommanded commanded when commanded.getCommand() == RunCommand.CANCEL ->
                cancel(commanded.getRunId());
            case RunStateChanged changed when changed.getState() == RunState.CANCELLED -> cancel(changed.getRunId());
            default -> {
                /* the run's other events do not change its plan */ }
        }
    }

    private void cancel(String runId) {
        PendingRun run = pending.get(runId);
        if (run != null) {
            run.cancelled = true;
        }
    }

    /// Whether a run still waits for its plan, and waits here.
    synchronized boolean isPending(PendingRun run) {
        return pending.get(run.requested().getRunId()) == run && !run.isDropped();
    }

    /// Whether more than one run waits for its plan.
    synchronized boolean hasMore() {
        return pending.size() > 1;
    }

    /// A run's plan is written.
    synchronized void done(@Nullable PendingRun run) {
        if (run != null && pending.remove(run.requested().getRunId(), run)) {
            run.record.done().run();
        }
    }

    /// Partitions now belong to another process, which plans their runs.
    synchronized void drop(Collection<TakenPartition> partitions) {
        pending.values().removeIf(run -> {
            boolean gone = partitions.contains(run.record.partition());
            if (gone) {
                run.stop();
            }
            return gone;
        });
    }
}
