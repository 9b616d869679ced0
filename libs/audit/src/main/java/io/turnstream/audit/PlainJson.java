package io.turnstream.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.contracts.Text;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/// An event as JSON for people and scripts: names as in its schema, bytes in Base64. A text is the text itself, or
/// `{"withheld": commitment}`.
public final class PlainJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String TEXT = Text.getClassSchema().getFullName();

    private PlainJson() {}

    /// The event's fields, without `meta`.
    public static ObjectNode of(IndexedRecord event) {
        ObjectNode node = JSON.objectNode();
        for (Schema.Field field : event.getSchema().getFields()) {
            if (!field.name().equals("meta")) {
                node.set(field.name(), valueOf(event.get(field.pos())));
            }
        }
        return node;
    }

    private static JsonNode valueOf(@Nullable Object value) {
        return switch (value) {
            case null -> JSON.nullNode();
            case IndexedRecord text when text.getSchema().getFullName().equals(TEXT) -> textOf(text);
            case IndexedRecord record -> of(record);
            case Collection<?> items -> {
                ArrayNode array = JSON.arrayNode();
                items.forEach(item -> array.add(valueOf(item)));
                yield array;
            }
            case ByteBuffer bytes -> {
                byte[] copy = new byte[bytes.remaining()];
                bytes.duplicate().get(copy);
                yield JSON.textNode(Base64.getEncoder().encodeToString(copy));
            }
            case Boolean flag -> JSON.booleanNode(flag);
            case Integer number -> JSON.numberNode(number);
            case Long number -> JSON.numberNode(number);
            case Double number -> JSON.numberNode(number);
            case Float number -> JSON.numberNode(number);
            default -> JSON.textNode(value.toString());
        };
    }

    private static JsonNode textOf(IndexedRecord text) {
        Object plain = text.get(text.getSchema().getField("text").pos());
        return plain == null
                ? JSON.objectNode().put("withheld", text.get(text.getSchema().getField("commitment").pos()).toString())
                : JSON.textNode(plain.toString());
    }
}
