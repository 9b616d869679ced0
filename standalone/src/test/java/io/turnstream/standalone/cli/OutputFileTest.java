package io.turnstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {

    private static final byte[] TEXT = "all of it".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void replaces_a_file_once_all_is_written() throws IOException {
        Path file = Files.writeString(folder.resolve("run.csv"), "before");

        String result = new OutputFile(file).write(out -> {
            out.write(TEXT);
            assertThat(file).hasContent("before");
            return "written";
        });

        assertThat(result).isEqualTo("written");
        assertThat(file).hasContent("all of it");
        assertThat(contents()).containsExactly("run.csv");
    }

    @Test
    void leaves_what_was_there_and_nothing_else_when_the_disk_is_full() throws IOException {
        Path file = Files.writeString(folder.resolve("run.csv"), "before");

        assertThatThrownBy(() -> new OutputFile(file).write(out -> {
            out.write(TEXT);
            throw new IOException("No space left on device");
        })).isInstanceOf(UsageException.class)
                .hasMessageContaining("--output: " + file + " cannot be written (No space left on device)");

        assertThat(file).hasContent("before");
        assertThat(contents()).containsExactly("run.csv");
    }

    @Test
    void does_not_take_the_place_of_a_folder_or_a_device() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("results"));
        assertThatThrownBy(() -> new OutputFile(inner).write(out -> out)).isInstanceOf(UsageException.class)
                .hasMessageContaining("cannot be written");
        assertThat(inner).isEmptyDirectory();

        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "no /dev/full here");
        assertThatThrownBy(() -> new OutputFile(full).write(out -> {
            out.write(TEXT);
            return out;
        })).isInstanceOf(UsageException.class).hasMessageContaining("cannot be written");
        assertThat(Files.isRegularFile(full)).isFalse();
    }

    private Stream<String> contents() throws IOException {
        return Files.list(folder).map(file -> file.getFileName().toString());
    }
}
