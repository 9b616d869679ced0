package io.turnstream.standalone.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFolderTest {

    @TempDir
    Path all;

    @Test
    void what_killed_processes_left_goes_and_what_living_ones_use_stays() throws Exception {
        // Given
        Process killed = new ProcessBuilder("sleep", "60").start();
        killed.destroyForcibly().waitFor();
        Path left = unpacked(Long.toString(killed.pid()));
        Process living = new ProcessBuilder("sleep", "60").start();
        try {
            Path used = unpacked(Long.toString(living.pid()));
            Path other = unpacked("not-a-process");
            Path own = unpacked(Long.toString(ProcessHandle.current().pid()));

            // When
            new ScratchFolder(own).sweep();

            // Then
            assertThat(left).doesNotExist();
            assertThat(used.resolve("deep/librocksdbjni.so")).exists();
            assertThat(other).exists();
            assertThat(own).exists();
        } finally {
            living.destroyForcibly();
        }
    }

    @Test
    void a_folder_that_is_not_there_is_no_trouble() {
        new ScratchFolder(all.resolve("gone").resolve("1")).sweep();

        assertThat(all).isEmptyDirectory();
    }

    private Path unpacked(String name) throws IOException {
        Path folder = all.resolve(name);
        Files.createDirectories(folder.resolve("deep"));
        Files.writeString(folder.resolve("deep").resolve("librocksdbjni.so"), "native");
        return folder;
    }
}
