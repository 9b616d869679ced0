package io.turnstream.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.simulator.Simulator;
import io.turnstream.simulator.SimulatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program as people elsewhere start it. Kafka's and other libraries make names of constants, files and numbers in
/// the JVM's language.
class LocaleIT {

    private static final int ROWS = 1;
    private static final int CONNECTIONS = 8;
    private static final List<String> TURKISH = List.of("-Duser.language=tr", "-Duser.country=TR");
    private static final List<String> EGYPTIAN = List.of("-Duser.language=ar", "-Duser.country=EG");
    /// Neither names of files nor what is read and written by default may be anything but ASCII.
    private static final List<String> NO_UNICODE = List.of("-Dfile.encoding=ISO-8859-1", "-Dstdout.encoding=US-ASCII");

    @Test
    void a_run_under_turkish_or_arabic_and_without_unicode_has_the_figures_of_any_other_and_its_home_opens_again(
            @TempDir Path folder) throws Exception {
        try (Simulator simulator = Simulator.start(SimulatorSettings.defaults())) {
            Figures english = program(folder, simulator, "english").eval(ROWS, CONNECTIONS);

            StandaloneProgram turkish = program(folder, simulator, "turkish").with(TURKISH, Map.of());
            assertThat(turkish.eval(ROWS, CONNECTIONS)).isEqualTo(english);

            StandaloneProgram egyptian = program(folder, simulator, "egyptian").with(EGYPTIAN, Map.of());
            assertThat(egyptian.eval(ROWS, CONNECTIONS)).isEqualTo(english);
            assertThat(egyptian.eval(ROWS, CONNECTIONS)).as("the same home once more").isEqualTo(english);
            assertThat(names(folder)).allMatch(name -> name.chars().allMatch(c -> c < 128));

            StandaloneProgram plain = program(folder, simulator, "plain").with(NO_UNICODE, Map.of("LC_ALL", "C"));
            assertThat(plain.eval(ROWS, CONNECTIONS)).isEqualTo(english);
        }
    }

    private static StandaloneProgram program(Path folder, Simulator simulator, String name) throws IOException {
        return new StandaloneProgram(Files.createDirectories(folder.resolve(name)), simulator.baseUrl().toString());
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
