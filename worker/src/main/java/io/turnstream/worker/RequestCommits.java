package io.turnstream.worker;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.turnstream.messaging.EventHeaders;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/// Commits requests by interval up to the first that is not finished, and follows the group's rebalances.
///
/// A record begins when the connector takes it up ([#received]) and is finished when it is acknowledged ([#handle]) or laid aside
/// ([RequestFailures]). One that is neither is left to the partition's next owner.
public final class RequestCommits implements KafkaCommitHandler {

    /// As in a channel's `commit-strategy`.
    static final String STRATEGY = "requests";

    private static final Logger LOG = Logger.getLogger(RequestCommits.class);
    /// After which nobody waits for its turn to call any more once its partition is revoked; who calls then is named to the next owner.
    private static final Duration HAND_OVER = Duration.ofSeconds(3);
    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(5);

    private final Worker worker;
    private final KafkaConsumer<?, ?> consumer;
    private final Vertx vertx;
    private final long timer;
    private final Map<TopicPartition, PartitionOffsets> partitions = new ConcurrentHashMap<>();
    private volatile boolean joined;
    private volatile boolean closing;

    RequestCommits(Worker worker, KafkaConsumer<?, ?> consumer, Vertx vertx, Duration interval) {
        this.worker = worker;
        this.consumer = consumer;
        this.vertx = vertx;
        this.timer = vertx.setPeriodic(interval.toMillis(), tick -> commit());
    }

    /// Whether it is a member of its group and knows the answers of its partitions, if it has any.
    boolean isReady() {
        return joined && partitions.values().stream().allMatch(PartitionOffsets::isLoaded);
    }

    boolean isAssigned() {
        return !partitions.isEmpty();
    }

    @Override
    public <K, V> Uni<IncomingKafkaRecord<K, V>> received(IncomingKafkaRecord<K, V> record) {
        PartitionOffsets partition = partitions.get(new TopicPartition(record.getTopic(), record.getPartition()));
        if (closing || partition == null || partition.isOlder(record.getConsumerGroupGenerationId())) {
            return Uni.createFrom().nullItem();
        }
        partition.begin(record.getOffset());
        if (EventHeaders.isImported(record.getHeaders())) {
            partition.finish(record.getOffset());
            return Uni.createFrom().nullItem();
        }
        record.injectMetadata(partition);
        return Uni.createFrom().item(record);
    }

    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record) {
        record.getMetadata().get(PartitionOffsets.class).ifPresent(partition -> partition.finish(record.getOffset()));
        return Uni.createFrom().voidItem();
    }

    @Override
    public void partitionsAssigned(Collection<TopicPartition> assigned) {
        int generation = consumer.unwrap().groupMetadata().generationId();
        List<PartitionOffsets> added = assigned.stream().map(partition -> new PartitionOffsets(partition, generation)).toList();
        added.forEach(partition -> partitions.put(partition.partition(), partition));
        worker.loadAnswers(added, group());
        joined = true;
    }

    /// Waits only until nobody begins a call any more: while it waits, the partitions that stay are not polled.
    ///
    /// The connector tells here of lost partitions, too. Others have them already, so there is nothing to wait for and to commit.
    @Override
    public void partitionsRevoked(Collection<TopicPartition> revoked) {
        boolean lost = consumer.unwrap().groupMetadata().generationId() < 0;
        Duration grace = worker.grace();
        List<PartitionOffsets> gone = revoked.stream().map(partitions::remove).filter(Objects::nonNull).toList();
        end(gone, lost ? Duration.ZERO : grace.compareTo(HAND_OVER) < 0 ? grace : HAND_OVER);
        Map<TopicPartition, OffsetAndMetadata> positions = positions(gone, PartitionOffsets::toHandOver);
        if (!lost && !positions.isEmpty()) {
            try {
                consumer.unwrap().commitSync(positions, COMMIT_PATIENCE);
            } catch (RuntimeException e) {
                LOG.warnf("%s could not commit what it gives away: %s", group(), e.getMessage());
            }
        }
    }

    /// Ends what is begun, gives running calls the grace period, and commits what is done. Nothing begins any more.
    void drain() {
        closing = true;
        List<PartitionOffsets> all = List.copyOf(partitions.values());
        end(all, worker.grace());
        partitions.clear();
        // what is not over now will never be: nobody is to wait for it
        Map<TopicPartition, OffsetAndMetadata> positions = positions(all, PartitionOffsets::toCommit);
        if (!positions.isEmpty()) {
            try {
                consumer.commit(positions).await().atMost(COMMIT_PATIENCE);
            } catch (RuntimeException e) {
                LOG.warnf("%s could not commit on closing: %s", group(), e.getMessage());
            }
        }
    }

    @Override
    public void terminate(boolean graceful) {
        vertx.cancelTimer(timer);
        drain();
    }

    private static void end(Collection<PartitionOffsets> which, Duration time) {
        which.forEach(PartitionOffsets::revoke);
        long deadline = System.nanoTime() + time.toNanos();
        try {
            for (PartitionOffsets partition : which) {
                partition.awaitIdle(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// On the polling thread, where partitions are revoked too: a commit that came after would take away the note of whose calls run.
    private void commit() {
        consumer.runOnPollingThread(kafka -> {
            Map<TopicPartition, OffsetAndMetadata> positions = positions(partitions.values(), PartitionOffsets::toCommit);
            if (!positions.isEmpty()) {
                kafka.commitAsync(positions, (offsets, failure) -> {
                    if (failure == null) {
                        offsets.forEach(this::remember);
                    } else {
                        LOG.debugf("%s: %s", group(), failure.getMessage());
                    }
                });
            }
        }).subscribe().with(done -> { }, failure -> LOG.debugf("%s: %s", group(), failure.getMessage()));
    }

    private void remember(TopicPartition partition, OffsetAndMetadata position) {
        PartitionOffsets committed = partitions.get(partition);
        if (committed != null) {
            committed.committed(position);
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> positions(
            Collection<PartitionOffsets> which, Function<PartitionOffsets, Optional<OffsetAndMetadata>> position) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        which.forEach(partition -> position.apply(partition).ifPresent(offset -> positions.put(partition.partition(), offset)));
        return positions;
    }

    private String group() {
        return String.valueOf(consumer.configuration().get(ConsumerConfig.GROUP_ID_CONFIG));
    }

    /// Makes one for each channel that names [#STRATEGY].
    @ApplicationScoped
    @Identifier(STRATEGY)
    public static class Factory implements KafkaCommitHandler.Factory {

        private static final int EVERY_MILLIS = 500;

        private final Workers workers;

        public Factory(Workers workers) {
            this.workers = workers;
        }

        @Override
        public KafkaCommitHandler create(
                KafkaConnectorIncomingConfiguration channel, Vertx vertx, KafkaConsumer<?, ?> consumer, BiConsumer<Throwable, Boolean> report) {
            int interval = channel.config().getOptionalValue(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, Integer.class).orElse(EVERY_MILLIS);
            Worker worker = workers.of(channel.getChannel());
            RequestCommits commits = new RequestCommits(worker, consumer, vertx, Duration.ofMillis(interval));
            worker.attach(commits);
            return commits;
        }
    }
}
