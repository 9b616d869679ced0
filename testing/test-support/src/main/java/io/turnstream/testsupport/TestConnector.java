package io.turnstream.testsupport;

import io.smallrye.reactive.messaging.connector.InboundConnector;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailStop;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.smallrye.reactive.messaging.kafka.impl.KafkaSource;
import io.vertx.mutiny.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;

/// The Kafka connector in a test's JVM, without Quarkus.
public final class TestConnector implements InboundConnector, AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final List<KafkaSource<?, ?>> sources = new CopyOnWriteArrayList<>();
    private volatile List<KafkaCommitHandler.Factory> commits = List.of();

    /// What injection would find for a channel's `commit-strategy`.
    public void commitBy(KafkaCommitHandler.Factory factory) {
        commits = List.of(factory);
    }

    @Override
    public Flow.Publisher<? extends Message<?>> getPublisher(Config config) {
        KafkaConnectorIncomingConfiguration channel = new KafkaConnectorIncomingConfiguration(config);
        KafkaSource<Object, Object> source = new KafkaSource<>(vertx, channel.getGroupId().orElseThrow(), channel,
                new ConnectedChannel.Found<>(),
                new ConnectedChannel.Found<>(commits),
                new ConnectedChannel.Found<KafkaFailureHandler.Factory>(new KafkaFailStop.Factory()),
                new ConnectedChannel.Found<>(), new ConnectedChannel.Untold(), new ConnectedChannel.Found<>(),
                new ConnectedChannel.Found<>(), -1);
        sources.add(source);
        return channel.getBatch() ? source.getBatchStream() : source.getStream();
    }

    /// Up to where the consumers of all channels have read.
    public Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        sources.forEach(source -> positions.putAll(source.getConsumer().getPositions().await().indefinitely()));
        return positions;
    }

    @Override
    public void close() {
        sources.forEach(KafkaSource::closeQuietly);
        vertx.closeAndAwait();
    }
}
