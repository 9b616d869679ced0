package io.turnstream.metrics.sink;

import com.mongodb.client.MongoDatabase;
import io.turnstream.contracts.Topics;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.projection.store.DialogueWriter;
import io.turnstream.projection.store.EventWriter;
import io.turnstream.projection.store.ProjectionStore;
import io.turnstream.projection.store.RunWriter;
import io.turnstream.projection.store.ScoreCellWriter;
import io.turnstream.projection.store.ScoreRowWriter;
import io.turnstream.projection.store.SinkOffsets;
import java.util.List;

/// The sinks of all topics that the projection is made of.
public final class ProjectionSinks implements AutoCloseable {

    private final List<ProjectionSink> sinks;

    /// @param name of the consumer groups and of the offsets beside the data; another name makes another projection
    /// @param rowsTopic where the score rows stand
    /// @param cellsTopic where the score cells stand
    public ProjectionSinks(String name, String rowsTopic, String cellsTopic, ServiceKafka kafka, MongoDatabase database) {
        ProjectionStore store = new ProjectionStore(database);
        this.sinks = List.of(
                sink(Topics.RUNS.topicName(), name, kafka, new RunWriter(store), store),
                sink(Topics.DIALOGUE_EVENTS.topicName(), name, kafka, new DialogueWriter(store), store),
                sink(rowsTopic, name, kafka, new ScoreRowWriter(store), store),
                sink(cellsTopic, name, kafka, new ScoreCellWriter(store), store));
    }

    /// The consumer group of one topic's sink.
    public static String group(String name, String topic) {
        return name + '-' + topic;
    }

    private static ProjectionSink sink(String topic, String name, ServiceKafka kafka, EventWriter writer, ProjectionStore store) {
        return new ProjectionSink(topic, group(name, topic), kafka, writer, new SinkOffsets(store, name, topic));
    }

    public void start() {
        sinks.forEach(ProjectionSink::start);
    }

    /// Whether every sink runs.
    public boolean isAlive() {
        return sinks.stream().allMatch(ProjectionSink::isAlive);
    }

    /// Whether the store takes what every sink writes.
    public boolean isReady() {
        return sinks.stream().allMatch(ProjectionSink::isReady);
    }

    @Override
    public void close() {
        sinks.forEach(ProjectionSink::stop);
        sinks.forEach(ProjectionSink::close);
    }
}
