package io.turnstream.messaging;

import io.turnstream.events.Topics;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Writes events, and dead letters, by a producer of its own.
public final class EventProducer implements EventWriter, AutoCloseable {

    private final Producer<String, byte[]> producer;
    private final EventSerde serde;
    private final String source;

    /// @param source the service that writes, as in `ce_source`
    public EventProducer(KafkaConnection connection, EventSerde serde, String source) {
        this(new KafkaProducer<>(connection.as("producer").producer()), serde, source);
    }

    EventProducer(Producer<String, byte[]> producer, EventSerde serde, String source) {
        this.producer = producer;
        this.serde = serde;
        this.source = source;
    }

    @Override
    public CompletableFuture<RecordMetadata> send(Topics topic, String key, SpecificRecord event,
            @Nullable Headers parent) {
        CompletableFuture<RecordMetadata> written = new CompletableFuture<>();
        producer.send(
                new ProducerRecord<>(topic.topicName(), null, key, serde.toBytes(event),
                        EventHeaders.of(event, source, key, parent)),
                (metadata, failure) -> {
                    if (failure == null) {
                        written.complete(metadata);
                    } else {
                        written.completeExceptionally(failure);
                    }
                });
        return written;
    }

    /// Writes a record that could not be read or handled to the dead letters, unchanged, with the reason.
    public CompletableFuture<RecordMetadata> sendDeadLetter(DeadLetter letter) {
        CompletableFuture<RecordMetadata> written = new CompletableFuture<>();
        producer.send(letter.toRecord(source), (metadata, failure) -> {
            if (failure == null) {
                written.complete(metadata);
            } else {
                written.completeExceptionally(failure);
            }
        });
        return written;
    }

    /// Waits until all that was sent is written.
    public void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
