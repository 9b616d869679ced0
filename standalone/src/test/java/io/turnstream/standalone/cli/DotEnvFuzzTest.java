package io.turnstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A `.env` file broken at random is read or refused, and never repeated. As long as `-Dturnstream.fuzz.seconds` says, else two seconds.
class DotEnvFuzzTest {

    private static final String[] PARTS = {
        "KEY", "=", "\"", "'", " # ", "export ", "\n", "\r", "\r\n", "\0", "\uFEFF", "hunter2", "\\", " ", "\t", "ü", "\u2028", "=".repeat(2000), "A".repeat(5000)
    };

    @TempDir
    private Path folder;

    @Test
    void an_env_file_of_any_text_is_read_or_refused_without_repeating_it() throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(Integer.getInteger("turnstream.fuzz.seconds", 2)).toNanos();
        for (long seed = 0; System.nanoTime() < end; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int parts = random.nextInt(30); parts > 0; parts--) {
                text.append(PARTS[random.nextInt(PARTS.length)]);
            }
            byte[] bytes = text.toString().getBytes(random.nextInt(8) == 0 ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8);
            Files.write(folder.resolve(".env"), bytes);
            long began = System.nanoTime();
            try {
                assertThat(DotEnv.over(Map.of(), folder).keySet()).allMatch(name -> name.matches("[A-Za-z_][A-Za-z0-9_]*"));
            } catch (UsageException e) {
                assertThat(e.getMessage()).as("seed %d", seed).contains(".env").doesNotContain("hunter2");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).as("seed %d", seed).isLessThan(Duration.ofSeconds(2));
        }
    }
}
