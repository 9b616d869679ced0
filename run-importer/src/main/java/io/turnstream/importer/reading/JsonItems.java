package io.turnstream.importer.reading;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Reads a file's items one after the other, however large the file is, up to where it breaks off.
final class JsonItems {

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonItems() {}

    /// Takes an item.
    @FunctionalInterface
    interface Sink {

        /// @param number its position in the file, 0-based
        void item(long number, JsonNode item);
    }

    /// Where a file breaks off.
    ///
    /// @param number of the item that could not be read; those before it were taken
    /// @param problem in one line that repeats nothing of the file
    record Break(long number, String problem) {}

    /// The elements of the array that a file holds or, where it holds an object, of the array in that field.
    static Optional<Break> ofArray(Path file, String field, Sink sink) {
        long taken = 0;
        try (JsonParser parser = JSON.createParser(file.toFile())) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return Optional.of(new Break(0, "the file is empty"));
            }
            if (first == JsonToken.START_OBJECT && !find(parser, field)) {
                return Optional.of(new Break(0, "the object has no field '" + field + "'"));
            }
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                return Optional.of(new Break(0, "there is no array of records"));
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == null) {
                    return Optional.of(new Break(taken, "the file ends before its array does"));
                }
                JsonNode item = parser.readValueAsTree();
                sink.item(taken, item);
                taken++;
            }
            return Optional.empty();
        } catch (JsonProcessingException e) {
            long line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            return Optional.of(new Break(taken, "the JSON breaks off or is damaged" + (line > 0 ? " at line " + line : "")));
        } catch (IOException e) {
            return Optional.of(new Break(taken, "the file cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    private static boolean find(JsonParser parser, String field) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals(field)) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    /// The objects of a file with one on each line, or several where lines were joined. What is none is told and the next line is read; blank
    /// lines and a byte order mark are passed over.
    static Optional<Break> ofLines(Path file, Sink sink, java.util.function.Consumer<Break> broken) {
        long line = 0;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String text = reader.readLine(); text != null; text = reader.readLine(), line++) {
                String values = line == 0 && text.startsWith("\uFEFF") ? text.substring(1) : text;
                try (MappingIterator<JsonNode> items = JSON.readerFor(JsonNode.class).readValues(values)) {
                    while (items.hasNextValue()) {
                        sink.item(line, items.nextValue());
                    }
                } catch (JsonProcessingException e) {
                    broken.accept(new Break(line, "the line is no JSON object: cut off or damaged"));
                }
            }
            return Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.of(new Break(line, "the file is not UTF-8"));
        } catch (IOException e) {
            return Optional.of(new Break(line, "the file cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    /// A small field of the object that a file holds; empty where there is none, or the file breaks off before it.
    static Optional<JsonNode> field(Path file, String field) {
        try (JsonParser parser = JSON.createParser(file.toFile())) {
            return parser.nextToken() == JsonToken.START_OBJECT && find(parser, field) ? Optional.of(parser.readValueAsTree()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// A small file as a whole; empty where it is missing or no JSON.
    static Optional<JsonNode> whole(Path file) {
        try {
            JsonNode node = JSON.readTree(file.toFile());
            return node == null || node.isMissingNode() ? Optional.empty() : Optional.of(node);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
