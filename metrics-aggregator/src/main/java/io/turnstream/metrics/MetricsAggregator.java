package io.turnstream.metrics;

import com.mongodb.client.MongoDatabase;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.StreamsRunner;
import io.turnstream.metrics.scoring.AggregatorTopology;
import io.turnstream.metrics.sink.ProjectionSinks;
import java.nio.file.Path;
import java.time.Duration;

/// The aggregator as a service: [AggregatorTopology] and the sinks into the projection.
public final class MetricsAggregator implements AutoCloseable {

    /// The topology's group, stores and internal topics, and the sinks' groups and offsets, go by this name.
    public static final String APPLICATION_ID = "turnstream-metrics-aggregator";

    private final StreamsRunner runner;
    private final ProjectionSinks sinks;

    /// @param kafka stays open when this is closed
    /// @param database of the projection; stays open when this is closed
    /// @param stateDirectory where the tables live; empty on another machine, they are restored from the log
    /// @param commitInterval how long a score waits for its transaction at most
    public MetricsAggregator(ServiceKafka kafka, MongoDatabase database, Path stateDirectory, int threads, Duration commitInterval,
            long cacheBytes) {
        this.runner = new StreamsRunner(
                AggregatorTopology.build(kafka.serde()),
                kafka.connection(),
                new StreamsRunner.Settings(APPLICATION_ID, stateDirectory, threads, commitInterval, cacheBytes),
                kafka.producer());
        this.sinks = new ProjectionSinks(APPLICATION_ID, kafka, database);
    }

    public void start() {
        runner.start();
        sinks.start();
    }

    /// Whether it is alive; false asks for a restart.
    public boolean isAlive() {
        return runner.isAlive() && sinks.isAlive();
    }

    /// Whether it has its partitions, and the document store takes what it writes.
    public boolean isReady() {
        return runner.isReady() && sinks.isReady();
    }

    @Override
    public void close() {
        sinks.close();
        runner.close();
    }
}
