package io.turnstream.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.fuzzing.Bounds;
import io.turnstream.fuzzing.Fuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A key file of any text gives a key, or is refused without a word of it.
class KeyFileFuzzTest {

    private static final String SECRET = "sk-hunter2";
    private static final List<String> PARTS = List.of(SECRET, SECRET, "\n", "\r\n", " ", "\t", "\0", "\uFEFF", "ü",
            "\u2028", "\"", "OPENAI_API_KEY=", "x".repeat(3_000));
    private static final List<Charset> CHARSETS = List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_8,
            StandardCharsets.UTF_16LE, StandardCharsets.ISO_8859_1);

    @TempDir
    private Path folder;

    @Test
    void a_key_file_of_any_text_is_read_or_refused_without_repeating_it() {
        Fuzz.read(1, Bounds.usual(), KeyFileFuzzTest::content, this::read);
    }

    private static byte[] content(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int parts = random.nextInt(8); parts > 0; parts--) {
            text.append(PARTS.get(random.nextInt(PARTS.size())));
        }
        return text.toString().getBytes(CHARSETS.get(random.nextInt(CHARSETS.size())));
    }

    private void read(byte[] content) {
        try {
            Path file = Files.write(folder.resolve("key"), content);
            Providers providers = Providers.fromEnvironment(Map.of("OPENAI_API_KEY_FILE", file.toString()));
            assertThat(providers.named("openai").toString()).doesNotContain(SECRET);
        } catch (InvalidProviderException e) {
            assertThat(e.getMessage()).contains("OPENAI_API_KEY_FILE").doesNotContain(SECRET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
