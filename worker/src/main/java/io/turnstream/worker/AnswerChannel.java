package io.turnstream.worker;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.OutgoingMessageMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/// Where a worker's answers and deferrals go.
@FunctionalInterface
public interface AnswerChannel {

    /// Writes one and returns when Kafka has it.
    ///
    /// @return where it stands
    RecordMetadata write(String key, byte[] value, Headers headers);

    /// Writes to a channel of this process.
    static AnswerChannel over(MutinyEmitter<byte[]> emitter) {
        return (key, value, headers) -> {
            OutgoingMessageMetadata<RecordMetadata> written = new OutgoingMessageMetadata<>();
            emitter.sendMessageAndAwait(Message.of(value, Metadata.of(
                    OutgoingKafkaRecordMetadata.<String>builder().withKey(key).withHeaders(headers).build(), written)));
            return written.getResult();
        };
    }
}
