package io.turnstream.importer.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.fuzzing.Bounds;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonItemsTest {

    @TempDir
    private Path folder;

    private final List<String> taken = new ArrayList<>();
    private final List<JsonItems.Break> broken = new ArrayList<>();

    @Test
    void a_line_that_is_too_long_is_told_and_passed_over_without_being_held() throws IOException {
        Path file = folder.resolve("log.jsonl");
        try (Writer out = Files.newBufferedWriter(file)) {
            out.write("{\"id\":1}\n");
            String piece = "x".repeat(1 << 20);
            for (int i = 0; i < 100; i++) {
                out.write(piece);
            }
            out.write("\r\n{\"id\":3}");
        }

        new Bounds(Duration.ofSeconds(30), 64 << 20).hold(() -> lines(file));

        assertThat(taken).containsExactly("0 {\"id\":1}", "2 {\"id\":3}");
        assertThat(broken).containsExactly(new JsonItems.Break(1, "the line is longer than 8388608 characters"));
    }

    @Test
    void lines_end_with_a_line_feed_a_carriage_return_or_both() throws IOException {
        lines(Files.writeString(folder.resolve("log.jsonl"), "\uFEFF1\n2\r3\r\n\n4 5\r\r6\n"));

        assertThat(taken).containsExactly("0 1", "1 2", "2 3", "4 4", "4 5", "6 6");
        assertThat(broken).isEmpty();
    }

    @Test
    void a_record_of_any_size_is_told_and_passed_over_without_being_held() throws IOException {
        for (String[] item : new String[][] {{"{\"text\": \"", "x\\\"],{", "\"}"}, {"[", "[1],", "0]"},
                {"\"", "long ", "\""}, {"", "1234567890", ""}}) {
            taken.clear();
            broken.clear();
            Path file = folder.resolve("all.json");
            try (Writer out = Files.newBufferedWriter(file)) {
                out.write("\uFEFF{\"before\": ");
                write(out, item);
                out.write(", \"results\": [{\"id\": 1, \"t\": \"a]}\\\"\"}, ");
                write(out, item);
                out.write(",\r\n {\"id\": 3}], \"meta\": 5}");
            }

            new Bounds(Duration.ofSeconds(30), 64 << 20).hold(() -> assertThat(JsonItems.ofArray(file, "results",
                    (number, one) -> taken.add(number + " " + one.path("id")), broken::add)).isEmpty());

            assertThat(taken).containsExactly("0 1", "2 3");
            assertThat(broken).containsExactly(new JsonItems.Break(1, "the record is longer than 8388608 characters"));
            broken.clear();
            assertThat(JsonItems.field(file, "meta", broken::add))
                    .hasValueSatisfying(meta -> assertThat(meta.intValue()).isEqualTo(5));
            assertThat(JsonItems.field(file, "before", broken::add)).isEmpty();
            new Bounds(Duration.ofSeconds(30), 64 << 20)
                    .hold(() -> assertThat(JsonItems.whole(file, broken::add)).isEmpty());
            assertThat(broken).extracting(JsonItems.Break::problem).containsExactly(
                    "the field 'before' is longer than 8388608 characters",
                    "the file is longer than 8388608 characters");
        }
    }

    @Test
    void an_array_that_breaks_off_or_is_damaged_is_read_up_to_there() throws IOException {
        assertThat(array("[{\"id\": 1}, {\"id\": 2}"))
                .contains(new JsonItems.Break(2, "the file ends before its array does"));
        assertThat(array("[{\"id\": 1},\n {\"id\""))
                .contains(new JsonItems.Break(1, "the JSON breaks off or is damaged at line 2"));
        assertThat(array("[{\"id\": 1},\n\n {\"id\" 2}, {}]"))
                .contains(new JsonItems.Break(1, "the JSON breaks off or is damaged at line 3"));
        assertThat(array("[{\"id\": 1} {\"id\": 2}]"))
                .contains(new JsonItems.Break(1, "the JSON breaks off or is damaged at line 1"));
        assertThat(array("[1, ]")).hasValueSatisfying(end -> assertThat(end.number()).isEqualTo(1));
        assertThat(array("[]")).isEmpty();
        assertThat(array(" ")).contains(new JsonItems.Break(0, "the file is empty"));
        assertThat(array("7")).contains(new JsonItems.Break(0, "there is no array of records"));
        assertThat(array("{\"results\": 7}")).contains(new JsonItems.Break(0, "there is no array of records"));
        assertThat(array("{\"a\": [1]}")).contains(new JsonItems.Break(0, "the object has no field 'results'"));
        assertThat(array("{\"r\\u0065sults\": []}")).isEmpty();
        assertThat(broken).isEmpty();
    }

    private java.util.Optional<JsonItems.Break> array(String json) throws IOException {
        return JsonItems.ofArray(Files.writeString(folder.resolve("a.json"), json), "results",
                (number, one) -> taken.add(number + " " + one), broken::add);
    }

    /// 12 MB.
    private static void write(Writer out, String[] item) throws IOException {
        out.write(item[0]);
        String piece = item[1].repeat((1 << 20) / item[1].length());
        for (int i = 0; i < 12; i++) {
            out.write(piece);
        }
        out.write(item[2]);
    }

    private void lines(Path file) {
        assertThat(JsonItems.ofLines(file, (line, item) -> taken.add(line + " " + item), broken::add)).isEmpty();
    }
}
