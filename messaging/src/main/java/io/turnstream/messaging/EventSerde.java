package io.turnstream.messaging;

import io.turnstream.contracts.EventTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// Events as bytes: one zero byte, the registry's content id as a 4-byte big-endian number, the Avro binary encoding.
///
/// This is the layout of the registry's own serdes (`Default4ByteIdHandler`), so any Avro tool that knows the registry reads it.
/// The schema comes from the jar and its id from [SchemaIds]; the registry is never asked. Records written with an older schema
/// are read into the classes of this code by Avro's resolution rules.
public final class EventSerde implements Serde<SpecificRecord> {

    private static final byte MAGIC = 0;
    private static final int HEADER_BYTES = 5;

    private final SchemaIds ids;
    private final Map<String, SpecificDatumWriter<SpecificRecord>> writers = new ConcurrentHashMap<>();
    private final Map<Integer, SpecificDatumReader<SpecificRecord>> readers = new ConcurrentHashMap<>();
    private final ThreadLocal<@Nullable BinaryEncoder> encoder = new ThreadLocal<>();

    public EventSerde(SchemaIds ids) {
        this.ids = ids;
    }

    /// The record's bytes.
    public byte[] toBytes(SpecificRecord event) {
        Schema schema = event.getSchema();
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        out.write(MAGIC);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(ids.idOf(schema)).array());
        try {
            BinaryEncoder reused = EncoderFactory.get().directBinaryEncoder(out, encoder.get());
            encoder.set(reused);
            writers.computeIfAbsent(schema.getFullName(), name -> new SpecificDatumWriter<>(schema)).write(event, reused);
            reused.flush();
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("cannot write a " + schema.getFullName() + ": " + e.getMessage(), e);
        }
        return out.toByteArray();
    }

    /// The event that bytes hold, as this code's class.
    ///
    /// @throws SerializationException if they hold none
    public SpecificRecord fromBytes(byte[] bytes) {
        int id = idIn(bytes);
        try {
            // A reader is not bound to a thread once its resolver is made; Avro caches the resolver per thread.
            SpecificDatumReader<SpecificRecord> reader = readers.computeIfAbsent(id, this::readerFor);
            return reader.read(null, DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null));
        } catch (SerializationException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("cannot read a record with schema id " + id + ": " + e.getMessage(), e);
        }
    }

    /// The event that bytes hold, with the schema it was written with: what digests are computed over.
    ///
    /// @throws SerializationException if they hold none
    public GenericRecord asWritten(byte[] bytes) {
        int id = idIn(bytes);
        try {
            Schema schema = ids.schemaOf(id);
            return new GenericDatumReader<GenericRecord>(schema)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null));
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("cannot read a record with schema id " + id + ": " + e.getMessage(), e);
        }
    }

    /// The bytes of an event that is copied with the schema it was written with.
    ///
    /// @throws SerializationException if that schema is not registered here
    public byte[] copyToBytes(GenericRecord written) {
        Schema schema = written.getSchema();
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try {
            out.write(MAGIC);
            out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(ids.idOf(schema)).array());
            BinaryEncoder direct = EncoderFactory.get().directBinaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(schema).write(written, direct);
            direct.flush();
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("cannot write a " + schema.getFullName() + ": " + e.getMessage(), e);
        }
        return out.toByteArray();
    }

    @Override
    public Serializer<SpecificRecord> serializer() {
        return (topic, event) -> event == null ? null : toBytes(event);
    }

    @Override
    public Deserializer<SpecificRecord> deserializer() {
        return (topic, bytes) -> bytes == null ? null : fromBytes(bytes);
    }

    private static int idIn(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new SerializationException("not an event: the record has no value");
        }
        if (bytes.length < HEADER_BYTES || bytes[0] != MAGIC) {
            throw new SerializationException("not an event: expected a zero byte and a 4-byte schema id at the start of "
                    + bytes.length + " bytes");
        }
        return ByteBuffer.wrap(bytes).getInt(1);
    }

    private SpecificDatumReader<SpecificRecord> readerFor(int id) {
        Schema written = ids.schemaOf(id);
        Schema known = EventTypes.byName(written.getFullName());
        if (known == null) {
            throw new SerializationException("this version does not know the event " + written.getFullName());
        }
        return new SpecificDatumReader<>(written, known);
    }
}
