package io.turnstream.integration;

import static io.turnstream.cluster.Await.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turnstream.simulator.Simulator;
import io.turnstream.simulator.SimulatorSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The disk of a home runs full in the middle of a run.
@EnabledIfSystemProperty(named = "turnstream.soak", matches = "[1-9][0-9]*", disabledReason = "starts three platforms: -Dturnstream.soak=1")
class FullDiskIT {

    private static final int ROWS = 4;
    private static final int CONNECTIONS = 8;

    @Test
    void ends_a_run_with_one_message_and_with_room_again_the_run_completes_with_the_figures_of_one_that_was_not_disturbed(
            @TempDir Path folder)
            throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        assumeTrue(ran("mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", disk.toString()),
                "nothing can be mounted here");
        try (Simulator simulator = Simulator.start(SimulatorSettings.defaults())) {
            // Given
            StandaloneProgram program = new StandaloneProgram(disk, simulator.baseUrl().toString());
            Figures undisturbed = program.eval(ROWS, CONNECTIONS);
            int before = program.printed().length();

            // When
            Process disturbed = program.begin(ROWS, CONNECTIONS);
            program.await(disturbed, () -> "the run begins", () -> said(program, before).contains("\nRun "));
            fill(disk.resolve("fill"));

            // Then
            assertThat(disturbed.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(disturbed.exitValue()).as(said(program, before)).isEqualTo(3);
            assertThat(said(program, before))
                    .contains("turnstream: The disk is full: " + disk, "Make room on it.", "eval --resume RUN")
                    .doesNotContain("\tat ");

            Files.delete(disk.resolve("fill"));
            assertThat(program.resume()).isEqualTo(undisturbed);
        } finally {
            ran("umount", "--lazy", disk.toString());
        }
    }

    private static String said(StandaloneProgram program, int before) {
        try {
            return program.printed().substring(before);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void fill(Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] block = new byte[64 * 1024];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static boolean ran(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
