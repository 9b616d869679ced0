package io.turnstream.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.turnstream.projection.report.ReportDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The command line, as a user would run it.
final class StandaloneProgram {

    private static final int PATIENCE_SECONDS = 120;

    private StandaloneProgram() {
    }

    /// Evaluates the same selection as [Orders#rows(int, int)] against a simulator that runs already.
    static Figures eval(Path home, String simulatorUrl, int rows) throws IOException, InterruptedException {
        Path out = home.resolve("report.json");
        Path log = Reactor.TARGET.resolve("cluster-logs").resolve("standalone.log");
        ProcessBuilder program = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dturnstream.registry.home=" + System.getProperty("turnstream.registry.home"),
                "-jar", Reactor.application("standalone").toString(),
                "eval", "--json", "--home", home.resolve("home").toString(), "--model", Orders.MODEL, "--judge", Orders.JUDGE,
                "--dataset", Reactor.MINI.toString(), "--limit", Integer.toString(rows))
                .redirectOutput(out.toFile()).redirectError(log.toFile());
        program.environment().keySet().removeIf(name -> name.startsWith("TURNSTREAM_") || name.startsWith("OPENAI_"));
        program.environment().put("TURNSTREAM_PROVIDER_SIM_BASE_URL", simulatorUrl);
        Process process = program.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("the program ends in time").isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as("exit code; see %s", log).isZero();
        ReportDocument report = JsonMapper.builder().addModule(new JavaTimeModule())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build()
                .readValue(Files.readString(out), ReportDocument.class);
        assertThat(report.runs()).extracting(run -> run.state()).isEqualTo(List.of("completed"));
        return Figures.of(report.runs().getFirst());
    }
}
