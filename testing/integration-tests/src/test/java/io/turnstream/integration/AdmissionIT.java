package io.turnstream.integration;

import static io.turnstream.cluster.Await.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.Cluster;
import io.turnstream.cluster.Reactor;
import io.turnstream.console.RunOrder;
import io.turnstream.contracts.RunCommand;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.Provenance.SelectionFacts;
import io.turnstream.simulator.SimulatorStats;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// How soon a large run shows something and stops, and how close to a provider's limit it works, in seconds and
/// percent: measured and noted, not required. (What must hold is in `AdmissionTest`, `SharedWorkerIT` and
/// `LimitPolicyTest`.)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = "turnstream.soak", matches = "[1-9][0-9]*", disabledReason = "measures for minutes: -Dturnstream.soak=1")
class AdmissionIT {

    private static final int ALL_ROWS = 20;
    private static final int DIALOGUES_AN_EPOCH = 2 * ALL_ROWS * 4;
    private static final int CALL_MILLIS = 1_000;

    private final SoakNotes notes = new SoakNotes("3-admission");
    private Cluster cluster;

    @BeforeAll
    void start() {
        cluster = Cluster.shared();
    }

    @AfterEach
    void calm() {
        cluster.startMissing();
        cluster.simulator().settings("""
                {"latency": null, "models": null}""");
    }

    @Test
    void the_first_verdict_of_six_thousand_dialogues_comes_as_soon_as_three_turns_and_a_judge_take() {
        // Given a deployment that is warm
        latency(0);
        cluster.settled(cluster.submit(order(6, new Limits(64, 5, 30_000), null)), PATIENCE);
        latency(CALL_MILLIS);
        int epochs = 38;

        // When
        long asked = System.nanoTime();
        String runId = cluster.submit(order(epochs, new Limits(64, 5, 30_000), null));
        Await.until(PATIENCE, () -> "a verdict", () -> judge().succeeded() > 0);
        double seconds = (System.nanoTime() - asked) / 1e9;
        long turns = model().calls();

        // Then
        notes.add(
                "first verdict of %,d dialogues: after %.1f s, calls of %d ms each (goal: 1.5 x 4 calls + 2 s = %.1f s); %d calls to the model so far",
                epochs * DIALOGUES_AN_EPOCH, seconds, CALL_MILLIS, 1.5 * 4 * CALL_MILLIS / 1000 + 2, turns);
        end(runId);
    }

    @Test
    void a_cancelled_run_whose_requests_are_all_taken_ends_what_is_in_flight() {
        // Given a window of 600 dialogues, which two workers have taken, and eight connections
        latency(CALL_MILLIS);
        String runId = cluster.submit(order(6, new Limits(4, 5, 30_000), 600));
        Await.until(PATIENCE, () -> "calls are made", () -> model().calls() > 40);

        // When
        long before = model().calls();
        long cancelled = System.nanoTime();
        cluster.platform().command(runId, RunCommand.CANCEL, "measured");
        long calls = before;
        long last = cancelled;
        while (cluster.simulator().stats().total().inFlight() > 0) {
            long now = model().calls();
            if (now > calls) {
                calls = now;
                last = System.nanoTime();
            }
        }
        cluster.settled(runId, PATIENCE);

        // Then
        notes.add("cancel with 600 dialogues admitted: the last new call %.1f s later (goal: 2 s), %d new calls",
                (last - cancelled) / 1e9, calls - before);
        assertThat(model().calls()).as("calls after the last").isEqualTo(calls);
    }

    @Test
    void two_workers_find_the_limit_of_a_provider_that_turns_away_what_is_above_it() {
        // Given
        int limit = 40;
        cluster.simulator().settings("""
                {"models": {"contextual": {"maxInFlight": %d, "latency": {"fixedMillis": 500}}}}""".formatted(limit));
        cluster.simulator().resetStats();
        String runId = cluster.submit(order(20, new Limits(64, 5, 30_000), 400));
        long began = System.nanoTime();
        awaitSeconds(began, 30);

        // When
        SimulatorStats.Counts settled = model();
        long from = System.nanoTime();
        awaitSeconds(from, 40);
        SimulatorStats.Counts later = model();
        double inFlight = (later.inFlightMillis() - settled.inFlightMillis()) * 1e6 / (System.nanoTime() - from);
        end(runId);

        // Then
        long calls = later.calls() - settled.calls();
        long turnedAway = later.limited().getOrDefault("maxInFlight", 0L)
                - settled.limited().getOrDefault("maxInFlight", 0L);
        notes.add(
                "provider that takes %d at a time: %.1f in flight on average (%.0f %%; goal: 85 %%), %.1f %% of calls turned away",
                limit, inFlight, 100 * inFlight / limit, 100.0 * turnedAway / calls);
        assertThat(calls).isPositive();
    }

    private void latency(int millis) {
        cluster.simulator().settings("""
                {"latency": {"fixedMillis": %d}}""".formatted(millis));
        cluster.simulator().resetStats();
    }

    private void end(String runId) {
        cluster.platform().command(runId, RunCommand.CANCEL, "measured");
        cluster.settled(runId, PATIENCE);
    }

    private static void awaitSeconds(long fromNanos, int seconds) {
        Await.until(PATIENCE, () -> seconds + " s are over",
                () -> System.nanoTime() - fromNanos >= Duration.ofSeconds(seconds).toNanos());
    }

    private SimulatorStats.Counts model() {
        return cluster.simulator().stats().model("contextual");
    }

    private SimulatorStats.Counts judge() {
        return cluster.simulator().stats().model("judge");
    }

    private static RunOrder order(int epochs, Limits limits, Integer window) {
        SelectionFacts selection = new SelectionFacts(List.of(), List.of(), List.of(), 0, ALL_ROWS, List.of(), false,
                epochs);
        return Orders.order(Orders.MODEL, Orders.JUDGE, Reactor.MINI, selection, limits, window);
    }
}
