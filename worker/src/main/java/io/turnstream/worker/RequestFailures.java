package io.turnstream.worker;

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

/// Lays a request aside that nobody could read or handle, and counts it as finished once Kafka has the dead letter.
public final class RequestFailures implements KafkaFailureHandler {

    /// As in a channel's `failure-strategy`.
    static final String STRATEGY = "requests";

    private final Worker worker;

    RequestFailures(Worker worker) {
        this.worker = worker;
    }

    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record, Throwable reason, Metadata metadata) {
        DeadLetter letter = new DeadLetter(record.getTopic(), record.getPartition(), record.getOffset(),
                record.getKey() == null ? null : String.valueOf(record.getKey()).getBytes(StandardCharsets.UTF_8),
                (byte[]) record.getPayload(), record.getHeaders(), String.valueOf(reason.getMessage()));
        return Uni.createFrom().completionStage(() -> worker.deadLetters().sendDeadLetter(letter))
                .invoke(written -> record.getMetadata().get(PartitionOffsets.class).ifPresent(partition -> partition.finish(record.getOffset())))
                .replaceWithVoid();
    }

    /// Makes one for each channel that names [#STRATEGY].
    @ApplicationScoped
    @Identifier(STRATEGY)
    public static class Factory implements KafkaFailureHandler.Factory {

        private final Workers workers;

        public Factory(Workers workers) {
            this.workers = workers;
        }

        @Override
        public KafkaFailureHandler create(
                KafkaConnectorIncomingConfiguration channel, Vertx vertx, KafkaConsumer<?, ?> consumer, BiConsumer<Throwable, Boolean> report) {
            return new RequestFailures(workers.of(channel.getChannel()));
        }
    }
}
