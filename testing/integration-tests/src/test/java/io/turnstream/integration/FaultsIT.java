package io.turnstream.integration;

import static io.turnstream.cluster.Await.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.Cluster;
import io.turnstream.console.PlatformUnreachableException;
import io.turnstream.events.Topics;
import io.turnstream.integration.KillTable.Kill;
import io.turnstream.projection.report.RunReport;
import io.turnstream.simulator.SimulatorStats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `kill -9` of every part of a deployment in the middle of a run, on one deployment, each from a seed that is printed.
///
/// `-Dturnstream.seed=N` repeats a sequence; `-Dturnstream.soak=N` adds N kills of random parts, and sums all of them
/// up in a table.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsIT {

    private static final int ROWS = 3;
    private static final int CONNECTIONS = 4;
    private static final int MODEL_WORKERS = 2;
    private static final List<String> PARTS = List.of(Cluster.LOADER, Cluster.DISPATCHER, Cluster.modelWorker(1),
            Cluster.JUDGE_WORKER,
            Cluster.AGGREGATOR, Cluster.BROKER, Cluster.REGISTRY, Cluster.DOCUMENT_STORE);

    private final long seed = Long.getLong("turnstream.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final SoakNotes notes = new SoakNotes("1-kills");
    private Cluster cluster;
    private RunReport undisturbedReport;
    private Figures undisturbed;
    private long undisturbedCalls;
    private KillTable table;

    private record Disturbed(String runId, Figures figures, Kill kill) {}

    Stream<String> kills() {
        List<String> kills = new ArrayList<>(PARTS);
        Collections.shuffle(kills, random);
        for (int more = Integer.getInteger("turnstream.soak", 0); more > 0; more--) {
            kills.add(PARTS.get(random.nextInt(PARTS.size())));
        }
        return kills.stream();
    }

    @BeforeAll
    void start() {
        System.out.printf("faults: seed %d%n", seed);
        cluster = Cluster.shared();
        cluster.simulator().settings("""
                {"latency": {"fixedMillis": 60, "jitterMillis": 60}}""");
        cluster.simulator().resetStats();
        undisturbedReport = cluster.settled(cluster.submit(Orders.rows(ROWS, CONNECTIONS)), PATIENCE);
        undisturbed = Figures.of(undisturbedReport);
        undisturbedCalls = cluster.simulator().stats().total().calls();
        table = new KillTable(seed, undisturbedCalls);
        System.out.printf("faults: an undisturbed run makes %d calls%n", undisturbedCalls);
    }

    @AfterAll
    void leaveItWhole() {
        if (cluster != null) {
            cluster.scale(MODEL_WORKERS);
            cluster.startMissing();
            cluster.simulator().settings("""
                    {"latency": null}""");
        }
    }

    @Test
    @Order(1)
    void an_undisturbed_run_completes_and_calls_once_per_step() {
        assertThat(undisturbed.state()).isEqualTo("completed");
        assertThat(undisturbedCalls).isEqualTo(undisturbed.planned());
    }

    @ParameterizedTest
    @MethodSource("kills")
    @Order(2)
    void a_run_outlives_the_kill_of(String part) {
        // When
        Disturbed run = killDuringRun(part, part);

        // Then
        assertThat(run.figures()).isEqualTo(undisturbed);
        AcceptedDialogues.of(cluster.log(), run.runId()).requireEachOnce();
        assertThat(run.kill().callsAgain()).as("calls made again").isBetween(0L, allowedAgain(part));
        assertThat(run.kill().paidTwice()).as("calls paid twice").isLessThanOrEqualTo(run.kill().callsAgain());
    }

    @ParameterizedTest
    @ValueSource(strings = {"model-worker-2", Cluster.DISPATCHER})
    @Order(3)
    void one_answer_is_seen_everywhere_though_the_model_never_repeats_itself_when_killed_is(String part) {
        // Given
        cluster.simulator().settings("""
                {"fresh": true}""");
        try {
            // When
            Disturbed run = killDuringRun(part, part + ", answers never the same twice");

            // Then
            requireOneAnswer(run.runId(), run.figures());
        } finally {
            cluster.simulator().settings("""
                    {"fresh": false}""");
        }
    }

    /// A worker that comes back after its partitions went to another writes answers to requests that the other has
    /// answered.
    @Test
    @Order(4)
    void the_first_answer_stays_when_a_worker_that_was_given_up_answers_too() {
        // Given
        String frozen = Cluster.modelWorker(2);
        cluster.simulator().settings("""
                {"fresh": true, "latency": {"fixedMillis": 250}}""");
        cluster.simulator().resetStats();
        String runId = cluster.submit(Orders.rows(ROWS, CONNECTIONS));
        Await.until(PATIENCE, () -> "both workers have calls in flight",
                () -> cluster.simulator().stats().model("contextual").inFlight() > CONNECTIONS + 1);
        try {
            // When
            cluster.freeze(frozen);
            Figures figures = Figures.of(cluster.settled(runId, PATIENCE));
            long callsAgain = cluster.simulator().stats().total().calls() - undisturbedCalls;
            cluster.thaw(frozen);
            Await.until(PATIENCE, () -> "late answers arrive",
                    () -> new OneAnswer(cluster.log(), runId).answeredTwice() > 0);

            // Then
            System.out.printf("faults: %-18s frozen: %d called again, %d more after it went on%n", frozen, callsAgain,
                    cluster.simulator().stats().total().calls() - undisturbedCalls - callsAgain);
            assertThat(callsAgain).isBetween(1L, (long) CONNECTIONS);
            requireOneAnswer(runId, figures);
            assertThat(Figures.of(cluster.settled(runId, PATIENCE))).isEqualTo(figures);
        } finally {
            cluster.thaw(frozen);
            cluster.simulator().settings("""
                    {"fresh": false, "latency": {"fixedMillis": 60, "jitterMillis": 60}}""");
        }
    }

    /// Workers that come and go cost next to no call: they stop taking requests, and finish those that run. And nobody
    /// who calls, or decides on calls, needs the document store.
    @Test
    @Order(5)
    void scaling_from_one_worker_to_four_and_back_without_a_document_store_changes_no_figure() {
        // Given
        cluster.scale(1);
        cluster.simulator().settings("""
                {"latency": {"fixedMillis": 250, "jitterMillis": 100}}""");
        cluster.simulator().resetStats();

        // When
        String runId = cluster.submit(Orders.rows(ROWS, 2));
        cluster.kill9(Cluster.DOCUMENT_STORE);
        Await.until(PATIENCE, () -> "the run makes calls",
                () -> cluster.simulator().stats().total().calls() > undisturbedCalls / 10);
        cluster.scale(4);
        cluster.scale(1);
        Await.until(PATIENCE, () -> "all calls are made: " + cluster.simulator().stats().total(),
                () -> cluster.simulator().stats().total().succeeded() >= undisturbedCalls);
        Throwable asked = catchThrowable(() -> cluster.platform().reports().progress(runId));
        cluster.start(Cluster.DOCUMENT_STORE);
        cluster.awaitReady(Cluster.DOCUMENT_STORE);
        Figures figures = Figures.of(cluster.settled(runId, PATIENCE));

        // Then
        assertThat(asked).isInstanceOf(PlatformUnreachableException.class)
                .hasMessageContaining("the document store does not answer");
        SimulatorStats.Counts total = cluster.simulator().stats().total();
        table.add("model workers scaled 1, 4, 1 without document store",
                new Kill(0, total.calls() - undisturbedCalls, total.repeatedKeys()));
        notes.write(table.markdown());
        System.out.printf("faults: scaled 1, 4, 1: %d called again, %d paid twice%n", total.calls() - undisturbedCalls,
                total.repeatedKeys());
        assertThat(figures).isEqualTo(undisturbed);
        assertThat(total.repeatedKeys() * 100).as("under 1 %% of %d calls", undisturbedCalls)
                .isLessThan(undisturbedCalls);
    }

    /// Broker, document store and all services at once, with a judge that is slower than the model in a soak.
    @ParameterizedTest
    @MethodSource("judges")
    @Order(6)
    void the_standalone_platform_goes_on_after_its_kill_when_asked_to(int judgeMillis, @TempDir Path folder)
            throws Exception {
        // Given
        cluster.simulator().settings(
                """
                {"latency": {"fixedMillis": 60, "jitterMillis": 60}, "models": {"judge": {"latency": {"fixedMillis": %d}}}}"""
                        .formatted(judgeMillis));
        cluster.simulator().resetStats();
        StandaloneProgram program = new StandaloneProgram(folder, cluster.simulator().baseUrl());
        long some = undisturbedCalls * (10 + random.nextInt(70)) / 100;
        try {
            // When
            Process first = program.begin(ROWS, CONNECTIONS);
            program.await(first, () -> "the run makes " + some + " calls, made " + cluster.simulator().stats().total(),
                    () -> cluster.simulator().stats().total().calls() >= some);
            SimulatorStats.Counts atKill = cluster.simulator().stats().total();
            first.destroyForcibly().waitFor();
            Figures figures = program.resume();

            // Then
            SimulatorStats.Counts total = cluster.simulator().stats().total();
            Kill kill = new Kill(atKill.inFlight(), total.calls() - undisturbedCalls, total.repeatedKeys());
            table.add("standalone platform, judge of " + judgeMillis + " ms", kill);
            notes.write(table.markdown());
            System.out.printf("faults: standalone         killed after %3d of %d calls, judge of %d ms: %s%n",
                    atKill.calls(), undisturbedCalls,
                    judgeMillis, kill);
            assertThat(figures).isEqualTo(Figures.of(undisturbedReport.withoutCategories()));
            // of the model and of the judge as many as are in flight, and as many whose answers were on their way
            assertThat(kill.callsAgain()).isBetween(0L, 2L * 2 * CONNECTIONS);
            assertThat(kill.paidTwice()).isLessThanOrEqualTo(kill.callsAgain());
        } finally {
            cluster.simulator().settings("""
                    {"models": null}""");
        }
    }

    static IntStream judges() {
        return SoakNotes.SOAK ? IntStream.of(60, 1_500) : IntStream.of(60);
    }

    private void requireOneAnswer(String runId, Figures figures) {
        assertThat(figures.state()).isEqualTo("completed");
        assertThat(figures.planned()).isEqualTo(undisturbed.planned());
        AcceptedDialogues.of(cluster.log(), runId).requireEachOnce();
        OneAnswer answers = new OneAnswer(cluster.log(), runId);
        System.out.printf("faults: %d requests were answered twice, differently%n", answers.answeredTwice());
        answers.requireInHistories();
        answers.requireInScores(cluster.platform().reports());
        Await.until(PATIENCE, () -> "the dialogues of " + runId + " arrive",
                () -> cluster.platform().reports().dialoguesSettled(runId));
        answers.requireInProjection(cluster.platform().reports());
    }

    /// Workers that die have calls in flight, and those that lose their broker may lose partitions; the others call
    /// nobody. A place is free again while the answer is still on its way into the log, so that each may have one of
    /// either.
    private static long allowedAgain(String part) {
        return switch (part) {
            case Cluster.JUDGE_WORKER -> 2 * CONNECTIONS;
            case Cluster.BROKER -> (MODEL_WORKERS + 1) * 2 * CONNECTIONS;
            default -> part.startsWith("model-worker") ? 2 * CONNECTIONS : 0;
        };
    }

    private Disturbed killDuringRun(String part, String killed) {
        cluster.simulator().resetStats();
        long dialoguesBefore = cluster.log().size(Topics.DIALOGUES);
        long started = System.nanoTime();
        String runId = cluster.submit(Orders.rows(ROWS, CONNECTIONS));
        if (part.equals(Cluster.LOADER)) {
            // planning is over soon: the kill comes while dialogues are written, or before the first
            int some = random.nextInt(8);
            Await.until(PATIENCE, () -> "the loader plans",
                    () -> cluster.log().size(Topics.DIALOGUES) >= dialoguesBefore + some);
        } else {
            long some = undisturbedCalls * (10 + random.nextInt(70)) / 100;
            Await.until(PATIENCE, () -> "the run makes calls",
                    () -> cluster.simulator().stats().total().calls() >= some);
        }
        SimulatorStats.Counts atKill = cluster.simulator().stats().total();
        cluster.kill9(part);
        cluster.start(part);
        cluster.awaitReady(part);
        Figures figures = Figures.of(cluster.settled(runId, PATIENCE));
        SimulatorStats.Counts total = cluster.simulator().stats().total();
        Kill kill = new Kill(atKill.inFlight(), total.calls() - undisturbedCalls, total.repeatedKeys());
        table.add(killed, kill);
        notes.write(table.markdown());
        System.out.printf(
                "faults: %-18s killed after %3d of %d calls: %d in flight, %d called again, %d paid twice, run took %.1f s%n",
                part, atKill.calls(), undisturbedCalls, kill.inFlight(), kill.callsAgain(), kill.paidTwice(),
                (System.nanoTime() - started) / 1e9);
        return new Disturbed(runId, figures, kill);
    }
}
