package io.turnstream.integration;

import static io.turnstream.cluster.Await.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.turnstream.cluster.Await;
import io.turnstream.cluster.Reactor;
import io.turnstream.projection.report.ReportDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The command line with a home of its own, as a user would run it, against a simulator that runs already.
final class StandaloneProgram {

    private final Path folder;
    private final String simulatorUrl;
    private final List<String> flags;
    private final Map<String, String> environment;
    private final @Nullable Path scratch;

    /// @param folder holds the home, and what the program prints
    StandaloneProgram(Path folder, String simulatorUrl) {
        this(folder, simulatorUrl, List.of(), Map.of(), null);
    }

    private StandaloneProgram(
            Path folder, String simulatorUrl, List<String> flags, Map<String, String> environment,
            @Nullable Path scratch) {
        this.folder = folder;
        this.simulatorUrl = simulatorUrl;
        this.flags = flags;
        this.environment = environment;
        this.scratch = scratch;
    }

    /// The same with further flags of its JVM, and variables.
    StandaloneProgram with(List<String> flags, Map<String, String> environment) {
        return new StandaloneProgram(folder, simulatorUrl, flags, environment, scratch);
    }

    /// The same with a temporary folder of its own for each process.
    StandaloneProgram withScratchIn(Path parent) {
        return new StandaloneProgram(folder, simulatorUrl, flags, environment, parent);
    }

    /// Evaluates the same selection as [Orders#rows(int, int)].
    Figures eval(int rows, int connections) throws IOException, InterruptedException {
        return figures(begin(rows, connections));
    }

    /// Begins to.
    Process begin(int rows, int connections) throws IOException {
        return start(List.of("--model", Orders.MODEL, "--judge", Orders.JUDGE, "--dataset", Reactor.MINI.toString(),
                "--limit", Integer.toString(rows), "--max-connections", Integer.toString(connections)));
    }

    /// Goes on with the last run of the home, which was interrupted.
    Figures resume() throws IOException, InterruptedException {
        return figures(start(List.of("--resume", "last")));
    }

    private Process start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dturnstream.registry.home=" + System.getProperty("turnstream.registry.home")));
        command.addAll(flags);
        command.addAll(List.of("-jar", Reactor.application("standalone").toString(), "eval", "--json", "--home",
                folder.resolve("home").toString()));
        command.addAll(arguments);
        if (scratch != null) {
            // as the launcher does: named after the process, which the shell becomes
            command.add(1, "-Djava.io.tmpdir=$d");
            command.add(2, "-Dturnstream.scratch=$d");
            command = List.of("bash", "-c",
                    "d='" + scratch + "'/$$; mkdir -p \"$d\"; exec " + String.join(" ", command));
        }
        Files.createDirectories(log().getParent());
        ProcessBuilder program = new ProcessBuilder(command).redirectOutput(out().toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
        program.environment().keySet().removeIf(name -> name.startsWith("TURNSTREAM_") || name.startsWith("OPENAI_"));
        program.environment().putAll(environment);
        program.environment().put("TURNSTREAM_PROVIDER_SIM_BASE_URL", simulatorUrl);
        return program.start();
    }

    /// Waits until something came about that a program does. One that ends before, or does not get there, fails the
    /// test and is stopped.
    ///
    /// @param what told, with what the program printed, when it does not come about
    void await(Process program, Supplier<String> what, BooleanSupplier condition) throws IOException {
        int before = printed().length();
        try {
            Await.until(PATIENCE, what, () -> condition.getAsBoolean() || !program.isAlive());
            assertThat(condition.getAsBoolean()).as("%s, before %s", what.get(), program).isTrue();
        } catch (AssertionError e) {
            program.destroyForcibly();
            throw new AssertionError(e.getMessage() + "; the program printed: " + printed().substring(before), e);
        }
    }

    /// What the programs of this home, and of others, have printed for people.
    String printed() throws IOException {
        return Files.readString(log());
    }

    private Path out() {
        return folder.resolve("report.json");
    }

    private static Path log() {
        return Reactor.LOGS.resolve("standalone.log");
    }

    private Figures figures(Process process) throws IOException, InterruptedException {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("the program ends in time").isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as("exit code; see %s", log()).isZero();
        ReportDocument report = JsonMapper.builder().addModule(new JavaTimeModule())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build()
                .readValue(Files.readString(out()), ReportDocument.class);
        assertThat(report.runs()).extracting(run -> run.state()).isEqualTo(List.of("completed"));
        return Figures.of(report.runs().getFirst());
    }
}
