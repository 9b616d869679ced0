package io.turnstream.audit.trace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.audit.LoggedEvent;
import io.turnstream.audit.PlainJson;
import java.time.Instant;

/// A trace as one JSON document: `{"formatVersion": 1, "dialogueId": .., "events": [..]}`.
public final class TraceJson {

    private TraceJson() {}

    public static ObjectNode of(DialogueTrace trace) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("formatVersion", 1).put("dialogueId", trace.dialogueId());
        ArrayNode events = document.putArray("events");
        for (LoggedEvent event : trace.events()) {
            ObjectNode node = events.addObject();
            node.put("type", event.type());
            node.put("at", Instant.ofEpochMilli(DialogueTrace.writtenAtMillis(event)).toString());
            node.put("topic", event.topic().topicName()).put("partition", event.partition()).put("offset",
                    event.offset());
            node.put("eventId", event.meta().getEventId()).put("causeId", event.meta().getCauseId());
            node.put("causeDigest", event.meta().getCauseDigest()).put("digest", event.digest());
            if (trace.isLeftOut(event)) {
                node.put("accepted", false);
            }
            node.set("event", PlainJson.of(event.written()));
        }
        return document;
    }
}
