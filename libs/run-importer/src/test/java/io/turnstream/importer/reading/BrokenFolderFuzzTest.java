package io.turnstream.importer.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.fuzzing.Bounds;
import io.turnstream.fuzzing.Fuzz;
import io.turnstream.testsupport.PublishedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recorded folder of which one file is broken is imported without what cannot be read, or refused in words.
class BrokenFolderFuzzTest {

    private static final double SECONDS = 3;
    private static final List<String> DIFFICULT = List.of("", "{", "}", "[", "]", "\"", ",", ":", "\n", "\r", "\0",
            "\uFEFF", "\\ud83d", "\\", "null", "true", "-1", "1e999", "9".repeat(2_000),
            "2147483648", "[".repeat(3_000), "{\"a\":".repeat(3_000), "\u202e", "\"results\":", "\"id\":", "[]", "{}",
            "NaN", "../..");

    @TempDir
    private Path folder;

    private record Broken(Path file, byte[] good, byte[] bytes, String change) {

        @Override
        public String toString() {
            return file.getParent().getFileName() + "/" + file.getFileName() + ": " + change;
        }
    }

    @Test
    void a_folder_with_a_broken_file_is_read_or_refused() throws IOException {
        PublishedRun.copyTo(folder);
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }

        Fuzz.read(SECONDS, Bounds.usual(), random -> broken(files.get(random.nextInt(files.size())), random),
                this::read);
    }

    private void read(Broken broken) {
        try {
            Files.write(broken.file, broken.bytes);
            Recording recording = new RecordingReader(ResultFolder.at(folder).models().getFirst()).survey();
            assertThat(recording.dialogues()).isBetween(1, 56);
            assertThat(recording.leftOut()).allSatisfy(out -> {
                assertThat(out.remedy()).isNotBlank();
                assertThat(out.problem()).isNotBlank().doesNotContain("Source:", "Exception", "com.fasterxml");
            });
        } catch (UnusableFolderException e) {
            assertThat(e.remedy()).isNotBlank();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            restore(broken);
        }
    }

    private static void restore(Broken broken) {
        try {
            Files.write(broken.file, broken.good);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Broken broken(Path file, RandomGenerator random) {
        byte[] good;
        try {
            good = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // one character a byte, so that bytes can be broken too
        StringBuilder text = new StringBuilder(new String(good, StandardCharsets.ISO_8859_1));
        StringBuilder change = new StringBuilder();
        for (int changes = 1 + random.nextInt(3); changes > 0 && !text.isEmpty(); changes--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(random.nextInt(4) == 0 ? 2_000 : 5));
            String with = random.nextInt(4) == 0
                    ? text.substring(random.nextInt(at + 1), at + 1)
                    : new String(DIFFICULT.get(random.nextInt(DIFFICULT.size())).getBytes(StandardCharsets.UTF_8),
                            StandardCharsets.ISO_8859_1);
            change.append(" %d to %d by %.20s;".formatted(at, end, with));
            text.replace(at, end, with);
        }
        return new Broken(file, good, text.toString().getBytes(StandardCharsets.ISO_8859_1), change.toString());
    }
}
