package io.turnstream.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.events.EventDigests;
import io.turnstream.events.EventTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.Schema;

/// A schema and the id that the registry has given it; written as JSON.
///
/// @param id of its content in the registry
public record RegisteredSchema(int id, Schema schema) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// Takes our own object for a schema that equals one of ours: Avro knows an object for itself at once, and compares
    /// two property by property.
    public RegisteredSchema {
        Schema ours = EventTypes.byName(schema.getFullName());
        schema = schema.equals(ours) ? ours : schema;
    }

    /// Registers schemas under the BACKWARD rule, or finds them.
    ///
    /// @param registry its base address, such as `http://127.0.0.1:8081`
    /// @throws IllegalStateException if the registry cannot be reached or refuses one
    public static List<RegisteredSchema> register(Collection<Schema> schemas, URI registry) {
        List<RegisteredSchema> registered = new ArrayList<>();
        try (SchemaRegistry asked = new SchemaRegistry(registry, SchemaRegistry.Patience.AT_START)) {
            asked.requireBackwardCompatibility();
            for (Schema schema : schemas) {
                registered.add(new RegisteredSchema(asked.register(schema), schema));
            }
            return List.copyOf(registered);
        } catch (IOException e) {
            throw new IllegalStateException("cannot register the event schemas at " + registry + ": " + e.getMessage()
                    + ". The registry is needed once, at the first start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while registering schemas", e);
        }
    }

    /// Reads what [#toBytes] wrote.
    public static RegisteredSchema of(byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(bytes);
            return new RegisteredSchema(node.required("id").intValue(),
                    new Schema.Parser().parse(node.required("schema").textValue()));
        } catch (IOException e) {
            throw new UncheckedIOException("reading a schema entry", e);
        }
    }

    /// One line of JSON.
    public byte[] toBytes() {
        return JSON.createObjectNode().put("id", id).put("schema", schema.toString()).toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /// Under which it stands in the topic of schemas.
    String key() {
        return schema.getFullName() + ':' + HexFormat.of().formatHex(EventDigests.fingerprint(schema));
    }
}
