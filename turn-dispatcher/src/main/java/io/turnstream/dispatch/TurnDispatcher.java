package io.turnstream.dispatch;

import io.turnstream.events.SealSigner;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.StreamsRunner;
import io.turnstream.messaging.WorkGroup;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The dispatcher as a service: [DispatcherTopology] and its life. The [TranscriptReplayer] stands beside it.
public final class TurnDispatcher implements AutoCloseable {

    /// Its group, stores and internal topics go by this name; changing it starts from an empty state.
    public static final String APPLICATION_ID = WorkGroup.TURN_DISPATCHER.groupId();

    private final StreamsRunner runner;

    /// With quotas that count in minutes.
    ///
    /// @param stateDirectory where its stores live; empty on another machine, they are restored from the log
    /// @param commitInterval how long an accepted answer waits for its transaction at most
    /// @param signer signs seals; null leaves them unsigned
    public TurnDispatcher(
            ServiceKafka kafka, Path stateDirectory, int threads, Duration commitInterval, long cacheBytes,
            @Nullable SealSigner signer) {
        this(kafka, stateDirectory, threads, commitInterval, cacheBytes, signer, QuotaTerms.MINUTE);
    }

    TurnDispatcher(
            ServiceKafka kafka, Path stateDirectory, int threads, Duration commitInterval, long cacheBytes,
            @Nullable SealSigner signer,
            QuotaTerms quotas) {
        this.runner = new StreamsRunner(
                DispatcherTopology.build(kafka.serde(), signer == null ? UnaryOperator.identity() : signer::sign,
                        quotas),
                kafka.connection(),
                new StreamsRunner.Settings(APPLICATION_ID, stateDirectory, threads, commitInterval, cacheBytes),
                kafka.producer(), new UnsentRequests(kafka.producer(), Clock.systemUTC()));
    }

    public void start() {
        runner.start();
    }

    /// Whether it is alive; false asks for a restart.
    public boolean isAlive() {
        return runner.isAlive();
    }

    /// Whether it has its partitions and dispatches.
    public boolean isReady() {
        return runner.isReady();
    }

    @Override
    public void close() {
        runner.close();
    }
}
