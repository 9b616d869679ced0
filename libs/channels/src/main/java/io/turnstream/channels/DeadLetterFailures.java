package io.turnstream.channels;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.turnstream.messaging.DeadLetter;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/// Lays a record aside that nobody could read or handle, and counts it as finished once Kafka has the dead letter.
public final class DeadLetterFailures implements KafkaFailureHandler {

    /// As in a channel's `failure-strategy`.
    static final String STRATEGY = "dead-letters";

    private final Channels channels;
    private final String channel;

    private DeadLetterFailures(Channels channels, String channel) {
        this.channels = channels;
        this.channel = channel;
    }

    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record, Throwable reason, Metadata metadata) {
        DeadLetter letter = new DeadLetter(record.getTopic(), record.getPartition(), record.getOffset(),
                record.getKey() == null ? null : String.valueOf(record.getKey()).getBytes(StandardCharsets.UTF_8),
                (byte[]) record.getPayload(), record.getHeaders(), String.valueOf(reason.getMessage()));
        return Uni.createFrom().completionStage(() -> channels.deadLetters(channel).sendDeadLetter(letter))
                .invoke(written -> TakenPartition.of(record.getMetadata())
                        .ifPresent(partition -> partition.finish(record.getOffset())))
                .replaceWithVoid();
    }

    /// Makes one for each channel that names [#STRATEGY].
    @ApplicationScoped
    @Identifier(STRATEGY)
    public static class Factory implements KafkaFailureHandler.Factory {

        private final Channels channels;

        public Factory(Channels channels) {
            this.channels = channels;
        }

        @Override
        public KafkaFailureHandler create(
                KafkaConnectorIncomingConfiguration channel, Vertx vertx, KafkaConsumer<?, ?> consumer,
                BiConsumer<Throwable, Boolean> report) {
            return new DeadLetterFailures(channels, channel.getChannel());
        }
    }
}
