package io.turnstream.channels;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.OutgoingMessageMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.EventWriter;
import io.turnstream.messaging.ServiceKafka;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jspecify.annotations.Nullable;

/// Writes a service's events to one of its outgoing channels; the event's topic goes before the one that the channel is
/// configured with.
public final class ChannelWriter implements EventWriter {

    private final MutinyEmitter<byte[]> emitter;
    private final ServiceKafka kafka;

    /// @param emitter what is under way is to be bounded before it, or its buffer
    /// @param kafka the service's, for serde and name
    public ChannelWriter(MutinyEmitter<byte[]> emitter, ServiceKafka kafka) {
        this.emitter = emitter;
        this.kafka = kafka;
    }

    @Override
    public CompletableFuture<RecordMetadata> send(Topics topic, String key, SpecificRecord event,
            @Nullable Headers parent) {
        OutgoingMessageMetadata<RecordMetadata> written = new OutgoingMessageMetadata<>();
        OutgoingKafkaRecordMetadata<String> record = OutgoingKafkaRecordMetadata.<String>builder()
                .withTopic(topic.topicName()).withKey(key)
                .withHeaders(EventHeaders.of(event, kafka.name(), key, parent)).build();
        return emitter.sendMessage(Message.of(kafka.serde().toBytes(event), Metadata.of(record, written)))
                .subscribeAsCompletionStage().thenApply(done -> written.getResult());
    }
}
