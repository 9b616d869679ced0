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

    private void lines(Path file) {
        assertThat(JsonItems.ofLines(file, (line, item) -> taken.add(line + " " + item), broken::add)).isEmpty();
    }
}
