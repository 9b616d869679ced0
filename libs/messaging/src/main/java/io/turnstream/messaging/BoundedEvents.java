package io.turnstream.messaging;

import io.turnstream.events.AnswerBounds;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/// Refuses an event that is too large before a topology's producer sees it: under `exactly_once_v2` the producer's own
/// refusal (`RecordTooLargeException`) spoils the transaction, which would be begun anew for ever (KAFKA-15259).
public final class BoundedEvents {

    private BoundedEvents() {}

    /// The event has more bytes than a record may have.
    public static final class TooLargeException extends SerializationException {

        TooLargeException(SpecificRecord event, int bytes) {
            super("%s has %,d bytes, and a record has %,d at most".formatted(event.getSchema().getName(), bytes,
                    AnswerBounds.MOST_EVENT_BYTES));
        }
    }

    /// A serializer that writes as another does, up to [AnswerBounds#MOST_EVENT_BYTES].
    public static Serializer<SpecificRecord> of(Serializer<SpecificRecord> events) {
        return (topic, event) -> {
            byte[] bytes = events.serialize(topic, event);
            if (bytes != null && bytes.length > AnswerBounds.MOST_EVENT_BYTES) {
                throw new TooLargeException(event, bytes.length);
            }
            return bytes;
        };
    }
}
