package io.turnstream.metrics.sink;

import com.mongodb.MongoException;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.ContextHolder;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaConsumer;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/// A checkpoint in the document store, as the connector sees it: partitions are read from where their data ends, and
/// again from there where the store turns out to stand elsewhere. The group's offsets in Kafka are written for those
/// who watch its lag, and never read.
public final class SinkPositions extends ContextHolder implements KafkaCommitHandler {

    /// As in a channel's `commit-strategy`.
    static final String STRATEGY = "projection";

    private static final Logger LOG = Logger.getLogger(SinkPositions.class);
    private static final Duration TICK = Duration.ofMillis(200);
    private static final int CONTEXT_MILLIS = 10_000;
    private static final Duration GOING_BACK = Duration.ofSeconds(60);

    private final SinkChannel channel;
    private final ReactiveKafkaConsumer<?, ?> consumer;
    private final long timer;
    private final Map<TopicPartition, SinkPartition> partitions = new ConcurrentHashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new ConcurrentHashMap<>();

    SinkPositions(SinkChannel channel, ReactiveKafkaConsumer<?, ?> consumer, Vertx vertx) {
        super(vertx, CONTEXT_MILLIS);
        this.channel = channel;
        this.consumer = consumer;
        this.timer = vertx.setPeriodic(TICK.toMillis(), tick -> channel.tick());
    }

    /// Each record carries its partition's reading; in a batch the last one of each partition does.
    @Override
    public <K, V> Uni<IncomingKafkaRecord<K, V>> received(IncomingKafkaRecord<K, V> record) {
        SinkPartition reading = partitions.get(new TopicPartition(record.getTopic(), record.getPartition()));
        if (reading != null) {
            record.injectMetadata(reading);
        }
        return Uni.createFrom().item(record);
    }

    /// The position was written with the data.
    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record) {
        return Uni.createFrom().voidItem();
    }

    /// On the polling thread. Where the store does not answer, partitions stay assigned, and nothing of them is
    /// written until it does.
    @Override
    public void partitionsAssigned(Collection<TopicPartition> assigned) {
        channel.exclusively(() -> {
            assigned.forEach(partition -> partitions.put(partition, SinkPartition.unpositioned(partition)));
            try {
                position(assigned, channel.stored(assigned));
                channel.joined(true);
            } catch (MongoException e) {
                channel.joined(false);
            }
        });
    }

    private void position(Collection<TopicPartition> assigned, Map<Integer, Long> stored) {
        Consumer<?, ?> kafka = consumer.unwrap();
        List<TopicPartition> fresh = new ArrayList<>();
        for (TopicPartition partition : assigned) {
            Long next = stored.get(partition.partition());
            if (next == null) {
                fresh.add(partition);
            } else {
                kafka.seek(partition, next);
            }
            partitions.put(partition, SinkPartition.from(partition, next));
        }
        if (!fresh.isEmpty()) {
            // asked for none, the consumer takes all
            kafka.seekToBeginning(fresh);
        }
    }

    /// On the polling thread. Waits for the batch in hand: a document has one writer, and the next owner begins where
    /// this one's data ends.
    @Override
    public void partitionsRevoked(Collection<TopicPartition> revoked) {
        for (TopicPartition partition : revoked) {
            SinkPartition reading = partitions.remove(partition);
            if (reading != null) {
                reading.end();
            }
        }
        channel.awaitBatch();
        revoked.forEach(uncommitted::remove);
        // what the stream has taken out of its queue is received by now, as part of the reading that is over
        try {
            runOnContextAndAwait(() -> null);
        } catch (RuntimeException e) {
            LOG.debugf("%s: %s", channel, e.getMessage());
        }
    }

    /// Asks the store for its positions.
    ///
    /// @return partitions that must be read again from where it stands
    List<TopicPartition> look() {
        List<SinkPartition> now = List.copyOf(partitions.values());
        Map<Integer, Long> stored = channel.stored(now.stream().map(SinkPartition::partition).toList());
        return now.stream().filter(reading -> reading.standsElsewhere(stored.get(reading.partition().partition())))
                .map(SinkPartition::partition).toList();
    }

    /// Reads partitions from where the store stands, as if they were taken away and given back; what was fetched of
    /// them is dropped.
    void goBack(Collection<TopicPartition> moved) {
        ConsumerRebalanceListener rebalance = consumer.getRebalanceListener();
        try {
            consumer.runOnPollingThread(kafka -> {
                List<TopicPartition> still = moved.stream().filter(kafka.assignment()::contains).toList();
                rebalance.onPartitionsRevoked(still);
                rebalance.onPartitionsAssigned(still);
            }).await().atMost(GOING_BACK);
        } catch (TimeoutException e) {
            LOG.debugf("%s is busy, and goes back later", channel);
        }
    }

    /// The store has these positions.
    void written(Map<TopicPartition, OffsetAndMetadata> next) {
        next.forEach((partition, offset) -> {
            SinkPartition reading = partitions.get(partition);
            if (reading != null) {
                reading.written(offset.offset());
                uncommitted.put(partition, offset);
            }
        });
        commit();
    }

    /// Tells those who watch the group's lag. What Kafka does not take, while the group rebalances, say, is told again
    /// with the next.
    void commit() {
        Map<TopicPartition, OffsetAndMetadata> told = Map.copyOf(uncommitted);
        if (!told.isEmpty()) {
            consumer.commitAsync(told).subscribe().with(
                    done -> told.forEach(uncommitted::remove),
                    failure -> LOG.debugf("%s: %s", channel, failure.getMessage()));
        }
    }

    /// Leaves the group.
    void close() {
        vertx.cancelTimer(timer);
        consumer.close();
    }

    @Override
    public void terminate(boolean graceful) {
        vertx.cancelTimer(timer);
        channel.stop();
    }

    /// Makes one for each channel that names [#STRATEGY].
    @ApplicationScoped
    @Identifier(STRATEGY)
    public static class Factory implements KafkaCommitHandler.Factory {

        private final SinkChannels channels;

        public Factory(SinkChannels channels) {
            this.channels = channels;
        }

        @Override
        public KafkaCommitHandler create(
                KafkaConnectorIncomingConfiguration channel, Vertx vertx, KafkaConsumer<?, ?> consumer,
                BiConsumer<Throwable, Boolean> report) {
            SinkChannel sink = channels.of(channel.getChannel());
            SinkPositions positions = new SinkPositions(sink, (ReactiveKafkaConsumer<?, ?>) consumer, vertx);
            sink.attach(positions);
            return positions;
        }
    }
}
