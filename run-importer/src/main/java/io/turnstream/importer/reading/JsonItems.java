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
import org.jspecify.annotations.Nullable;

/// Reads a file's items one after the other, however large the file is, up to where it breaks off.
final class JsonItems {

    /// Characters of a line; a judge's verdict has some thousands.
    static final int LONGEST_LINE = 8 << 20;

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

    /// The objects of a file with one on each line, or several where lines were joined. What is none, or is longer
    /// than a line may be, is told and the next line is read; blank lines and a byte order mark are passed over.
    static Optional<Break> ofLines(Path file, Sink sink, java.util.function.Consumer<Break> broken) {
        long line = 0;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (Line text = next(reader); text != null; text = next(reader), line++) {
                if (text.tooLong()) {
                    broken.accept(new Break(line, "the line is longer than " + LONGEST_LINE + " characters"));
                    continue;
                }
                String values = line == 0 && text.start().startsWith("\uFEFF") ? text.start().substring(1) : text.start();
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

    /// @param start the line without its end, up to what a line may have
    private record Line(String start, boolean tooLong) {}

    /// The next line, of which no more is held than a line may have; null where there are no more.
    private static @Nullable Line next(BufferedReader reader) throws IOException {
        int c = reader.read();
        if (c < 0) {
            return null;
        }
        StringBuilder start = new StringBuilder();
        boolean tooLong = false;
        for (; c >= 0 && c != '\n' && c != '\r'; c = reader.read()) {
            if (start.length() < LONGEST_LINE) {
                start.append((char) c);
            } else {
                tooLong = true;
            }
        }
        if (c == '\r') {
            reader.mark(1);
            if (reader.read() != '\n') {
                reader.reset();
            }
        }
        return new Line(start.toString(), tooLong);
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
