package io.turnstream.metrics.sink;

import com.mongodb.client.MongoDatabase;
import io.turnstream.events.Topics;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.projection.store.DialogueWriter;
import io.turnstream.projection.store.EventWriter;
import io.turnstream.projection.store.ProjectionStore;
import io.turnstream.projection.store.RunWriter;
import io.turnstream.projection.store.ScoreCellWriter;
import io.turnstream.projection.store.ScoreRowWriter;
import io.turnstream.projection.store.SinkOffsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The sinks of all topics that the projection is made of.
public final class ProjectionSinks implements AutoCloseable {

    private final SinkChannels channels;
    private final Map<String, ProjectionSink> sinks;
    private final List<SinkChannel> open = new ArrayList<>();

    /// @param channels where they take from what they write
    /// @param name of the consumer groups and of the offsets beside the data; another name makes another projection
    /// @param rowsTopic where the score rows stand
    /// @param cellsTopic where the score cells stand
    public ProjectionSinks(
            SinkChannels channels, String name, String rowsTopic, String cellsTopic, ServiceKafka kafka,
            MongoDatabase database) {
        ProjectionStore store = new ProjectionStore(database);
        this.channels = channels;
        this.sinks = Map.of(
                SinkChannels.RUNS, sink(Topics.RUNS.topicName(), name, kafka, new RunWriter(store), store),
                SinkChannels.DIALOGUES,
                sink(Topics.DIALOGUE_EVENTS.topicName(), name, kafka, new DialogueWriter(store), store),
                SinkChannels.SCORE_ROWS, sink(rowsTopic, name, kafka, new ScoreRowWriter(store), store),
                SinkChannels.SCORE_CELLS, sink(cellsTopic, name, kafka, new ScoreCellWriter(store), store));
    }

    /// The consumer group of one topic's sink.
    public static String group(String name, String topic) {
        return name + '-' + topic;
    }

    private static ProjectionSink sink(String topic, String name, ServiceKafka kafka, EventWriter writer,
            ProjectionStore store) {
        return new ProjectionSink(topic, group(name, topic), kafka, writer, new SinkOffsets(store, name, topic));
    }

    public synchronized void start() {
        sinks.forEach((channel, sink) -> open.add(channels.connect(channel, sink)));
    }

    /// Whether every sink runs.
    public synchronized boolean isAlive() {
        return open.size() == sinks.size() && open.stream().allMatch(SinkChannel::isAlive);
    }

    /// Whether the store takes what every sink writes.
    public synchronized boolean isReady() {
        return open.size() == sinks.size() && open.stream().allMatch(SinkChannel::isReady);
    }

    /// Ends the batches in hand; every sink leaves its group.
    @Override
    public synchronized void close() {
        open.forEach(SinkChannel::stop);
        open.forEach(channel -> {
            channel.close();
            channels.forget(channel);
        });
    }
}
