package io.turnstream.standalone.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFolderTest {

    @TempDir
    Path all;

    @Test
    void what_killed_processes_of_an_earlier_version_left_goes_and_what_living_ones_use_stays() throws Exception {
        // Given
        Process killed = new ProcessBuilder("sleep", "60").start();
        killed.destroyForcibly().waitFor();
        Path left = unpacked(Long.toString(killed.pid()));
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
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

    /// A clone that a container and its host share: what is one's process id is nobody's, or another's, on the other
    /// side.
    @Test
    void what_is_in_use_is_told_by_its_owners_lock_and_not_by_a_process_id() throws Exception {
        Process dead = new ProcessBuilder("sleep", "60").start();
        dead.destroyForcibly().waitFor();
        Path used = unpacked(dead.pid() + ".aB3xYz");
        Path left = unpacked(ProcessHandle.current().pid() + ".kilLed");
        Process owner = locking(used);
        Process killed = locking(left);
        killed.destroyForcibly().waitFor();
        try {
            new ScratchFolder(unpacked("own.1")).sweep();

            assertThat(used.resolve("deep/librocksdbjni.so")).as("its process id is dead here").exists();
            assertThat(left).as("its process id lives here").doesNotExist();
        } finally {
            owner.destroyForcibly().waitFor();
        }
        new ScratchFolder(unpacked("own.1")).sweep();
        assertThat(used).doesNotExist();
    }

    @Test
    void a_folder_that_was_just_made_is_left_to_its_owner() throws Exception {
        Process dead = new ProcessBuilder("sleep", "60").start();
        dead.destroyForcibly().waitFor();
        Path made = unpacked(dead.pid() + ".aB3xYz");

        new ScratchFolder(unpacked("own.1")).sweep();
        assertThat(made).exists();

        Files.setLastModifiedTime(made, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        new ScratchFolder(unpacked("own.1")).sweep();
        assertThat(made).doesNotExist();
    }

    /// Another program of ours, which has claimed the folder.
    private static Process locking(Path folder) throws IOException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), "-Dturnstream.scratch=" + folder, Claiming.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("claimed");
        return process;
    }

    /// Claims its folder and stays.
    static final class Claiming {
        public static void main(String... arguments) throws InterruptedException {
            ScratchFolder.given().orElseThrow().claim();
            System.out.println("claimed");
            Thread.currentThread().join();
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
