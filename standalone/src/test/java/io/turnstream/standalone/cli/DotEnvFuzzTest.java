package io.turnstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.fuzzing.Bounds;
import io.turnstream.fuzzing.Fuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A `.env` file broken at random is read or refused, and never repeated.
class DotEnvFuzzTest {

    private static final String[] PARTS = {
            "KEY", "=", "\"", "'", " # ", "export ", "\n", "\r", "\r\n", "\0", "\uFEFF", "hunter2", "\\", " ", "\t",
            "ü", "\u2028", "=".repeat(2000), "A".repeat(5000)
    };

    @TempDir
    private Path folder;

    @Test
    void an_env_file_of_any_text_is_read_or_refused_without_repeating_it() {
        Fuzz.read(2, Bounds.usual(), DotEnvFuzzTest::env, this::read);
    }

    private static byte[] env(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int parts = random.nextInt(30); parts > 0; parts--) {
            text.append(PARTS[random.nextInt(PARTS.length)]);
        }
        return text.toString().getBytes(random.nextInt(8) == 0 ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8);
    }

    private void read(byte[] env) {
        try {
            Files.write(folder.resolve(".env"), env);
            assertThat(DotEnv
                    .over(Map.of(), folder, warning -> assertThat(warning).contains(".env").doesNotContain("hunter2"))
                    .keySet()).allMatch(name -> name.matches("[A-Za-z_][A-Za-z0-9_]*"));
        } catch (UsageException e) {
            assertThat(e.getMessage()).contains(".env").doesNotContain("hunter2");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
