package io.turnstream.integration;

import static io.turnstream.cluster.Await.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.Cluster;
import io.turnstream.console.CostTerms;
import io.turnstream.console.CostTerms.UsdPerMillion;
import io.turnstream.console.RunOrder;
import io.turnstream.contracts.RunCommand;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.Spending;
import io.turnstream.simulator.SimulatorStats;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What a run spends, by the simulator's own count of its tokens.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CostsIT {

    private static final int ROWS = 2;
    private static final BigDecimal LIMIT = new BigDecimal("0.10");
    private static final long LIMIT_NANO_USD = 100_000_000;
    /// 2 USD for a million prompt tokens and 8 for a million others: 2,000 and 8,000 nano-USD each.
    private static final UsdPerMillion PRICE = new UsdPerMillion(BigDecimal.valueOf(2), BigDecimal.valueOf(8));

    private Cluster cluster;

    @BeforeAll
    void start() {
        cluster = Cluster.shared();
        cluster.scale(2);
        cluster.simulator().settings("""
                {"latency": {"fixedMillis": 20, "jitterMillis": 20}}""");
    }

    @AfterAll
    void leaveItWhole() {
        if (cluster != null) {
            cluster.simulator().settings("""
                    {"latency": null}""");
        }
    }

    @Test
    void run_stops_before_its_limit_goes_on_with_a_higher_one_and_its_totals_are_those_of_the_provider() {
        // Given
        cluster.simulator().resetStats();

        // When
        String runId = cluster.submit(limited(Orders.rows(ROWS, 16)));
        Await.until(PATIENCE, () -> "the run is halted",
                () -> cluster.platform().reports().progress(runId).map(Progress::state).orElse("").equals("halted"));

        // Then
        long spent = nanoUsd(cluster.simulator().stats().models().get("contextual"));
        System.out.printf("costs: %d of %d nano-USD spent when halted%n", spent, LIMIT_NANO_USD);
        assertThat(spent).isPositive().isLessThanOrEqualTo(LIMIT_NANO_USD);

        // When
        cluster.platform().command(runId, RunCommand.RESUME, null, new CostTerms(null, BigDecimal.valueOf(5), null));
        RunReport report = cluster.settled(runId, PATIENCE);

        // Then
        assertThat(report.state()).isEqualTo("completed");
        assertThat(report.spending()).extracting(Spending::role).containsExactly("model", "judge");
        Map<String, SimulatorStats.Counts> models = cluster.simulator().stats().models();
        requireTheSame(report.spending().getFirst(), models.get("contextual"));
        requireTheSame(report.spending().getLast(), models.get("judge"));
        assertThat(report.spending().getFirst().limitNanoUsd()).isEqualTo(5_000_000_000L);
        assertThat(report.costNanoUsd()).isEqualTo(report.spending().stream().mapToLong(Spending::costNanoUsd).sum());
    }

    private static void requireTheSame(Spending spent, SimulatorStats.Counts counts) {
        assertThat(spent.inputTokens()).as("%s", spent.name()).isEqualTo(counts.promptTokens());
        assertThat(spent.outputTokens()).as("%s", spent.name()).isEqualTo(counts.completionTokens());
        assertThat(spent.costNanoUsd()).as("%s", spent.name()).isEqualTo(nanoUsd(counts));
    }

    private static long nanoUsd(SimulatorStats.Counts counts) {
        return counts.promptTokens() * 2_000 + counts.completionTokens() * 8_000;
    }

    private static RunOrder limited(RunOrder order) {
        return new RunOrder(order.models(), order.judge(), order.dataset(), null, null, order.selection(), null, null,
                order.limits(), null, null,
                false, null, order.tags(), order.requestedBy(),
                new CostTerms(Map.of(Orders.MODEL, PRICE, Orders.JUDGE, PRICE), LIMIT, null));
    }
}
