package io.turnstream.messaging;

import io.apicurio.registry.serde.avro.AvroDatumProvider;
import io.apicurio.registry.serde.avro.AvroSerdeConfig;
import io.turnstream.events.EventTypes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

/// Readers and writers for Apicurio's serde, one for each schema: its own provider computes a schema's fingerprint for
/// every record to find one.
///
/// With [AvroSerdeConfig#USE_SPECIFIC_AVRO_READER] it reads into the classes of this code by Avro's resolution rules,
/// otherwise into generic records of the schema they were written with. Public because the serde makes it by its class.
/// Thread-safe once configured: a reader is bound to no thread, and Avro keeps what resolves two schemas per thread.
public final class EventDatumProvider<T extends IndexedRecord> implements AvroDatumProvider<T> {

    private final Map<Schema, DatumReader<T>> readers = new ConcurrentHashMap<>();
    private final Map<Schema, DatumWriter<T>> ofEvents = new ConcurrentHashMap<>();
    private final Map<Schema, DatumWriter<T>> ofCopies = new ConcurrentHashMap<>();
    private boolean intoOurClasses;

    @Override
    public void configure(AvroSerdeConfig config) {
        intoOurClasses = config.useSpecificAvroReader();
    }

    @Override
    public DatumReader<T> createDatumReader(Schema written) {
        return readers.computeIfAbsent(written, this::reader);
    }

    private DatumReader<T> reader(Schema written) {
        if (!intoOurClasses) {
            return new GenericDatumReader<>(written);
        }
        Schema known = EventTypes.byName(written.getFullName());
        if (known == null) {
            throw new SerializationException("this version does not know the event " + written.getFullName());
        }
        return new SpecificDatumReader<>(written, known);
    }

    @Override
    public DatumWriter<T> createDatumWriter(T event, Schema schema) {
        return event instanceof SpecificRecord
                ? ofEvents.computeIfAbsent(schema, SpecificDatumWriter::new)
                : ofCopies.computeIfAbsent(schema, GenericDatumWriter::new);
    }

    @Override
    public Schema toSchema(T event) {
        return event.getSchema();
    }
}
