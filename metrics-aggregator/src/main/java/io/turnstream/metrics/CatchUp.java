package io.turnstream.metrics;

import com.mongodb.client.MongoDatabase;
import io.turnstream.events.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.LogReader;
import io.turnstream.metrics.scoring.AggregatorTopology;
import io.turnstream.metrics.sink.ProjectionSinks;
import io.turnstream.projection.store.ProjectionGeneration;
import io.turnstream.projection.store.ProjectionStore;
import io.turnstream.projection.store.SinkOffsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// How far a generation of the projection has come with what the log held at some moment: from accepted events to rows,
/// from rows to cells, and from each of them into documents. What the topology has read is committed with what it
/// wrote, so each stage's end is looked up once the stage before it is over.
final class CatchUp implements AutoCloseable {

    private enum Stage {
        EVENTS, ROWS, ROWS_BY_CELL, CELLS, DONE
    }

    private final Admin admin;
    private final LogReader<String> reader;
    private final ProjectionStore store;
    private final String applicationId;
    private final String rowsTopic;
    private final String cellsTopic;
    private final Map<TopicPartition, Long> log;
    private Stage stage = Stage.EVENTS;
    private Map<TopicPartition, Long> ends;

    /// Of everything that the log holds now.
    CatchUp(KafkaConnection connection, MongoDatabase database, ProjectionGeneration generation) {
        this.admin = Admin.create(connection.as("catch-up").common());
        this.reader = LogReader.of(connection.as("catch-up"));
        this.store = new ProjectionStore(database);
        this.applicationId = generation.named(MetricsAggregator.APPLICATION_ID);
        this.rowsTopic = generation.named(Topics.SCORE_ROWS.topicName());
        this.cellsTopic = generation.named(Topics.SCORE_CELLS.topicName());
        this.log = endsOf(Topics.RUNS.topicName());
        log.putAll(endsOf(Topics.DIALOGUE_EVENTS.topicName()));
        this.ends = log;
    }

    /// Offsets of the log that there are to read, those of transactions' markers among them.
    long total() {
        return log.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Of these, those that were read by all who read them.
    long read() {
        Map<TopicPartition, Long> positions = sunk(Topics.RUNS.topicName());
        Map<TopicPartition, Long> documents = sunk(Topics.DIALOGUE_EVENTS.topicName());
        Map<TopicPartition, Long> scores = committed();
        documents.forEach((partition, position) -> positions.put(partition,
                Math.min(position, scores.getOrDefault(partition, 0L))));
        return log.entrySet().stream()
                .mapToLong(end -> Math.min(end.getValue(), positions.getOrDefault(end.getKey(), 0L))).sum();
    }

    /// Whether all of it stands in documents.
    boolean isOver() {
        while (stage != Stage.DONE && isOver(stage)) {
            stage = Stage.values()[stage.ordinal() + 1];
            ends = switch (stage) {
                case ROWS -> endsOf(rowsTopic);
                case ROWS_BY_CELL -> endsOf(AggregatorTopology.repartitionTopic(applicationId));
                case CELLS -> endsOf(cellsTopic);
                case EVENTS, DONE -> ends;
            };
        }
        return stage == Stage.DONE;
    }

    private boolean isOver(Stage current) {
        return switch (current) {
            case EVENTS -> isRead(only(Topics.RUNS.topicName()), sunk(Topics.RUNS.topicName()))
                    && isRead(only(Topics.DIALOGUE_EVENTS.topicName()), sunk(Topics.DIALOGUE_EVENTS.topicName()))
                    && isRead(only(Topics.DIALOGUE_EVENTS.topicName()), committed());
            case ROWS -> isRead(ends, committed()) && isRead(ends, sunk(rowsTopic));
            case ROWS_BY_CELL -> isRead(ends, committed());
            case CELLS -> isRead(ends, sunk(cellsTopic));
            case DONE -> true;
        };
    }

    private Map<TopicPartition, Long> only(String topic) {
        Map<TopicPartition, Long> of = new HashMap<>(ends);
        of.keySet().removeIf(partition -> !partition.topic().equals(topic));
        return of;
    }

    /// Whether no record stands between positions and ends: what is left may be markers of transactions, which nobody
    /// reads.
    private boolean isRead(Map<TopicPartition, Long> until, Map<TopicPartition, Long> positions) {
        Map<TopicPartition, Long> first = reader.beginnings(until.keySet());
        return !reader.holdsRecords(until.entrySet().stream().map(end -> LogReader.range(end.getKey(),
                Math.max(positions.getOrDefault(end.getKey(), 0L), first.getOrDefault(end.getKey(), 0L)),
                end.getValue())).toList());
    }

    private Map<TopicPartition, Long> sunk(String topic) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        new SinkOffsets(store, applicationId, topic)
                .read(reader.partitions(topic).stream().map(TopicPartition::partition).toList())
                .forEach((partition, next) -> positions.put(new TopicPartition(topic, partition), next));
        return positions;
    }

    private Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(applicationId)
                    .partitionsToOffsetAndMetadata().get();
            offsets.forEach((partition, offset) -> {
                if (offset != null) {
                    positions.put(partition, offset.offset());
                }
            });
            return positions;
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "cannot read the positions of " + applicationId + ": " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the positions of " + applicationId, e);
        }
    }

    private Map<TopicPartition, Long> endsOf(String topic) {
        return new HashMap<>(reader.ends(reader.partitions(topic)));
    }

    @Override
    public void close() {
        reader.close();
        admin.close();
    }
}
