package io.turnstream.benchmark.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.turnstream.benchmark.Metric;
import io.turnstream.benchmark.statistics.PairedComparison.Item;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.junit.jupiter.api.Test;

class PairedComparisonTest {

    /// Differences by image: (+1, +1), (0, +1), (0, 0). N = 6, d = 3/6 = 0.5.
    @Test
    void differencesAreClusteredByImage() {
        Map<String, Item> baseline = Map.of("1", new Item("a", 0), "2", new Item("a", 0), "3", new Item("b", 1), "4",
                new Item("b", 0),
                "5", new Item("c", 1), "6", new Item("c", 0));
        Map<String, Item> candidate = Map.of("1", new Item("a", 1), "2", new Item("a", 1), "3", new Item("b", 1), "4",
                new Item("b", 1),
                "5", new Item("c", 1), "6", new Item("c", 0));
        PairedComparison comparison = PairedComparison.of(Metric.TF, baseline, candidate);
        assertThat(comparison.difference()).isEqualTo(0.5);
        assertThat(comparison.baselineMean()).isEqualTo(2.0 / 6);
        assertThat(comparison.candidateMean()).isEqualTo(5.0 / 6);
        assertThat(comparison.items()).isEqualTo(6);
        assertThat(comparison.clusters()).isEqualTo(3);
        assertThat(comparison.interval().low()).isBetween(-0.7, -0.1);
        assertThat(comparison.interval().high()).isBetween(0.8, 1.0);
        assertThat(comparison.pValue()).as("three images").isBetween(0.3, 0.6);
        PairedComparison reversed = PairedComparison.of(Metric.TF, candidate, baseline);
        assertThat(reversed.difference()).isEqualTo(-0.5);
        assertThat(reversed.pValue()).isCloseTo(comparison.pValue(), within(1e-12));
        assertThat(reversed.interval().high()).isCloseTo(-comparison.interval().low(), within(1e-9));
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
        assertThat(comparison.pValue()).as("two images").isGreaterThan(0.3);
    }

    @Test
    void runsWithoutCommonItemsHaveNoDifference() {
        assertThat(PairedComparison.of(Metric.TF, Map.of("1", new Item("a", 1)), Map.of()))
                .isEqualTo(new PairedComparison(null, null, null, 0, 0, 1, 0, null, null));
    }

    @Test
    void oneImageHasADifferenceAndNoInterval() {
        PairedComparison comparison = PairedComparison.of(Metric.TF, Map.of("1", new Item("a", 0)),
                Map.of("1", new Item("a", 1)));
        assertThat(comparison.difference()).isEqualTo(1);
        assertThat(comparison.interval()).isNull();
        assertThat(comparison.pValue()).isNull();
    }

    /// Half an image at -1 and at 1 with n that are all at one: Beta(a n + 1/2, 1/2), a = (n - 1) / (n + 1), for the
    /// share of the way from 1 down to -1.
    @Test
    void clusters_that_all_differ_by_the_same_are_as_sure_as_their_number_allows() {
        Map<String, Item> baseline = items(12, 1);
        PairedComparison same = PairedComparison.of(Metric.TF, baseline, baseline);
        assertThat(same.pValue()).isEqualTo(1);
        assertThat(same.interval().high()).isCloseTo(-same.interval().low(), within(1e-9));
        PairedComparison worse = PairedComparison.of(Metric.TF, baseline, items(12, 0));
        BetaDistribution share = BetaDistribution.of(12 * 11 / 13.0 + 0.5, 0.5);
        assertThat(worse.interval().low()).isEqualTo(-1);
        assertThat(worse.interval().high())
                .isCloseTo(1 - 2 * share.inverseCumulativeProbability(0.025), within(0.01));
        assertThat(worse.pValue()).isLessThan(1e-3);
    }

    @Test
    void no_difference_seen_is_never_less_sure_than_one() {
        for (Metric metric : List.of(Metric.TF, Metric.HELPFULNESS)) {
            for (int images = 2; images < 60; images++) {
                Map<String, Item> baseline = items(images, 1);
                Map<String, Item> candidate = new HashMap<>(baseline);
                Interval none = PairedComparison.of(metric, baseline, candidate).interval();
                candidate.put("0", new Item("0", metric == Metric.TF ? 0 : 2));
                Interval one = PairedComparison.of(metric, baseline, candidate).interval();
                assertThat(none.high() - none.low()).as("%s, %d images", metric, images)
                        .isLessThanOrEqualTo(one.high() - one.low());
            }
        }
    }

    @Test
    void p_is_below_0_05_just_if_the_interval_is_on_one_side_of_zero() {
        Random random = new Random(13);
        int[] sides = new int[2];
        for (int comparison = 0; comparison < 500; comparison++) {
            Map<String, Item> baseline = new HashMap<>();
            Map<String, Item> candidate = new HashMap<>();
            int lean = random.nextInt(3);
            for (int item = 0; item < 40; item++) {
                String image = String.valueOf(item / 2);
                int before = 1 + random.nextInt(5);
                baseline.put(String.valueOf(item), new Item(image, before));
                int after = Math.clamp(before + random.nextInt(3) - 1 - (random.nextInt(4) < lean ? 1 : 0), 1, 5);
                candidate.put(String.valueOf(item), new Item(image, after));
            }
            PairedComparison paired = PairedComparison.of(Metric.SAFETY_AWARENESS, baseline, candidate);
            boolean oneSide = paired.interval().low() > 0 || paired.interval().high() < 0;
            assertThat(paired.pValue() < 0.05).isEqualTo(oneSide);
            sides[oneSide ? 1 : 0]++;
        }
        assertThat(sides[0]).isGreaterThan(50);
        assertThat(sides[1]).isGreaterThan(50);
    }

    private static Map<String, Item> items(int images, long value) {
        Map<String, Item> items = new HashMap<>();
        for (int image = 0; image < images; image++) {
            items.put(String.valueOf(image), new Item(String.valueOf(image), value));
        }
        return items;
    }

    @Test
    void anItemThatChangedItsImageIsAnError() {
        assertThatThrownBy(
                () -> PairedComparison.of(Metric.TF, Map.of("1", new Item("a", 1)), Map.of("1", new Item("b", 1))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("Item 1")
                .hasMessageContaining("different data");
    }
}
