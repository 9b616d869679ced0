package io.turnstream.messaging;

import io.apicurio.registry.serde.Default4ByteIdHandler;
import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.apicurio.registry.serde.avro.AvroSchemaParser;
import io.apicurio.registry.serde.avro.AvroSerdeConfig;
import io.apicurio.registry.serde.config.IdOption;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// Events as bytes, by Apicurio's Avro serde: one zero byte, the registry's content id as a 4-byte big-endian number,
/// the Avro binary encoding.
///
/// The schema comes from the jar and its id from [SchemaIds]. Records written with an older schema are read into the
/// classes of this code by Avro's resolution rules. Whatever cannot be read or written is a [SerializationException].
/// Thread-safe.
public final class EventSerde implements Serde<SpecificRecord> {

    private static final byte MAGIC = 0;
    private static final int HEADER_BYTES = 5;
    /// The serde's caches tell topics apart, which give an event no other schema.
    private static final String ANY_TOPIC = "";

    private final AvroKafkaSerializer<IndexedRecord> writer;
    private final AvroKafkaDeserializer<SpecificRecord> events;
    private final AvroKafkaDeserializer<GenericRecord> copies;

    public EventSerde(SchemaIds ids) {
        this.writer = new AvroKafkaSerializer<>(resolver(ids));
        this.events = new AvroKafkaDeserializer<>(resolver(ids));
        this.copies = new AvroKafkaDeserializer<>(resolver(ids));
        writer.configure(settings(false), false);
        events.configure(settings(true), false);
        copies.configure(settings(false), false);
    }

    private static <T extends IndexedRecord> CatalogResolver<T> resolver(SchemaIds ids) {
        return new CatalogResolver<>(ids, new AvroSchemaParser<>(new EventDatumProvider<>()));
    }

    private static Map<String, Object> settings(boolean intoOurClasses) {
        return Map.of(
                AvroSerdeConfig.ID_HANDLER, Default4ByteIdHandler.class.getName(),
                AvroSerdeConfig.USE_ID, IdOption.contentId.name(),
                AvroSerdeConfig.AVRO_ENCODING, AvroSerdeConfig.AVRO_ENCODING_BINARY,
                AvroSerdeConfig.AVRO_DATUM_PROVIDER, EventDatumProvider.class,
                AvroSerdeConfig.USE_SPECIFIC_AVRO_READER, intoOurClasses);
    }

    /// The record's bytes.
    public byte[] toBytes(SpecificRecord event) {
        return written(event);
    }

    /// The bytes of an event that is copied with the schema it was written with.
    ///
    /// @throws SerializationException if that schema is not registered here
    public byte[] copyToBytes(GenericRecord written) {
        return written(written);
    }

    private byte[] written(IndexedRecord event) {
        try {
            return writer.serialize(ANY_TOPIC, event);
        } catch (RuntimeException e) {
            throw new SerializationException("cannot write a " + event.getSchema().getFullName() + ": " + reason(e), e);
        }
    }

    /// The event that bytes hold, as this code's class.
    ///
    /// @throws SerializationException if they hold none
    public SpecificRecord fromBytes(byte[] bytes) {
        return read(events, bytes);
    }

    /// The event that bytes hold, with the schema it was written with: what digests are computed over.
    ///
    /// @throws SerializationException if they hold none
    public GenericRecord asWritten(byte[] bytes) {
        return read(copies, bytes);
    }

    // Never with the record's headers: the deserializer would take an encoding that it finds there, and keep it for all
    // that follow.
    private static <T> T read(AvroKafkaDeserializer<T> reader, byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new SerializationException("not an event: the record has no value");
        }
        if (bytes.length < HEADER_BYTES || bytes[0] != MAGIC) {
            throw new SerializationException(
                    "not an event: expected a zero byte and a 4-byte schema id at the start of "
                            + bytes.length + " bytes");
        }
        try {
            return reader.deserialize(ANY_TOPIC, bytes);
        } catch (SerializationException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new SerializationException(
                    "cannot read a record with schema id " + ByteBuffer.wrap(bytes).getInt(1) + ": " + reason(e), e);
        }
    }

    private static String reason(RuntimeException e) {
        Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
        return Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
    }

    @Override
    public Serializer<SpecificRecord> serializer() {
        return (topic, event) -> event == null ? null : toBytes(event);
    }

    @Override
    public Deserializer<SpecificRecord> deserializer() {
        return (topic, bytes) -> bytes == null ? null : fromBytes(bytes);
    }
}
