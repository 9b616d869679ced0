package io.turnstream.integration;

import static io.turnstream.cluster.Await.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.Cluster;
import io.turnstream.cluster.Reactor;
import io.turnstream.console.RunOrder;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.Provenance.SelectionFacts;
import io.turnstream.simulator.SimulatorStats;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// A quota that is one for all worker processes, the model's and the judge's, by the provider's own clock, while
/// workers join, end and are killed, and whoever grants is killed, too. In a minute of ten seconds, so that it is over
/// soon; `-Dturnstream.soak=N` adds some real minutes with up to four model workers and prints how much of the quota
/// was used.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuotaIT {

    private static final String WINDOW = "TURNSTREAM_QUOTA_WINDOW";

    private final long seed = Long.getLong("turnstream.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Cluster cluster;
    private Duration window = Duration.ofMinutes(1);

    @BeforeAll
    void start() {
        System.out.printf("quota: seed %d%n", seed);
        cluster = Cluster.shared();
    }

    @AfterAll
    void leaveItWhole() {
        if (cluster != null) {
            cluster.scale(2);
            cluster.startMissing();
            minute(Duration.ofMinutes(1), "null");
        }
    }

    @Test
    void no_window_of_the_provider_holds_more_than_the_quota_though_workers_and_grantor_die() {
        // Given
        int quota = 60;
        minute(Duration.ofSeconds(10), "{\"fixedMillis\": 50, \"jitterMillis\": 100}");
        cluster.scale(2);

        // When
        String runId = cluster.submit(order(2, 1, new Limits(16, 5, 30_000, quota, null)));
        awaitCalls(quota / 2);
        cluster.kill9(Cluster.modelWorker(1));
        cluster.start(Cluster.modelWorker(1));
        awaitCalls(quota);
        cluster.scale(3);
        cluster.kill9(Cluster.DISPATCHER);
        cluster.start(Cluster.DISPATCHER);
        cluster.scale(2);
        Figures figures = Figures.of(cluster.settled(runId, PATIENCE));

        // Then
        SimulatorStats.Counts total = cluster.simulator().stats().total();
        System.out.printf("quota: %d of %d at most in 10 s, %d calls%n", total.maxCallsPerMinute(), quota,
                total.calls());
        assertThat(figures.state()).isEqualTo("completed");
        assertThat(total.calls()).as("there is something to hold back").isGreaterThan(quota)
                .isGreaterThanOrEqualTo(figures.planned());
        assertThat(total.maxCallsPerMinute()).isLessThanOrEqualTo(quota);
    }

    @Test
    void tokens_are_held_to_their_quota_too() {
        // Given
        long quota = 30_000;
        minute(Duration.ofSeconds(10), "{\"fixedMillis\": 50, \"jitterMillis\": 100}");
        cluster.scale(2);

        // When
        String runId = cluster.submit(order(1, 1, new Limits(16, 5, 30_000, null, quota)));
        Figures figures = Figures.of(cluster.settled(runId, PATIENCE));

        // Then
        SimulatorStats.Counts total = cluster.simulator().stats().total();
        long all = total.promptTokens() + total.completionTokens();
        System.out.printf("quota: %d of %d tokens at most in 10 s, %d in all%n", total.maxTokensPerMinute(), quota,
                all);
        assertThat(figures.state()).isEqualTo("completed");
        assertThat(all).as("there is something to hold back").isGreaterThan(quota);
        assertThat(total.maxTokensPerMinute()).isLessThanOrEqualTo(quota);
    }

    @Test
    @EnabledIfSystemProperty(named = "turnstream.soak", matches = "[1-9][0-9]*", disabledReason = "takes four minutes: -Dturnstream.soak=1")
    void nine_tenths_of_a_real_minutes_quota_are_used_and_never_more_than_all_while_four_workers_come_and_go() {
        // Given
        int quota = 600;
        minute(Duration.ofMinutes(1), "{\"fixedMillis\": 200, \"jitterMillis\": 400}");
        cluster.scale(4);

        // When
        String runId = cluster.submit(order(20, 2, new Limits(16, 5, 30_000, quota, null)));
        awaitCalls(quota);
        long from = System.nanoTime();
        long before = cluster.simulator().stats().total().calls();
        int changes = 0;
        while (left(runId) > quota) {
            if (random.nextInt(3) == 0) {
                cluster.scale(1 + random.nextInt(3));
            } else {
                cluster.kill9(Cluster.modelWorker(1 + random.nextInt(4)));
            }
            changes++;
            long calls = cluster.simulator().stats().total().calls() + 20 + random.nextInt(100);
            Await.until(PATIENCE, () -> "calls go on", () -> cluster.simulator().stats().total().calls() >= calls);
            cluster.scale(4);
        }
        double minutes = (System.nanoTime() - from) / 60e9;
        long made = cluster.simulator().stats().total().calls() - before;
        cluster.settled(runId, PATIENCE);

        // Then
        SimulatorStats.Counts total = cluster.simulator().stats().total();
        new SoakNotes("5-quotas").add(
                "quota of requests: %d of %d at most in 60 s; %.1f %% of it used over %.1f min with %d changes, %d calls",
                total.maxCallsPerMinute(), quota, 100 * made / (minutes * quota), minutes, changes, total.calls());
        assertThat(total.maxCallsPerMinute()).isLessThanOrEqualTo(quota);
        assertThat(made).as("calls in %.2f minutes", minutes).isGreaterThanOrEqualTo((long) (0.9 * quota * minutes));
    }

    private static RunOrder order(int rows, int epochs, Limits limits) {
        SelectionFacts selection = new SelectionFacts(List.of(), List.of(), List.of(), 0, rows, List.of(), false,
                epochs);
        return Orders.order(Orders.MODEL, Orders.JUDGE, Reactor.MINI, selection, limits, null);
    }

    private void minute(Duration length, String latency) {
        if (!length.equals(window)) {
            cluster.restart(Cluster.DISPATCHER, WINDOW, length.toMillis() + "ms");
            window = length;
        }
        cluster.simulator().settings("{\"minuteMillis\": %d, \"latency\": %s}".formatted(length.toMillis(), latency));
        Await.until(PATIENCE, () -> "the calls of former tests have left the simulator's window", () -> {
            cluster.simulator().resetStats();
            return cluster.simulator().stats().total().maxCallsPerMinute() == 0;
        });
    }

    private void awaitCalls(int calls) {
        Await.until(PATIENCE, () -> calls + " calls are made",
                () -> cluster.simulator().stats().total().calls() >= calls);
    }

    private long left(String runId) {
        return cluster.platform().reports().progress(runId).map(QuotaIT::open).orElse(Long.MAX_VALUE);
    }

    private static long open(Progress progress) {
        return progress.turns().planned() == 0
                ? Long.MAX_VALUE
                : progress.turns().open() + progress.questions().open() + progress.judgements().open();
    }
}
