package io.turnstream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.simulator.SimulatorSettings.Faults;
import io.turnstream.simulator.SimulatorSettings.Latency;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

    private static final Faults MIXED = new Faults(0.1, 0.05, 0.02, 0.01, 0.01, 0.01);

    private static List<Fault> first(FaultPlan plan, int requests) {
        List<Fault> faults = new ArrayList<>();
        for (long request = 0; request < requests; request++) {
            faults.add(plan.fault(request, 0, 0));
        }
        return faults;
    }

    @Test
    void faults_follow_from_seed_and_request_alone() {
        FaultPlan plan = new FaultPlan(1, MIXED, Latency.NONE, 2);

        assertThat(first(plan, 200)).isEqualTo(first(new FaultPlan(1, MIXED, Latency.NONE, 2), 200));
        assertThat(first(plan, 200)).isNotEqualTo(first(new FaultPlan(2, MIXED, Latency.NONE, 2), 200));
    }

    @Test
    void shares_are_those_that_were_set() {
        List<Fault> faults = first(new FaultPlan(1, MIXED, Latency.NONE, 2), 20_000);

        // Of 20,000 at 10 % 2,000 are expected with a standard deviation of 42; at 2 % 400 with one of 20.
        assertThat(faults.stream().filter(fault -> fault == Fault.RATE_LIMITED).count()).isBetween(1800L, 2200L);
        assertThat(faults.stream().filter(fault -> fault == Fault.HANG).count()).isBetween(300L, 500L);
        assertThat(faults).contains(Fault.values());
    }

    @Test
    void a_retry_meets_another_fate_and_none_after_a_full_burst() {
        FaultPlan plan = new FaultPlan(1, new Faults(0.5, 0, 0, 0, 0, 0), Latency.NONE, 3);
        List<Fault> fates = new ArrayList<>();
        for (int seen = 0; seen < 50; seen++) {
            fates.add(plan.fault(42, seen, 2));
            assertThat(plan.fault(42, seen, 3)).isNull();
        }

        assertThat(fates).contains(Fault.RATE_LIMITED).containsNull();
    }

    @Test
    void latency_lies_between_its_bounds_and_stays_with_the_request() {
        FaultPlan plan = new FaultPlan(1, Faults.NONE, new Latency(100, 50, 0.1, 1000), 2);
        for (long request = 0; request < 100; request++) {
            assertThat(plan.latencyMillis(request, false)).isBetween(100, 150)
                    .isEqualTo(plan.latencyMillis(request, false));
            assertThat(plan.latencyMillis(request, true)).isBetween(1100, 1150);
        }
    }
}
