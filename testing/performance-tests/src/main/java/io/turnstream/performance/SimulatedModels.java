package io.turnstream.performance;

import io.turnstream.cluster.JavaPart;
import io.turnstream.cluster.Leash;
import io.turnstream.cluster.Ports;
import io.turnstream.cluster.Reactor;
import io.turnstream.cluster.SimulatorControl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The simulator as a process of its own. What it uses is nobody's cost but its own.
final class SimulatedModels implements AutoCloseable {

    /// A model that does not answer for as long as any benchmark lasts. A run that asks it keeps its platform open.
    static final String SILENT = "eager@silent";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int HEAP_MEGABYTES = 768;

    private final JavaPart process;
    private final SimulatorControl control;

    private SimulatedModels(JavaPart process, SimulatorControl control) {
        this.process = process;
        this.control = control;
    }

    static SimulatedModels start(Path folder) throws IOException {
        SimulatorControl control = new SimulatorControl(Ports.free());
        int httpPort = Ports.free();
        Map<String, String> environment = new TreeMap<>(Map.of(
                "TURNSTREAM_SIMULATOR_PORT", Integer.toString(control.port()), "QUARKUS_HTTP_PORT",
                Integer.toString(httpPort),
                "QUARKUS_HTTP_HOST", "127.0.0.1"));
        JavaPart process = new JavaPart("simulator", folder.resolve("simulator"), Leash.jar(folder),
                new JavaPart.Program(JavaPart.Pace.LONG_RUN, HEAP_MEGABYTES,
                        List.of("-jar", Reactor.application("model-simulator").toString()), environment),
                () -> Ports.answers(control.port()));
        process.start();
        process.awaitReady(PATIENCE);
        return new SimulatedModels(process, control);
    }

    String baseUrl() {
        return control.baseUrl();
    }

    /// How long every answer takes from now on, but those of [#SILENT].
    void latency(Duration latency) {
        control.settings(
                "{\"latency\": {\"fixedMillis\": %d}, \"models\": {\"%s\": {\"latency\": {\"fixedMillis\": %d}}}}"
                        .formatted(latency.toMillis(), SILENT, Duration.ofHours(10).toMillis()));
    }

    /// Calls that arrived since its start.
    long calls() {
        return control.stats().total().calls();
    }

    /// Verdicts that the judge has given since its start.
    long verdicts() {
        return control.stats().model(Load.JUDGE).succeeded();
    }

    @Override
    public void close() {
        process.kill9();
    }
}
