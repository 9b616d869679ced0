package io.turnstream.audit;

import io.turnstream.contracts.EventMeta;
import io.turnstream.events.EventDigests;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Topics;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;

/// One event of a run, and where it stands.
///
/// @param timestampMillis the record's time, ms since the epoch: its writer's clock or, in topics of requests and
///         answers, the broker's
/// @param written the event with the schema it was written with: what digests are computed over
/// @param event the same as this code's class
public record LoggedEvent(
        Topics topic,
        int partition,
        long offset,
        long timestampMillis,
        String key,
        Headers headers,
        GenericRecord written,
        SpecificRecord event) {

    public Place place() {
        return new Place(topic.topicName(), partition, offset);
    }

    public EventMeta meta() {
        return EventTypes.metaOf(event);
    }

    /// Simple name of its type, such as `StepSettled`.
    public String type() {
        return written.getSchema().getName();
    }

    /// Its digest (hex), by the rules of [EventDigests].
    public String digest() {
        return EventDigests.of(written);
    }

    /// The digests (hex) under which other events may name this one as their cause: its own and, where it was written
    /// with an older schema, the one that code with the present schema computed when it read it.
    List<String> digestsAsCause() {
        boolean presentSchema = Arrays.equals(
                EventDigests.fingerprint(written.getSchema()), EventDigests.fingerprint(event.getSchema()));
        return presentSchema ? List.of(digest()) : List.of(digest(), EventDigests.of(event));
    }

    /// Names type and place, never the content.
    @Override
    public String toString() {
        return type() + ' ' + place();
    }
}
