package io.turnstream.importer.reading;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads a file's items one after the other, however large the file is, up to where it breaks off.
final class JsonItems {

    /// Characters of a line; a judge's verdict has some thousands.
    static final int LONGEST_LINE = 8 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();
    /// One value and nothing behind it.
    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

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

    /// The elements of the array that a file holds or, where it holds an object, of the array in that field. One that
    /// is longer than a line may be is told and passed over.
    static Optional<Break> ofArray(Path file, String field, Sink sink, Consumer<Break> broken) {
        long taken = 0;
        long line = 0;
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            JsonScanner scanner = new JsonScanner(reader, LONGEST_LINE);
            if (scanner.next() < 0) {
                return Optional.of(new Break(0, "the file is empty"));
            }
            if (scanner.take('{') && !find(scanner, field)) {
                return Optional.of(new Break(0, "the object has no field '" + field + "'"));
            }
            if (!scanner.take('[')) {
                return Optional.of(new Break(0, "there is no array of records"));
            }
            for (boolean more = !scanner.take(']'); more; taken++) {
                if (scanner.next() < 0) {
                    return Optional.of(new Break(taken, "the file ends before its array does"));
                }
                line = scanner.line();
                JsonScanner.Value item = scanner.value();
                if (!item.isWhole()) {
                    return Optional.of(damaged(taken, scanner.line()));
                }
                if (item.isTooLong()) {
                    broken.accept(new Break(taken, "the record is longer than " + LONGEST_LINE + " characters"));
                } else {
                    sink.item(taken, STRICT.readTree(item.text()));
                }
                more = scanner.take(',');
                if (!more && !scanner.take(']')) {
                    return Optional.of(scanner.next() < 0
                            ? new Break(taken + 1, "the file ends before its array does")
                            : damaged(taken + 1, scanner.line()));
                }
            }
            return Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.of(damaged(taken,
                    line + (e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr() - 1))));
        } catch (CharacterCodingException e) {
            return Optional.of(new Break(taken, "the file is not UTF-8"));
        } catch (IOException e) {
            return Optional.of(new Break(taken, "the file cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    private static Break damaged(long number, long line) {
        return new Break(number, "the JSON breaks off or is damaged" + (line > 0 ? " at line " + line : ""));
    }

    /// Goes on to the value of a field of the object that has just begun.
    private static boolean find(JsonScanner scanner, String field) throws IOException {
        while (scanner.next() == '"') {
            JsonScanner.Value name = scanner.value();
            if (!name.isWhole() || !scanner.take(':')) {
                return false;
            }
            if (!name.isTooLong() && STRICT.readTree(name.text()).asText().equals(field)) {
                return true;
            }
            if (!scanner.value().isWhole() || !scanner.take(',')) {
                return false;
            }
        }
        return false;
    }

    /// The objects of a file with one on each line, or several where lines were joined. What is none, or is longer
    /// than a line may be, is told and the next line is read; blank lines and a byte order mark are passed over.
    static Optional<Break> ofLines(Path file, Sink sink, Consumer<Break> broken) {
        long line = 0;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (Line text = next(reader); text != null; text = next(reader), line++) {
                if (text.tooLong()) {
                    broken.accept(new Break(line, "the line is longer than " + LONGEST_LINE + " characters"));
                    continue;
                }
                String values = line == 0 && text.start().startsWith("\uFEFF")
                        ? text.start().substring(1)
                        : text.start();
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
    ///
    /// @param broken told of one that is longer than a line may be
    static Optional<JsonNode> field(Path file, String field, Consumer<Break> broken) {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            JsonScanner scanner = new JsonScanner(reader, LONGEST_LINE);
            return scanner.take('{') && find(scanner, field)
                    ? read(scanner.value(), "the field '" + field + "'", broken)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// A small file as a whole; empty where it is missing or no JSON.
    ///
    /// @param broken told of one that is longer than a line may be
    static Optional<JsonNode> whole(Path file, Consumer<Break> broken) {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return read(new JsonScanner(reader, LONGEST_LINE).value(), "the file", broken);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> read(JsonScanner.Value value, String what, Consumer<Break> broken)
            throws IOException {
        if (value.isTooLong()) {
            broken.accept(new Break(0, what + " is longer than " + LONGEST_LINE + " characters"));
            return Optional.empty();
        }
        return value.isWhole() && !value.text().isEmpty()
                ? Optional.of(STRICT.readTree(value.text()))
                : Optional.empty();
    }
}
