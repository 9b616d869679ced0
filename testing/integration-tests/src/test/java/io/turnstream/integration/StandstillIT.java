package io.turnstream.integration;

import static io.turnstream.cluster.Await.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.Cluster;
import io.turnstream.contracts.RunCommand;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.StreamsRunner;
import io.turnstream.projection.report.Progress;
import io.turnstream.simulator.SimulatorStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Runs that make no progress for a while: they say why, and go on without a call too many.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandstillIT {

    private static final int ROWS = 2;
    private static final int CONNECTIONS = 4;
    private static final int MODEL_WORKERS = 2;
    private static final boolean SOAK = SoakNotes.SOAK;

    private final SoakNotes notes = new SoakNotes("4-standstill");
    private Cluster cluster;
    private Figures undisturbed;
    private long undisturbedCalls;

    @BeforeAll
    void run() {
        cluster = Cluster.shared();
        calm();
        cluster.simulator().resetStats();
        undisturbed = Figures.of(cluster.settled(cluster.submit(Orders.rows(ROWS, CONNECTIONS)), PATIENCE));
        undisturbedCalls = cluster.simulator().stats().total().calls();
    }

    @AfterEach
    void calm() {
        cluster.scale(MODEL_WORKERS);
        cluster.startMissing();
        cluster.simulator().settings("""
                {"latency": {"fixedMillis": 60, "jitterMillis": 60}}""");
    }

    @Test
    void everything_may_stand_still_for_longer_than_any_timeout_without_a_call_too_many() {
        // Given
        assertThat(StreamsRunner.TRANSACTION_TIMEOUT.toMillis()).isGreaterThan(KafkaConnection.SESSION_TIMEOUT_MILLIS);
        String runId = begin();

        // When everything is stopped, as for the night
        List<String> services = new ArrayList<>(
                List.of(Cluster.LOADER, Cluster.DISPATCHER, Cluster.modelWorker(1), Cluster.modelWorker(2),
                        Cluster.JUDGE_WORKER, Cluster.AGGREGATOR, Cluster.CONSOLE));
        cluster.stop(services);
        long callsSoFar = cluster.simulator().stats().total().calls();
        assertThat(cluster.simulator().stats().total().inFlight()).as("calls under way were let end").isZero();
        assertThat(callsSoFar).as("it is not over yet").isLessThan(undisturbedCalls);
        cluster.stop(List.of(Cluster.BROKER, Cluster.REGISTRY, Cluster.DOCUMENT_STORE));
        long stopped = System.nanoTime();
        Duration longest = StreamsRunner.TRANSACTION_TIMEOUT.plusSeconds(SOAK ? 60 : 1);
        Await.until(PATIENCE, () -> "every timeout is over", () -> System.nanoTime() - stopped > longest.toNanos());
        cluster.startMissing();
        Figures figures = Figures.of(cluster.settled(runId, PATIENCE));

        // Then
        SimulatorStats.Counts total = cluster.simulator().stats().total();
        notes.add("everything stopped for %d s after %d of %d calls: %d called again", longest.toSeconds(), callsSoFar,
                undisturbedCalls, total.calls() - undisturbedCalls);
        assertThat(figures).isEqualTo(undisturbed);
        assertThat(total.calls()).isEqualTo(undisturbedCalls);
        assertThat(total.repeatedKeys()).isZero();
    }

    @Test
    void a_run_without_model_workers_says_so_and_goes_on_when_one_comes() {
        String runId = begin();

        cluster.scale(0);

        awaitReason(runId, "running", "no model-worker is running; the run goes on once one is");
        cluster.scale(1);
        requireUndisturbed(runId);
    }

    @Test
    void a_run_that_nobody_takes_says_that_there_is_no_dispatcher() {
        cluster.simulator().resetStats();
        cluster.kill9(Cluster.DISPATCHER);

        String runId = cluster.submit(Orders.rows(ROWS, CONNECTIONS));

        awaitReason(runId, "requested", "no turn-dispatcher is running; the run goes on once one is");
        cluster.start(Cluster.DISPATCHER);
        requireUndisturbed(runId);
    }

    @Test
    void a_paused_run_says_who_paused_it_and_why() {
        String runId = begin();

        cluster.platform().command(runId, RunCommand.PAUSE, "the lab is closed");

        awaitReason(runId, "paused", "the lab is closed");
        awaitStill(() -> cluster.simulator().stats().total().inFlight() == 0);
        long calls = cluster.simulator().stats().total().calls();
        cluster.platform().command(runId, RunCommand.RESUME, null);
        requireUndisturbed(runId);
        assertThat(calls).isLessThan(undisturbedCalls);
    }

    private String begin() {
        cluster.simulator().resetStats();
        String runId = cluster.submit(Orders.rows(ROWS, CONNECTIONS));
        Await.until(PATIENCE, () -> "the run makes calls",
                () -> cluster.simulator().stats().total().calls() > undisturbedCalls / 5);
        return runId;
    }

    private void requireUndisturbed(String runId) {
        assertThat(Figures.of(cluster.settled(runId, PATIENCE))).isEqualTo(undisturbed);
        assertThat(cluster.simulator().stats().total().calls()).as("calls").isEqualTo(undisturbedCalls);
        assertThat(cluster.platform().reports().progress(runId).orElseThrow().reason())
                .as("nothing is left of the trouble").isNull();
    }

    private void awaitReason(String runId, String state, String reason) {
        Await.until(PATIENCE,
                () -> "the run is " + state + ", '" + reason + "': " + cluster.platform().reports().progress(runId),
                () -> reason(runId, state).filter(reason::equals).isPresent());
    }

    private void awaitStill(BooleanSupplier still) {
        Await.until(PATIENCE, () -> "calls under way end", still);
    }

    private Optional<String> reason(String runId, String state) {
        return cluster.platform().reports().progress(runId).filter(progress -> progress.state().equals(state))
                .map(Progress::reason);
    }
}
