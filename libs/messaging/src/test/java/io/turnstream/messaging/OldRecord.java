package io.turnstream.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;

/// A record of the log of a `demo` of 2026-11-28, whose ids a registry gave and whose bytes our own coder wrote.
///
/// @param schema that it was written with, out of `schema-history`
/// @param event what it holds, in Avro's JSON
record OldRecord(String topic, Schema schema, byte[] value, String event) {

    private static final Path HISTORY = Path.of("..", "events", "schema-history");

    int id() {
        return ByteBuffer.wrap(value).getInt(1);
    }

    static List<OldRecord> log() {
        ObjectMapper json = new ObjectMapper();
        try (InputStream lines = OldRecord.class.getResourceAsStream("log-of-2026-11-28.jsonl")) {
            return new String(lines.readAllBytes(), StandardCharsets.UTF_8).lines().map(line -> {
                try {
                    JsonNode record = json.readTree(line);
                    Schema schema = new Schema.Parser()
                            .parse(Files.readString(HISTORY.resolve(record.required("schema").textValue())));
                    return new OldRecord(record.required("topic").textValue(), schema,
                            record.required("value").binaryValue(),
                            record.required("event").textValue());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
