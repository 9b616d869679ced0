package io.turnstream.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.Await;
import io.turnstream.simulator.Simulator;
import io.turnstream.simulator.SimulatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What libraries unpack for a run: RocksDB's, LZ4's and Brotli's native code.
class ScratchIT {

    private static final int ROWS = 1;
    private static final int CONNECTIONS = 8;

    @Test
    void nothing_that_was_unpacked_is_left_by_a_run_and_what_a_killed_one_left_goes_with_the_next(@TempDir Path folder)
            throws Exception {
        Path scratch = Files.createDirectories(folder.resolve("scratch"));
        try (Simulator simulator = Simulator.start(SimulatorSettings.defaults())) {
            StandaloneProgram program = new StandaloneProgram(folder, simulator.baseUrl().toString())
                    .withScratchIn(scratch);

            // Given one that was killed
            Process killed = program.begin(ROWS, CONNECTIONS);
            program.await(killed, () -> "it unpacks", () -> holds(scratch, "librocksdbjni"));
            killed.descendants().forEach(ProcessHandle::destroyForcibly);
            killed.destroyForcibly().waitFor();
            Await.until(Await.PATIENCE, () -> "the registry has ended", () -> killed.descendants().findAny().isEmpty());
            assertThat(holds(scratch, "librocksdbjni")).isTrue();

            // When
            program.eval(ROWS, CONNECTIONS);

            // Then
            assertThat(scratch).isEmptyDirectory();
        }
    }

    private static boolean holds(Path folder, String name) {
        return left(folder).stream().anyMatch(file -> file.getFileName().toString().contains(name));
    }

    private static List<Path> left(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            return List.of();
        }
    }
}
