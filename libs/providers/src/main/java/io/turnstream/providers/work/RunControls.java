package io.turnstream.providers.work;

import io.turnstream.contracts.RunControl;
import io.turnstream.events.Topics;
import io.turnstream.messaging.CompactedTable;
import io.turnstream.messaging.ServiceKafka;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// What the run controller says of each run, and of each judgement set that was asked for later, as far as this process
/// has heard; asked just before every call.
public final class RunControls implements AutoCloseable {

    private final Function<String, Optional<RunControl>> table;
    private final BooleanSupplier current;
    private final Runnable closer;

    RunControls(Function<String, Optional<RunControl>> table, Runnable closer) {
        this(table, () -> true, closer);
    }

    private RunControls(Function<String, Optional<RunControl>> table, BooleanSupplier current, Runnable closer) {
        this.table = table;
        this.current = current;
        this.closer = closer;
    }

    /// Reads the topic in full and follows it.
    static RunControls reading(ServiceKafka kafka, Duration patience) {
        CompactedTable<RunControl> table = new CompactedTable<>(kafka.connection(), Topics.RUN_CONTROL,
                bytes -> (RunControl) kafka.serde().fromBytes(bytes));
        table.awaitLoaded(patience);
        return new RunControls(table::get, table::isFollowing, table::close);
    }

    /// Whether it hears of changes. While it does not, a call may begin for a run that was paused or cancelled
    /// meanwhile.
    boolean isCurrent() {
        return current.getAsBoolean();
    }

    /// Whether a call of this run or judgement set may begin.
    ///
    /// A control that is older than the request cannot have closed it: a run that was retried sends new requests before
    /// every worker has heard that it runs again. Such a request is handed back, not dropped.
    ///
    /// @param key runId, for a set `runId/judgementSetId`
    /// @param requestedAtMillis when the request was made, ms since the epoch
    Permission permission(String key, long requestedAtMillis) {
        RunControl control = table.apply(key).orElse(null);
        if (control == null) {
            return Permission.GO;
        }
        return switch (control.getState()) {
            case PAUSED, HALTED -> Permission.PAUSED;
            case CANCELLED, FAILED ->
                control.getMeta().getOccurredAtMillis() < requestedAtMillis ? Permission.PAUSED : Permission.DROPPED;
            case UNKNOWN, PLANNING, RUNNING, COMPLETED, INCOMPLETE -> Permission.GO;
        };
    }

    @Override
    public void close() {
        closer.run();
    }
}
