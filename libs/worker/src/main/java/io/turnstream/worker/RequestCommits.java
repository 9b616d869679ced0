package io.turnstream.worker;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.turnstream.channels.ChannelCommits;
import io.turnstream.messaging.EventHeaders;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;

/// Commits requests, and has the answers of partitions read that were just assigned.
public final class RequestCommits extends ChannelCommits<PartitionOffsets> {

    /// As in a channel's `commit-strategy`.
    static final String STRATEGY = "requests";

    /// After which nobody waits for its turn to call any more once its partition is revoked; who calls then is named to
    /// the next owner.
    private static final Duration HAND_OVER = Duration.ofSeconds(3);

    private final Worker worker;

    private RequestCommits(Worker worker, KafkaConnectorIncomingConfiguration channel, Vertx vertx,
            KafkaConsumer<?, ?> consumer) {
        super(channel, vertx, consumer);
        this.worker = worker;
    }

    /// Whether it is a member of its group and knows the answers of its partitions, if it has any.
    boolean isReady() {
        return hasJoined() && partitions().stream().allMatch(PartitionOffsets::isLoaded);
    }

    boolean isAssigned() {
        return !partitions().isEmpty();
    }

    @Override
    protected PartitionOffsets taken(TopicPartition partition, int generation) {
        return new PartitionOffsets(partition, generation);
    }

    @Override
    protected void assigned(Collection<PartitionOffsets> taken) {
        worker.loadAnswers(taken, group());
    }

    /// A request that was brought in from another installation was answered there.
    @Override
    protected boolean isSettled(IncomingKafkaRecord<?, ?> record) {
        return EventHeaders.isImported(record.getHeaders());
    }

    /// Only until nobody begins a call any more.
    @Override
    protected Duration handOver() {
        return grace().compareTo(HAND_OVER) < 0 ? grace() : HAND_OVER;
    }

    @Override
    protected Duration grace() {
        return worker.grace();
    }

    /// Makes one for each channel that names [#STRATEGY].
    @ApplicationScoped
    @Identifier(STRATEGY)
    public static class Factory implements KafkaCommitHandler.Factory {

        private final Workers workers;

        public Factory(Workers workers) {
            this.workers = workers;
        }

        @Override
        public KafkaCommitHandler create(
                KafkaConnectorIncomingConfiguration channel, Vertx vertx, KafkaConsumer<?, ?> consumer,
                BiConsumer<Throwable, Boolean> report) {
            Worker worker = workers.of(channel.getChannel());
            RequestCommits commits = new RequestCommits(worker, channel, vertx, consumer);
            worker.attach(commits);
            return commits;
        }
    }
}
