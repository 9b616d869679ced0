package io.turnstream.channels;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;

/// Commits up to the first record that is not finished.
public class UnfinishedCommits extends ChannelCommits<TakenPartition> {

    /// As in a channel's `commit-strategy`.
    static final String STRATEGY = "unfinished";

    protected UnfinishedCommits(KafkaConnectorIncomingConfiguration channel, Vertx vertx,
            KafkaConsumer<?, ?> consumer) {
        super(channel, vertx, consumer);
    }

    @Override
    protected final TakenPartition taken(TopicPartition partition, int generation) {
        return new TakenPartition(partition, generation);
    }

    /// Makes one for each channel that names [#STRATEGY].
    @ApplicationScoped
    @Identifier(STRATEGY)
    public static class Factory implements KafkaCommitHandler.Factory {

        @Override
        public KafkaCommitHandler create(
                KafkaConnectorIncomingConfiguration channel, Vertx vertx, KafkaConsumer<?, ?> consumer,
                BiConsumer<Throwable, Boolean> report) {
            return new UnfinishedCommits(channel, vertx, consumer);
        }
    }
}
