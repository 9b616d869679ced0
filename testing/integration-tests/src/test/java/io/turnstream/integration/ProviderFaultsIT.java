package io.turnstream.integration;

import static io.turnstream.cluster.Await.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.Cluster;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.StepSettled;
import io.turnstream.events.Topics;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.RunReport;
import io.turnstream.simulator.SimulatorStats;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Providers in trouble: what the simulator says it has done to us is what the accepted events say, and no failure is a
/// score.
///
/// With `-Dturnstream.soak=N` an outage lasts a minute, and calls have as many retries as by default.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProviderFaultsIT {

    private static final int ROWS = 4;
    private static final int CONNECTIONS = 8;
    private static final int MODEL_WORKERS = 2;
    private static final long TIMEOUT_MILLIS = 3_000;
    private static final Duration PERSON = Duration.ofSeconds(3);
    private static final boolean SOAK = SoakNotes.SOAK;
    /// 10 % rate limits, 5 % server errors, 2 % that never answer, 1 % malformed, 1 % empty.
    private static final String MIXED = """
            {"faults": {"rateLimited": 0.1, "serverError": 0.05, "hang": 0.02, "malformed": 0.01, "empty": 0.01}, "faultBurst": %d}""";
    private static final Map<String, String> CAUSES = Map.of("rateLimited", "rate_limited", "serverError",
            "server_error", "hang", "timeout",
            "malformed", "malformed_body", "empty", "empty");
    /// Longest back-off that is ever chosen, a quarter more where a provider asks for it, and a wait for a place.
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    private final SoakNotes notes = new SoakNotes("2-outages");
    private Cluster cluster;
    private Figures undisturbed;
    private Map<String, StepSettled> undisturbedSteps;
    private long undisturbedCalls;

    @BeforeAll
    void run() {
        cluster = Cluster.shared();
        cluster.startMissing();
        calm();
        cluster.simulator().resetStats();
        String runId = cluster.submit(Orders.rows(ROWS, limits(5)));
        undisturbed = Figures.of(cluster.settled(runId, PATIENCE));
        undisturbedSteps = steps(runId);
        undisturbedCalls = cluster.simulator().stats().total().calls();
    }

    @AfterEach
    void calm() {
        cluster.startMissing();
        cluster.simulator().settings(
                """
                {"latency": {"fixedMillis": 20, "jitterMillis": 40}, "faults": null, "faultBurst": null, "down": false, "apiKey": null}""");
    }

    private static Limits limits(int retries) {
        return new Limits(CONNECTIONS, retries, TIMEOUT_MILLIS);
    }

    @Test
    void mixed_faults_are_tried_again_and_counted_by_cause_exactly_as_injected() {
        // Given no more than two faults in a row for one request, which five retries outlast
        cluster.simulator().settings(MIXED.formatted(2));
        cluster.simulator().resetStats();

        // When
        String runId = cluster.submit(Orders.rows(ROWS, limits(5)));
        Figures figures = Figures.of(cluster.settled(runId, PATIENCE));

        // Then
        SimulatorStats.Counts injected = cluster.simulator().stats().total();
        Attempts attempts = Attempts.of(cluster.log(), runId);
        System.out.printf("provider faults: mixed: %d calls, attempts %s%n", injected.calls(), attempts.byCause());
        assertThat(figures).isEqualTo(undisturbed);
        assertThat(attempts.byCause()).isEqualTo(expected(injected)).containsKeys("rate_limited", "server_error",
                "timeout", "malformed_body");
        requireBackoff(attempts);
    }

    @Test
    void faults_that_outlast_the_retries_end_in_their_own_outcome_and_are_no_score() {
        // Given requests that fail again as likely as they failed before, and a single retry
        cluster.simulator().settings(MIXED.formatted(100));
        cluster.simulator().settings("""
                {"faults": {"serverError": 0.3, "malformed": 0.05, "empty": 0.05}}""");
        cluster.simulator().resetStats();

        // When
        String runId = cluster.submit(Orders.rows(ROWS, limits(1)));
        RunReport report = cluster.settled(runId, PATIENCE);

        // Then
        SimulatorStats.Counts injected = cluster.simulator().stats().total();
        System.out.printf("provider faults: beyond retries: %s, %s%n", report.state(), report.outcomes());
        assertThat(report.state()).isEqualTo("incomplete");
        assertThat(report.outcomes()).containsKeys("provider_error", "not_reached");
        assertThat(report.outcomes().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(report.planned());
        assertThat(Attempts.of(cluster.log(), runId).byCause()).isEqualTo(expected(injected));
        requireNoFailureIsAScore(runId);
        requireTheRestUntouched(runId);
    }

    @Test
    void a_provider_that_refuses_connections_delays_a_run_and_fails_nothing() {
        outlasts("connections refused", () -> {
            cluster.kill9(Cluster.SIMULATOR);
            return () -> {
                cluster.start(Cluster.SIMULATOR);
                cluster.awaitReady(Cluster.SIMULATOR);
                calm();
            };
        });
    }

    @Test
    void a_provider_that_answers_503_to_all_delays_a_run_and_fails_nothing() {
        outlasts("503", () -> {
            cluster.simulator().settings("""
                    {"down": true}""");
            return () -> {
                long calls = cluster.simulator().stats().total().limited().getOrDefault("down", 0L);
                System.out.printf("provider faults: 503: %d calls were made while it was down%n", calls);
                calm();
            };
        });
    }

    /// Takes a provider down.
    private interface Outage {

        /// @return brings it back
        Runnable begin();
    }

    private void outlasts(String what, Outage outage) {
        // Given a run with fewer retries than the outage would cost it
        cluster.simulator().settings("""
                {"latency": {"fixedMillis": 60, "jitterMillis": 60}}""");
        cluster.simulator().resetStats();
        String runId = cluster.submit(Orders.rows(ROWS, limits(SOAK ? 5 : 2)));
        Await.until(PATIENCE, () -> "the run makes calls",
                () -> cluster.simulator().stats().total().calls() > undisturbedCalls / 5);

        // When
        long began = System.nanoTime();
        Runnable end = outage.begin();
        Await.until(PATIENCE, () -> "the run says why it waits: " + progress(runId), () -> reason(runId, "running")
                .filter(why -> why.startsWith("waiting for the provider, which fails: ")).isPresent());
        String said = String.valueOf(progress(runId).reason());
        Await.until(PATIENCE, () -> "the outage is long enough", () -> System.nanoTime() - began >= outageNanos());
        assertThat(progress(runId).state()).isEqualTo("running");
        long ended = System.nanoTime();
        end.run();
        Figures figures = Figures.of(cluster.settled(runId, PATIENCE));

        // Then
        notes.add("outage, %s for %d s: the run said \"%s\" and ended %.1f s later; attempts %s", what,
                Duration.ofNanos(outageNanos()).toSeconds(), said,
                (System.nanoTime() - ended) / 1e9, Attempts.of(cluster.log(), runId).byCause());
        assertThat(figures).isEqualTo(undisturbed);
        assertThat(progress(runId).reason()).as("nothing is left of the trouble").isNull();
    }

    private static long outageNanos() {
        // 0.5, 1 and 2 s of back-off and the attempts between them are over by then
        return Duration.ofSeconds(SOAK ? 60 : 4).toNanos();
    }

    @Test
    void a_wrong_key_stops_the_run_with_one_message_and_a_call_per_worker() {
        // Given models that no worker has called before
        cluster.simulator().settings("""
                {"apiKey": "another"}""");
        cluster.simulator().resetStats();

        // When
        String runId = cluster.submit(Orders.of("sim/contextual@wrong-key", "sim/judge@wrong-key", ROWS, limits(5)));
        Await.until(PATIENCE, () -> "the run halts", () -> reason(runId, "halted").isPresent());

        // Then
        assertThat(progress(runId).reason()).contains("401");
        assertThat(halts(runId)).as("times it halted").hasSize(1);
        System.out.printf("provider faults: wrong key: %d calls, \"%s\"%n", cluster.simulator().stats().total().calls(),
                progress(runId).reason());
        assertThat(cluster.simulator().stats().total().calls()).isBetween(1L, (long) MODEL_WORKERS);

        // When the key is mended, which takes a person longer than workers tell each other why nobody gets through
        long halted = System.nanoTime();
        calm();
        Await.until(PATIENCE, () -> "a person has mended the key", () -> System.nanoTime() - halted > PERSON.toNanos());
        cluster.platform().command(runId, RunCommand.RESUME, "the key is right now");
        Figures figures = Figures.of(cluster.settled(runId, PATIENCE));

        // Then
        assertThat(figures.state()).isEqualTo("completed");
        assertThat(cluster.simulator().stats().total().calls())
                .isLessThanOrEqualTo(undisturbed.planned() + MODEL_WORKERS);
    }

    private List<RunStateChanged> halts(String runId) {
        return cluster.log().events(Topics.RUNS, RunStateChanged.class, runId).stream()
                .filter(changed -> changed.getState() == RunState.HALTED).toList();
    }

    /// Why the run is in this state; empty if it is in another, or does not say.
    private Optional<String> reason(String runId, String state) {
        return cluster.platform().reports().progress(runId).filter(progress -> progress.state().equals(state))
                .map(Progress::reason);
    }

    private Progress progress(String runId) {
        return cluster.platform().reports().progress(runId).orElseThrow();
    }

    /// The attempts that must have been accepted, from what the simulator counted.
    private static Map<String, Long> expected(SimulatorStats.Counts injected) {
        Map<String, Long> causes = new TreeMap<>();
        causes.put("ok", injected.succeeded());
        injected.faults().forEach((fault, count) -> causes.put(CAUSES.get(fault), count));
        return causes;
    }

    private static void requireBackoff(Attempts attempts) {
        assertThat(attempts.waitsAfter("rate_limited")).as("Retry-After: 1").isNotEmpty()
                .allSatisfy(wait -> assertThat(wait).isBetween(1_000L, LONGEST_WAIT_MILLIS));
        assertThat(attempts.waitsAfter("rate_limited").stream().distinct()).as("jittered").hasSizeGreaterThan(1);
        assertThat(attempts.waitsAfter("server_error")).as("half of the first back-off at least").isNotEmpty()
                .allSatisfy(wait -> assertThat(wait).isBetween(250L, LONGEST_WAIT_MILLIS));
        assertThat(attempts.waitsAfter("server_error").stream().distinct()).as("jittered").hasSizeGreaterThan(1);
    }

    private void requireNoFailureIsAScore(String runId) {
        Set<String> failures = Set.of("provider_error", "judge_error", "not_reached");
        Map<String, ScoredStep> failed = new HashMap<>();
        cluster.platform().reports().rows(runId, row -> {
            if (failures.contains(row.outcome())) {
                failed.put(row.rowId(), row);
            }
        });
        assertThat(failed).isNotEmpty();
        assertThat(failed.values()).allSatisfy(row -> {
            assertThat(row.corrected()).as(row.rowId()).isEqualTo(new ScoredStep.Contribution(false, 0));
            assertThat(row.reference()).as(row.rowId()).isEqualTo(new ScoredStep.Contribution(false, 0));
        });
    }

    /// A step that was answered was answered as in an undisturbed run: its dialogue had come to it undamaged.
    private void requireTheRestUntouched(String runId) {
        Set<Outcome> answered = EnumSet.of(Outcome.ANSWERED, Outcome.MODEL_REFUSED, Outcome.ANSWER_UNPARSEABLE);
        Map<String, StepSettled> steps = steps(runId);
        steps.values().removeIf(step -> !answered.contains(step.getOutcome()));
        assertThat(steps).isNotEmpty();
        steps.forEach((name, step) -> {
            StepSettled before = undisturbedSteps.get(name);
            assertThat(step.getOutcome()).as(name).isEqualTo(before.getOutcome());
            assertThat(step.getAnswer().getText().getText()).as(name).isEqualTo(before.getAnswer().getText().getText());
            assertThat(step.getAnswer().getReading()).as(name).isEqualTo(before.getAnswer().getReading());
        });
    }

    /// Accepted steps by dialogue and step, without the run.
    private Map<String, StepSettled> steps(String runId) {
        Map<String, StepSettled> steps = new TreeMap<>();
        cluster.log().events(Topics.DIALOGUE_EVENTS, StepSettled.class, runId)
                .forEach(step -> steps.put(
                        step.getSubject().getDialogueId().substring(runId.length()) + '#' + step.getStep().getName(),
                        step));
        return steps;
    }
}
