package io.turnstream.integration;

import static io.turnstream.cluster.Await.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.Cluster;
import io.turnstream.console.CostTerms;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.RunReport;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A run that a provider spoilt, retried, ends with the figures of one that nothing happened to.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetryIT {

    private static final int ROWS = 1;
    private static final String SOUND = """
            {"latency": null, "faults": null}""";

    private Cluster cluster;

    @BeforeAll
    void start() {
        cluster = Cluster.shared();
        cluster.scale(2);
        cluster.simulator().settings(SOUND);
    }

    @AfterAll
    void leaveItWhole() {
        if (cluster != null) {
            cluster.simulator().settings(SOUND);
        }
    }

    @Test
    void retried_run_has_the_figures_of_an_undisturbed_one_and_calls_only_for_what_failed() {
        // Given
        Limits once = new Limits(8, 0, 30_000);
        Figures undisturbed = Figures.of(cluster.settled(cluster.submit(Orders.rows(ROWS, once)), PATIENCE));
        cluster.simulator().settings("""
                {"faults": {"malformed": 0.2}}""");
        String runId = cluster.submit(Orders.rows(ROWS, once));
        RunReport spoilt = cluster.settled(runId, PATIENCE);
        assertThat(spoilt.state()).isEqualTo("incomplete");
        long kept = spoilt.outcomes().getOrDefault("answered", 0L) + spoilt.outcomes().getOrDefault("judged", 0L);

        // When
        cluster.simulator().settings(SOUND);
        cluster.simulator().resetStats();
        cluster.platform().retry(runId, List.of(), CostTerms.NONE);
        Await.until(PATIENCE, () -> "the retried run completes", () -> cluster.platform().reports().run(runId)
                .filter(run -> run.state().equals("completed") && run.settled()).isPresent());
        RunReport retried = cluster.platform().reports().run(runId).orElseThrow();

        // Then
        assertThat(Figures.of(retried)).isEqualTo(undisturbed);
        assertThat(cluster.simulator().stats().total().calls()).isEqualTo(retried.planned() - kept);
        assertThat(retried.provenance().seals()).hasSize(2 * spoilt.provenance().seals().size());
        assertThat(cluster.platform().reports().dialoguesSettled(runId)).isTrue();
    }
}
