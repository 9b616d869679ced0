package io.turnstream.performance;

import com.fasterxml.jackson.databind.JsonNode;
import io.turnstream.cluster.Await;
import io.turnstream.cluster.Reactor;
import io.turnstream.console.Platform;
import io.turnstream.console.remote.RemotePlatform;
import io.turnstream.contracts.RunCommand;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Provenance;
import io.turnstream.standalone.home.HomeLayout;
import io.turnstream.standalone.home.RunningPlatform;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// The program as a user starts it, `./turnstream eval`: one process with broker, document store and all services, and
/// the registry as its child. It stays open because its own run asks a model that does not answer; what is measured are
/// further runs, asked for over its API.
final class ProgramUnderTest implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
    private static final Duration RUN_PATIENCE = Duration.ofMinutes(15);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Process process;
    private final RunningPlatform running;
    private final RemotePlatform platform;
    private final ProgramApi api;

    /// One run, measured from outside.
    ///
    /// @param wall from the request to the run's end
    /// @param calls to model and judge
    /// @param cpu of the program and its children until everything about the run is projected
    record Measured(String runId, long calls, Duration wall, Duration cpu) {

        double callsPerSecond() {
            return calls / seconds();
        }

        double cpuMillisPerCall() {
            return cpu.toNanos() / 1e6 / calls;
        }

        double seconds() {
            return wall.toNanos() / 1e9;
        }
    }

    private ProgramUnderTest(Process process, RunningPlatform running) {
        this.process = process;
        this.running = running;
        this.platform = new RemotePlatform(URI.create(running.url()), running.token());
        this.api = new ProgramApi(running);
    }

    /// @param home a new folder, or one that a program had before
    static ProgramUnderTest start(Path home, SimulatedModels models) throws IOException {
        return start(Checkout.here(), home, models);
    }

    /// The same with another version of the program, of which only [#run] is asked.
    static ProgramUnderTest start(Checkout checkout, Path home, SimulatedModels models) throws IOException {
        Path log = Files.createDirectories(Reactor.TARGET.resolve("logs")).resolve(home.getFileName() + ".log");
        ProcessBuilder builder = checkout.command(List.of("eval",
                "--home", home.toString(), "--model", "sim/" + SimulatedModels.SILENT, "--dataset",
                Reactor.MINI.toString(), "--limit", "1",
                "--split", "type_a", "--modality", "unimodal", "--intent", "safe", "--timeout", "600m"),
                "TURNSTREAM_JAVA_OPTS")
                .redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("TURNSTREAM_PROVIDER_SIM_BASE_URL", models.baseUrl());
        Process process = builder.start();
        HomeLayout layout = new HomeLayout(home);
        Await.until(START_PATIENCE, () -> "the program runs: see " + log,
                () -> !process.isAlive() || RunningPlatform.on(layout).isPresent());
        Optional<RunningPlatform> running = RunningPlatform.on(layout);
        if (running.isEmpty()) {
            throw new IllegalStateException("the program ended: see " + log);
        }
        return new ProgramUnderTest(process, running.get());
    }

    /// Something to do before a program is measured.
    interface WarmUp {
        void run() throws IOException;
    }

    /// One measurement of it.
    interface Measurement {
        List<Double> of(int run) throws IOException;
    }

    /// Warms this program up, and has it measured until it is closed with the course.
    Trial.Course warm(WarmUp warmUp, Measurement measurement) throws IOException {
        try {
            warmUp.run();
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
        return new Trial.Course() {
            @Override
            public List<Double> measure(int run) throws IOException {
                return measurement.of(run);
            }

            @Override
            public void close() {
                ProgramUnderTest.this.close();
            }
        };
    }

    Platform platform() {
        return platform;
    }

    /// Its broker, `host:port`.
    String kafka() {
        return String.valueOf(running.kafka());
    }

    Consumption consumption() {
        return Consumption.of(List.of(process.toHandle()));
    }

    /// Carries a run out and returns once all of it is projected.
    Measured run(Load load) {
        Consumption before = consumption();
        String runId = api.submit(load);
        JsonNode report = settled(runId);
        Consumption after = consumption();
        Duration wall = Duration.between(time(report, "requestedAt"), time(report, "endedAt"));
        return new Measured(runId, report.path("calls").longValue(), wall, after.cpu().minus(before.cpu()));
    }

    /// Has a run planned, gives it up, and returns how long it took from the request until the plan stood.
    Duration planned(Load load) {
        String runId = platform.submit(load.order()).getFirst();
        Await.until(RUN_PATIENCE, () -> "the run is planned", () -> platform.reports().run(runId)
                .filter(report -> report.provenance().plannedAt() != null).isPresent());
        Provenance provenance = platform.reports().run(runId).orElseThrow().provenance();
        giveUp(runId, "planned");
        return Duration.between(provenance.requestedAt(), provenance.plannedAt());
    }

    /// Asks for a run, waits until something that is counted has happened once more, gives the run up, and returns the
    /// seconds until it happened.
    double untilFirst(Load load, LongSupplier count) {
        long before = count.getAsLong();
        long asked = System.nanoTime();
        String runId = platform.submit(load.order()).getFirst();
        Await.until(RUN_PATIENCE, () -> "something happens", () -> count.getAsLong() > before);
        long happened = System.nanoTime();
        giveUp(runId, "measured");
        return (happened - asked) / 1e9;
    }

    private void giveUp(String runId, String why) {
        platform.command(runId, RunCommand.CANCEL, why);
        Await.until(RUN_PATIENCE, () -> "the run is given up",
                () -> platform.reports().progress(runId).filter(Progress::settled).isPresent());
    }

    private static Instant time(JsonNode report, String what) {
        return Instant.parse(report.path("provenance").path(what).asText());
    }

    private JsonNode settled(String runId) {
        long end = System.nanoTime() + RUN_PATIENCE.toNanos();
        JsonNode progress = api.progress(runId);
        while (!progress.path("settled").booleanValue()) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new IllegalStateException("run " + runId + " did not end: " + progress);
            }
            LockSupport.parkNanos(POLL_NANOS);
            progress = api.progress(runId);
        }
        JsonNode report = api.report(runId);
        if (!report.path("state").asText().equals("completed")) {
            throw new IllegalStateException(
                    "run " + runId + " is " + report.path("state").asText() + ": " + report.path("reason").asText());
        }
        return report;
    }

    @Override
    public void close() {
        platform.close();
        api.close();
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        if (process.onExit().copy().completeOnTimeout(null, STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join() == null) {
            process.destroyForcibly();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }
}
