package io.turnstream.dispatch;

import io.turnstream.messaging.EventHeaders;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Where a processor's events go, each with its headers: some of the topology's sinks, and no others.
final class Outbox {

    private final ProcessorContext<String, SpecificRecord> context;
    private final Set<String> sinks;

    /// @param sinks names of the sinks that may be written to
    Outbox(ProcessorContext<String, SpecificRecord> context, String... sinks) {
        this.context = context;
        this.sinks = Set.of(sinks);
    }

    /// Emits an event that a record brought about.
    void emit(String sink, String key, SpecificRecord event, Record<String, SpecificRecord> cause) {
        emit(sink, key, event, cause.timestamp(), cause.headers());
    }

    /// @param parent headers of what brought it about
    /// @throws IllegalStateException if this outbox does not lead to that sink
    void emit(String sink, String key, SpecificRecord event, long timestamp, Headers parent) {
        if (!sinks.contains(sink)) {
            throw new IllegalStateException(event.getSchema().getName() + " must not go to " + sink);
        }
        context.forward(
                new Record<>(key, event, timestamp, EventHeaders.of(event, DispatcherTopology.SOURCE, key, parent)),
                sink);
    }
}
