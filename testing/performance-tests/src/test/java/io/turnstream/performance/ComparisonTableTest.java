package io.turnstream.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.turnstream.performance.Trial.Course;
import io.turnstream.performance.Trial.Quantity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTableTest {

    private static final Quantity RATE = new Quantity("calls/s", 0, new Goal.AtLeast(1_500));
    private static final Quantity CPU = new Quantity("CPU-ms/call", 2, new Goal.AtMost(1));

    @TempDir
    private Path folder;

    @Test
    void a_lower_rate_and_more_time_both_cost_more() {
        // 1,000 a second instead of 1,100 and 1.10 ms instead of 1.00: a tenth dearer either way
        assertThat(new Compared("overhead", "text", RATE, Samples.of(1_100), Samples.of(1_000)).costs().median())
                .isCloseTo(1.1, within(1e-9));
        assertThat(new Compared("overhead", "text", CPU, Samples.of(1.0), Samples.of(1.1)).costs().median())
                .isCloseTo(1.1, within(1e-9));
    }

    @Test
    void each_measurement_is_compared_with_the_one_before_it() {
        // Given a machine that became half as fast after the first pair: medians of each side would not tell that both
        // are alike
        Compared compared = new Compared("start", "first call", new Quantity("s", 2, new Goal.AtMost(4)),
                Samples.of(3, 6, 6), Samples.of(3, 6, 6.6));

        assertThat(compared.costs().values()).satisfiesExactly(
                one -> assertThat(one).isEqualTo(1), two -> assertThat(two).isEqualTo(1),
                three -> assertThat(three).isCloseTo(1.1, within(1e-9)));
    }

    @Test
    void prints_both_versions_beside_each_other() {
        // Given
        List<Compared> all = List.of(
                new Compared("overhead", "text", RATE, Samples.of(1_500, 1_600, 1_700),
                        Samples.of(1_600, 1_600, 1_600)),
                new Compared("overhead", "text", CPU, Samples.of(1.0, 1.0, 1.0), Samples.of(0.9, 1.0, 1.2)),
                new Compared("start", "demo to first call", new Quantity("s", 2, new Goal.AtMost(4)), Samples.of(3),
                        Samples.of(6)));

        // When
        List<String> lines = ComparisonTable.lines("1f7c971", all);

        // Then
        assertThat(lines).startsWith(
                "  BENCHMARK  WHAT                UNIT         1f7c971   HERE  COST    MIN - MAX  RUNS",
                "  overhead   text                calls/s        1,600  1,600  1.00  0.94 - 1.06     3",
                "             text                CPU-ms/call     1.00   1.00  1.00  0.90 - 1.20     3",
                "  start      demo to first call  s               3.00   6.00  2.00                  1");
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("above 1 is worse").contains("1f7c971"));
    }

    @Test
    void two_versions_are_opened_first_and_then_measured_in_turn() throws IOException {
        // Given
        List<String> did = new ArrayList<>();
        Trial trial = new Trial() {
            @Override
            public String what() {
                return "text";
            }

            @Override
            public List<Quantity> quantities() {
                return List.of(RATE, CPU);
            }

            @Override
            public Course open(Bench bench, Checkout checkout) {
                did.add("open " + checkout.name());
                return new Course() {
                    @Override
                    public List<Double> measure(int run) {
                        did.add(checkout.name() + ' ' + run);
                        return List.of(100.0 * run, checkout.name().equals("HERE") ? 2.0 : 1.0);
                    }

                    @Override
                    public void close() {
                        did.add("close " + checkout.name());
                    }
                };
            }
        };

        // When
        List<Compared> all = Compared.measured("overhead", trial, new Bench(folder, 2, true, System.out),
                new Checkout("old", folder));

        // Then
        assertThat(did).containsExactly("open old", "open HERE", "old 1", "HERE 1", "old 2", "HERE 2", "close HERE",
                "close old");
        assertThat(all).containsExactly(
                new Compared("overhead", "text", RATE, Samples.of(100, 200), Samples.of(100, 200)),
                new Compared("overhead", "text", CPU, Samples.of(1, 1), Samples.of(2, 2)));
    }

    @Test
    void measurements_come_in_pairs() {
        assertThatThrownBy(() -> new Compared("overhead", "text", RATE, Samples.of(1, 2), Samples.of(1)))
                .hasMessageContaining("2 measurements there and 1 here");
    }
}
