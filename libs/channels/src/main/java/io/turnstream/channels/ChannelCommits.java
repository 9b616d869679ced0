package io.turnstream.channels;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.mutiny.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/// Commits a channel's records by interval up to the first that is not finished, and follows the group's rebalances.
///
/// A record begins when the connector takes it up ([#received]) and is finished when it is acknowledged ([#handle]) or
/// laid aside ([DeadLetterFailures]). One that is neither is left to the partition's next owner. The connector's own
/// `throttled` would do nearly the same; but it takes up records that were fetched before a partition went away and
/// came back, and may then commit past others that have yet to come again.
///
/// @param <P> what is kept of an assigned partition
public abstract class ChannelCommits<P extends TakenPartition> implements KafkaCommitHandler {

    private static final Logger LOG = Logger.getLogger(ChannelCommits.class);
    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(5);
    private static final int EVERY_MILLIS = 500;

    private final KafkaConsumer<?, ?> consumer;
    private final Vertx vertx;
    private final long timer;
    private final Map<TopicPartition, P> partitions = new ConcurrentHashMap<>();
    private volatile boolean joined;
    private volatile boolean closing;

    /// @param channel says by `auto.commit.interval.ms` how often it commits
    protected ChannelCommits(KafkaConnectorIncomingConfiguration channel, Vertx vertx, KafkaConsumer<?, ?> consumer) {
        this.consumer = consumer;
        this.vertx = vertx;
        this.timer = vertx.setPeriodic(
                channel.config().getOptionalValue(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, Integer.class)
                        .orElse(EVERY_MILLIS),
                tick -> commit());
    }

    /// What is kept of a partition that was just assigned.
    ///
    /// @param generation the group's
    protected abstract P taken(TopicPartition partition, int generation);

    /// Partitions were assigned. Called by the polling thread.
    protected void assigned(Collection<P> taken) {}

    /// Partitions go: none of their records may begin any more. Called by the polling thread, before it waits for those
    /// that run.
    protected void revoked(Collection<P> gone) {}

    /// Whether a record needs no handling.
    protected boolean isSettled(IncomingKafkaRecord<?, ?> record) {
        return false;
    }

    /// How long records under way may take when their partition goes. While they do, the partitions that stay are not
    /// polled.
    protected Duration handOver() {
        return Duration.ZERO;
    }

    /// How long records under way may take when the channel closes.
    protected Duration grace() {
        return Duration.ZERO;
    }

    /// Whether it has joined its group.
    public final boolean hasJoined() {
        return joined;
    }

    /// The partitions it has now.
    public final Collection<P> partitions() {
        return partitions.values();
    }

    @Override
    public final <K, V> Uni<IncomingKafkaRecord<K, V>> received(IncomingKafkaRecord<K, V> record) {
        P partition = partitions.get(new TopicPartition(record.getTopic(), record.getPartition()));
        if (closing || partition == null || partition.isOlder(record.getConsumerGroupGenerationId())) {
            return Uni.createFrom().nullItem();
        }
        partition.begin(record.getOffset());
        if (isSettled(record)) {
            partition.finish(record.getOffset());
            return Uni.createFrom().nullItem();
        }
        record.injectMetadata(partition);
        return Uni.createFrom().item(record);
    }

    @Override
    public final <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record) {
        TakenPartition.of(record.getMetadata()).ifPresent(partition -> partition.finish(record.getOffset()));
        return Uni.createFrom().voidItem();
    }

    @Override
    public final void partitionsAssigned(Collection<TopicPartition> assigned) {
        int generation = consumer.unwrap().groupMetadata().generationId();
        List<P> added = assigned.stream().map(partition -> taken(partition, generation)).toList();
        added.forEach(partition -> partitions.put(partition.partition(), partition));
        assigned(added);
        joined = true;
    }

    /// The connector tells here of lost partitions, too. Others have them already, so there is nothing to wait for and
    /// to commit.
    @Override
    public final void partitionsRevoked(Collection<TopicPartition> revoked) {
        boolean lost = consumer.unwrap().groupMetadata().generationId() < 0;
        List<P> gone = revoked.stream().map(partitions::remove).filter(Objects::nonNull).toList();
        end(gone, lost ? Duration.ZERO : handOver());
        Map<TopicPartition, OffsetAndMetadata> positions = positions(gone, TakenPartition::toHandOver);
        if (!lost && !positions.isEmpty()) {
            try {
                consumer.unwrap().commitSync(positions, COMMIT_PATIENCE);
            } catch (RuntimeException e) {
                LOG.warnf("%s could not commit what it gives away: %s", group(), e.getMessage());
            }
        }
    }

    /// Ends what is begun, gives records under way the grace period, and commits what is done. Nothing begins any more.
    public final void drain() {
        closing = true;
        List<P> all = List.copyOf(partitions.values());
        end(all, grace());
        partitions.clear();
        // what is not over now will never be: nobody is to wait for it
        Map<TopicPartition, OffsetAndMetadata> positions = positions(all, TakenPartition::toCommit);
        if (!positions.isEmpty()) {
            try {
                consumer.commit(positions).await().atMost(COMMIT_PATIENCE);
            } catch (RuntimeException e) {
                LOG.warnf("%s could not commit on closing: %s", group(), e.getMessage());
            }
        }
    }

    @Override
    public final void terminate(boolean graceful) {
        vertx.cancelTimer(timer);
        drain();
    }

    private void end(Collection<P> which, Duration time) {
        which.forEach(TakenPartition::revoke);
        revoked(which);
        long deadline = System.nanoTime() + time.toNanos();
        try {
            for (P partition : which) {
                partition.awaitIdle(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// On the polling thread, where partitions are revoked too: a commit that came after would take away the note of
    /// whose records run.
    private void commit() {
        consumer.runOnPollingThread(kafka -> {
            Map<TopicPartition, OffsetAndMetadata> positions = positions(partitions.values(), TakenPartition::toCommit);
            if (!positions.isEmpty()) {
                kafka.commitAsync(positions, (offsets, failure) -> {
                    if (failure == null) {
                        offsets.forEach(this::remember);
                    } else {
                        LOG.debugf("%s: %s", group(), failure.getMessage());
                    }
                });
            }
        }).subscribe().with(done -> {}, failure -> LOG.debugf("%s: %s", group(), failure.getMessage()));
    }

    private void remember(TopicPartition partition, OffsetAndMetadata position) {
        P committed = partitions.get(partition);
        if (committed != null) {
            committed.committed(position);
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> positions(
            Collection<? extends TakenPartition> which,
            Function<TakenPartition, Optional<OffsetAndMetadata>> position) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        which.forEach(partition -> position.apply(partition)
                .ifPresent(offset -> positions.put(partition.partition(), offset)));
        return positions;
    }

    /// The channel's consumer group.
    protected final String group() {
        return String.valueOf(consumer.configuration().get(ConsumerConfig.GROUP_ID_CONFIG));
    }
}
