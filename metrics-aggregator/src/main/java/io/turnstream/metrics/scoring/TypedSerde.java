package io.turnstream.metrics.scoring;

import io.turnstream.messaging.EventSerde;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/// Events of one type; another type in its place cannot be read, as if its bytes were damaged.
record TypedSerde<T extends SpecificRecord>(EventSerde events, Class<T> type) implements Serde<T> {

    @Override
    public Serializer<T> serializer() {
        return (topic, event) -> event == null ? null : events.toBytes(event);
    }

    @Override
    public Deserializer<T> deserializer() {
        return (topic, bytes) -> {
            if (bytes == null) {
                return null;
            }
            SpecificRecord event = events.fromBytes(bytes);
            if (!type.isInstance(event)) {
                throw new SerializationException(
                        "expected a " + type.getSimpleName() + ", found a " + event.getSchema().getName());
            }
            return type.cast(event);
        };
    }
}
