package io.turnstream.metrics;

import com.mongodb.client.MongoDatabase;
import io.turnstream.events.Topics;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.StreamsRunner;
import io.turnstream.metrics.scoring.AggregatorTopology;
import io.turnstream.metrics.sink.ProjectionSinks;
import io.turnstream.metrics.sink.SinkChannels;
import io.turnstream.projection.store.ProjectionGeneration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// The aggregator as a service: [AggregatorTopology] and the sinks into the projection.
public final class MetricsAggregator implements AutoCloseable {

    /// The topology's group, stores and internal topics, and the sinks' groups and offsets, go by this name, see
    /// [ProjectionGeneration#named(String)].
    public static final String APPLICATION_ID = "turnstream-metrics-aggregator";

    private final StreamsRunner runner;
    private final ProjectionSinks sinks;

    /// How it runs.
    ///
    /// @param stateDirectory where the tables live; empty on another machine, they are restored from the log
    /// @param threads stream threads
    /// @param commitInterval how long a score waits for its transaction at most
    /// @param cacheBytes how much of the tables is held back from their changelogs between commits
    public record Settings(Path stateDirectory, int threads, Duration commitInterval, long cacheBytes) {}

    /// The aggregator of the first generation.
    public MetricsAggregator(SinkChannels channels, ServiceKafka kafka, MongoDatabase database, Path stateDirectory,
            int threads,
            Duration commitInterval, long cacheBytes) {
        this(channels, kafka, database, ProjectionGeneration.FIRST,
                new Settings(stateDirectory, threads, commitInterval, cacheBytes));
    }

    /// @param channels that its sinks take from what they write
    /// @param kafka stays open when this is closed
    /// @param database of the projection, which belongs to that generation alone; stays open when this is closed
    /// @param generation whose topics must exist, see [#topics(ProjectionGeneration)]
    public MetricsAggregator(
            SinkChannels channels, ServiceKafka kafka, MongoDatabase database, ProjectionGeneration generation,
            Settings settings) {
        String applicationId = generation.named(APPLICATION_ID);
        String rows = generation.named(Topics.SCORE_ROWS.topicName());
        String cells = generation.named(Topics.SCORE_CELLS.topicName());
        this.runner = new StreamsRunner(
                AggregatorTopology.build(kafka.serde(), rows, cells),
                kafka.connection(),
                new StreamsRunner.Settings(applicationId, settings.stateDirectory(), settings.threads(),
                        settings.commitInterval(),
                        settings.cacheBytes()),
                kafka.producer());
        this.sinks = new ProjectionSinks(channels, applicationId, rows, cells, kafka, database);
    }

    /// Sets the declared channels of sinks up for a generation. Asked for before channels start.
    public static void prepare(SinkChannels channels, ProjectionGeneration generation) {
        channels.prepare(generation.named(APPLICATION_ID), generation);
    }

    /// The topics that only this generation writes, each with the one it is laid out like.
    public static Map<String, Topics> topics(ProjectionGeneration generation) {
        return Map.of(generation.named(Topics.SCORE_ROWS.topicName()), Topics.SCORE_ROWS,
                generation.named(Topics.SCORE_CELLS.topicName()), Topics.SCORE_CELLS);
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
