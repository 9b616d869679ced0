package io.turnstream.protocol.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.turnstream.protocol.Metric;
import io.turnstream.protocol.statistics.PairedComparison.Item;

class PairedComparisonTest {

    /// Differences by image: (+1, +1), (0, +1), (0, 0). N = 6, d = 3/6 = 0.5; residuals 1, 0, -1; Var = 3/2 * 2 / 36 = 1/12; standard error 0.2886751;
    /// t = √3 with 2 degrees of freedom, whose two-sided p is 1 - t/√(2 + t²) = 1 - √(3/5) = 0.2254033. Half the interval is 4.302653 * 0.2886751 = 1.2420689.
    @Test
    void differencesAreClusteredByImage() {
        Map<String, Item> baseline = Map.of("1", new Item("a", 0), "2", new Item("a", 0), "3", new Item("b", 1), "4", new Item("b", 0),
                "5", new Item("c", 1), "6", new Item("c", 0));
        Map<String, Item> candidate = Map.of("1", new Item("a", 1), "2", new Item("a", 1), "3", new Item("b", 1), "4", new Item("b", 1),
                "5", new Item("c", 1), "6", new Item("c", 0));
        PairedComparison comparison = PairedComparison.of(Metric.TF, baseline, candidate);
        assertThat(comparison.difference()).isEqualTo(0.5);
        assertThat(comparison.baselineMean()).isEqualTo(2.0 / 6);
        assertThat(comparison.candidateMean()).isEqualTo(5.0 / 6);
        assertThat(comparison.items()).isEqualTo(6);
        assertThat(comparison.clusters()).isEqualTo(3);
        assertThat(comparison.pValue()).isCloseTo(1 - Math.sqrt(3.0 / 5), within(1e-9));
        assertThat(comparison.interval().low()).isCloseTo(0.5 - 1.2420689, within(1e-6));
        assertThat(comparison.interval().high()).as("clipped to the widest difference").isEqualTo(1);
        PairedComparison reversed = PairedComparison.of(Metric.TF, candidate, baseline);
        assertThat(reversed.difference()).isEqualTo(-0.5);
        assertThat(reversed.pValue()).isEqualTo(comparison.pValue());
    }

    @Test
    void onlyItemsInBothAreComparedAndTheOthersCounted() {
        PairedComparison comparison = PairedComparison.of(Metric.HELPFULNESS,
                Map.of("1", new Item("a", 4), "2", new Item("b", 2), "3", new Item("c", 5)),
                Map.of("1", new Item("a", 5), "2", new Item("b", 2), "4", new Item("d", 1), "5", new Item("d", 1)));
        assertThat(comparison.items()).isEqualTo(2);
        assertThat(comparison.difference()).isEqualTo(0.5);
        assertThat(comparison.baselineOnly()).isEqualTo(1);
        assertThat(comparison.candidateOnly()).isEqualTo(2);
        // Differences 1 and 0 of two images: standard error 0.5, t = 1 with 1 degree of freedom: p = 1 - 2/π * atan(1) = 1/2.
        assertThat(comparison.pValue()).isCloseTo(0.5, within(1e-9));
        assertThat(comparison.interval()).as("4 is the widest difference on the scale from 1 to 5").isEqualTo(new Interval(-4, 4));
    }

    @Test
    void runsWithoutCommonItemsHaveNoDifference() {
        assertThat(PairedComparison.of(Metric.TF, Map.of("1", new Item("a", 1)), Map.of()))
                .isEqualTo(new PairedComparison(null, null, null, 0, 0, 1, 0, null, null));
    }

    @Test
    void oneImageHasADifferenceAndNoInterval() {
        PairedComparison comparison = PairedComparison.of(Metric.TF, Map.of("1", new Item("a", 0)), Map.of("1", new Item("a", 1)));
        assertThat(comparison.difference()).isEqualTo(1);
        assertThat(comparison.interval()).isNull();
        assertThat(comparison.pValue()).isNull();
    }

    /// Three images that all got worse: one side by chance in 2 of 8 cases. The interval rests on the scale from -1 to 1 and
    /// q = 0.025^(1/3) = 0.2924018: its upper end is 1 - 2 q = 0.4151964.
    @Test
    void clustersThatAllDifferByTheSameAreAsSureAsTheirNumberAllows() {
        Map<String, Item> baseline = Map.of("1", new Item("a", 1), "2", new Item("b", 1), "3", new Item("c", 1));
        assertThat(PairedComparison.of(Metric.TF, baseline, baseline).pValue()).isEqualTo(1);
        PairedComparison worse = PairedComparison.of(Metric.TF, baseline,
                Map.of("1", new Item("a", 0), "2", new Item("b", 0), "3", new Item("c", 0)));
        assertThat(worse.pValue()).isEqualTo(0.25);
        assertThat(worse.interval().low()).isEqualTo(-1);
        assertThat(worse.interval().high()).isCloseTo(0.4151964, within(1e-6));
    }

    @Test
    void anItemThatChangedItsImageIsAnError() {
        assertThatThrownBy(() -> PairedComparison.of(Metric.TF, Map.of("1", new Item("a", 1)), Map.of("1", new Item("b", 1))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("Item 1").hasMessageContaining("different data");
    }
}
