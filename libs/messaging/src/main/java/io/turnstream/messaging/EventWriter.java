package io.turnstream.messaging;

import io.turnstream.events.Topics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Writes events with their headers. Thread-safe.
@FunctionalInterface
public interface EventWriter {

    /// Writes an event; the future completes when every in-sync replica has it.
    ///
    /// @param parent headers of the record that caused it, or null
    CompletableFuture<RecordMetadata> send(Topics topic, String key, SpecificRecord event, @Nullable Headers parent);

    /// Writes an event and returns when every in-sync replica has it.
    ///
    /// @return where it stands
    /// @throws org.apache.kafka.common.KafkaException if it can never be written
    default RecordMetadata write(Topics topic, String key, SpecificRecord event, @Nullable Headers parent) {
        try {
            return send(topic, key, event, parent).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
