package io.turnstream.providers.work;

import io.turnstream.contracts.Topics;
import io.turnstream.messaging.RequestPump;
import io.turnstream.messaging.ServiceKafka;
import java.time.Clock;
import java.time.Duration;

/// One process's share of a worker pool: a pump of requests, the run controls and the protocol packs it needs, and the answers it writes.
public final class PoolMember implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    private final RunControls runs;
    private final ProtocolPacks packs;
    private final RequestPump pump;

    /// How a member works.
    ///
    /// @param groupId the pool
    /// @param parking most requests taken and not finished; those that wait for a connection included
    /// @param commitInterval how often positions are committed
    /// @param grace how long running calls may go on when their partition goes to another worker, or this one closes
    /// @param packPatience how long a request waits for a protocol pack that has not arrived
    public record Settings(String groupId, int parking, Duration commitInterval, Duration grace, Duration packPatience) {

        public Settings {
            if (grace.isNegative() || packPatience.isNegative() || commitInterval.isNegative()) {
                throw new IllegalArgumentException("times must not be negative: grace " + grace + ", pack patience " + packPatience
                        + ", commit interval " + commitInterval);
            }
        }
    }

    private PoolMember(RunControls runs, ProtocolPacks packs, RequestPump pump) {
        this.runs = runs;
        this.packs = packs;
        this.pump = pump;
    }

    /// Starts to work: reads run controls and packs in full, then takes requests.
    ///
    /// @param requests what it reads
    /// @param answers where answers and deferrals go
    public static PoolMember start(
            ServiceKafka kafka, Settings settings, Topics requests, Topics answers, Work work, ModelCaller models, Clock clock) {
        RunControls runs = RunControls.reading(kafka, START_PATIENCE);
        ProtocolPacks packs = ProtocolPacks.reading(kafka, settings.packPatience());
        RequestDesk desk = new RequestDesk(runs, packs, RequestDesk.Answers.to(kafka.producer(), answers),
                new RequestDesk.Caller(models, WorkerName.ofThisProcess(), clock), work);
        RequestPump pump = new RequestPump(kafka.connection(), kafka.serde(), kafka.producer(),
                new RequestPump.Settings(settings.groupId(), requests, answers, settings.parking(), settings.commitInterval(), settings.grace()),
                desk);
        pump.start();
        return new PoolMember(runs, packs, pump);
    }

    /// False once it has stopped because of a failure.
    public boolean isAlive() {
        return pump.isAlive();
    }

    /// Whether it has partitions to take requests from.
    public boolean isAssigned() {
        return pump.isAssigned();
    }

    /// Whether it has joined its pool and works, with partitions or ready to take over some, and hears of runs that are paused or cancelled.
    public boolean isReady() {
        return pump.isReady() && runs.isCurrent();
    }

    /// Requests taken and not finished.
    public int parked() {
        return pump.parked();
    }

    /// Takes no more requests, gives running calls their grace period, and commits what is done.
    @Override
    public void close() {
        pump.close();
        packs.close();
        runs.close();
    }
}
