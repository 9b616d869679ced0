package io.turnstream.performance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTableTest {

    @Test
    void prints_goal_median_range_and_verdict() {
        // Given
        List<Figure> figures = List.of(
                new Figure("overhead", "text", "calls/s", 0, new Goal.AtLeast(1_500), Samples.of(1_499, 1_600, 1_700)),
                new Figure("overhead", "text", "CPU-ms/call", 2, new Goal.AtMost(1), Samples.of(1.004, 1.2)),
                new Figure("scale", "8 workers", "%", 1, new Goal.None(), Samples.of(88)));

        // When
        List<String> lines = FigureTable.lines(figures);

        // Then
        assertThat(lines).containsExactly(
                "  BENCHMARK  WHAT       UNIT             GOAL  MEDIAN      MIN - MAX  RUNS",
                "  overhead   text       calls/s      >= 1,500   1,600  1,499 - 1,700     3  met",
                "             text       CPU-ms/call   <= 1.00    1.10    1.00 - 1.20     2  MISSED",
                "  scale      8 workers  %                        88.0                    1");
    }

    @Test
    void the_goal_itself_is_met() {
        assertThat(new Goal.AtLeast(95).isMetBy(95)).isTrue();
        assertThat(new Goal.AtMost(4).isMetBy(4)).isTrue();
        assertThat(new Goal.AtMost(4).isMetBy(4.001)).isFalse();
    }
}
