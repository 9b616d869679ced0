package io.turnstream.loader;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PlanningPaceTest {

    private static final int WINDOW = 10;

    private final List<Long> pauses = new ArrayList<>();
    private final AtomicBoolean hurried = new AtomicBoolean();
    private final PlanningPace pace = new PlanningPace(WINDOW, hurried::get, pauses::add);

    @Test
    void whatARunAsksForFirstIsPlannedAtOnce() {
        write(WINDOW, 1_000);

        assertThat(pauses).isEmpty();
    }

    @Test
    void threeQuartersOfTheTimeAreLeftToOthersAfterwards() {
        write(WINDOW, 1_000);

        pace.written(1_000);
        pace.written(200);

        assertThat(pauses).containsExactly(3_000L, 600L);
    }

    @Test
    void nothingIsPutOffWhileSomebodyWaitsForThePlan() {
        hurried.set(true);
        write(100, 1_000);
        assertThat(pauses).isEmpty();

        hurried.set(false);
        pace.written(1_000);

        assertThat(pauses).containsExactly(3_000L);
    }

    private void write(int dialogues, long nanos) {
        for (int i = 0; i < dialogues; i++) {
            pace.written(nanos);
        }
    }
}
