package io.turnstream.audit.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.audit.LoggedEvent;
import io.turnstream.events.EventDigests;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Events as lines of JSON: position, time, key and headers of the record, fingerprint of the schema it was written
/// with, digest, and the event in Avro's JSON encoding. With that schema, Avro gives back the very bytes.
final class EventLines {

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxTokenCount(ArchiveLimits.LINE_TOKENS)
                    .maxStringLength(Integer.MAX_VALUE).build())
            .build());

    private final Map<String, Schema> schemas = new HashMap<>();
    private final Map<Schema, String> fingerprints = new HashMap<>();

    /// The schemas of all lines written so far, or those made known, by fingerprint (hex).
    Map<String, Schema> schemas() {
        return schemas;
    }

    /// Makes a schema known that lines were written with.
    ///
    /// @throws IllegalArgumentException if it is no event's, or not one that this code can read
    void know(String fingerprint, String text) {
        Schema schema;
        try {
            schema = new Schema.Parser().parse(text);
        } catch (RuntimeException e) {
            // the parser has exceptions of many kinds for what it does not understand
            throw new IllegalArgumentException("it is no Avro schema", e);
        }
        requirePlainTypes(schema, new HashSet<>());
        Schema known = EventTypes.byName(schema.getFullName());
        if (known == null) {
            throw new IllegalArgumentException("this version does not know the event " + schema.getFullName());
        }
        var compatible = SchemaCompatibility.checkReaderWriterCompatibility(known, schema);
        if (compatible.getType() != SchemaCompatibilityType.COMPATIBLE) {
            throw new IllegalArgumentException(
                    "this version cannot read a " + schema.getFullName() + " written with it");
        }
        if (!fingerprintOf(schema).equals(fingerprint)) {
            throw new IllegalArgumentException("its fingerprint is " + fingerprintOf(schema));
        }
        schemas.put(fingerprint, schema);
    }

    /// Events have no maps and no values of a fixed size: those could ask for any amount of memory, whatever the line
    /// holds.
    private static void requirePlainTypes(Schema schema, Set<String> seen) {
        switch (schema.getType()) {
            case FIXED, MAP ->
                throw new IllegalArgumentException("no event has a " + schema.getType().getName() + " in it");
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    schema.getFields().forEach(field -> requirePlainTypes(field.schema(), seen));
                }
            }
            case ARRAY -> requirePlainTypes(schema.getElementType(), seen);
            case UNION -> schema.getTypes().forEach(type -> requirePlainTypes(type, seen));
            default -> {
                /* a plain value */ }
        }
    }

    /// One line, with its line feed.
    ///
    /// @param written what to write of the event: itself, or with texts withheld
    byte[] line(LoggedEvent event, GenericRecord written) {
        String fingerprint = fingerprintOf(written.getSchema());
        schemas.putIfAbsent(fingerprint, written.getSchema());
        ObjectNode line = JSON.createObjectNode();
        line.put("offset", event.offset()).put("timestamp", event.timestampMillis()).put("key", event.key());
        ObjectNode headers = line.putObject("headers");
        for (Header header : event.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        line.put("type", written.getSchema().getName()).put("schema", fingerprint).put("digest",
                EventDigests.of(written));
        try {
            line.set("event", JSON.readTree(avroJson(written)));
            byte[] bytes = JSON.writeValueAsBytes(line);
            byte[] terminated = Arrays.copyOf(bytes, bytes.length + 1);
            terminated[bytes.length] = '\n';
            return terminated;
        } catch (IOException e) {
            throw new IllegalStateException("cannot write " + event, e);
        }
    }

    /// The event of a line.
    ///
    /// @throws IllegalArgumentException if the line holds none
    LoggedEvent event(Topics topic, int partition, byte[] line) {
        try {
            JsonNode node = JSON.readTree(line);
            Schema schema = schemas.get(required(node, "schema").textValue());
            if (schema == null) {
                throw new IllegalArgumentException("its schema is not in the archive");
            }
            GenericRecord written = new GenericDatumReader<GenericRecord>(schema)
                    .read(null, DecoderFactory.get().jsonDecoder(schema, required(node, "event").toString()));
            Headers headers = new RecordHeaders();
            node.path("headers").properties()
                    .forEach(header -> headers.add(header.getKey(),
                            header.getValue().asText().getBytes(StandardCharsets.UTF_8)));
            JsonNode offset = required(node, "offset");
            JsonNode timestamp = required(node, "timestamp");
            JsonNode key = required(node, "key");
            if (!offset.canConvertToLong() || !timestamp.canConvertToLong() || !key.isTextual()) {
                throw new IllegalArgumentException("offset, timestamp or key is not what it must be");
            }
            return new LoggedEvent(topic, partition, offset.longValue(), timestamp.longValue(), key.textValue(),
                    headers, written,
                    asThisCodesClass(written));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is no JSON object", e);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // so have Avro's readers
            throw new IllegalArgumentException("it holds no event of its schema", e);
        }
    }

    private static JsonNode required(JsonNode line, String field) {
        JsonNode node = line.get(field);
        if (node == null || node.isNull()) {
            throw new IllegalArgumentException("it has no '" + field + "'");
        }
        return node;
    }

    private String fingerprintOf(Schema schema) {
        return fingerprints.computeIfAbsent(schema, s -> HexFormat.of().formatHex(EventDigests.fingerprint(s)));
    }

    private static String avroJson(GenericRecord event) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
        JsonEncoder encoder = EncoderFactory.get().jsonEncoder(event.getSchema(), out);
        new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
        encoder.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static SpecificRecord asThisCodesClass(GenericRecord written) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(written.getSchema()).write(written, encoder);
        encoder.flush();
        Schema known = EventTypes.byName(written.getSchema().getFullName());
        return new SpecificDatumReader<SpecificRecord>(written.getSchema(), known)
                .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
    }
}
