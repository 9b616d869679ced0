package io.turnstream.benchmark.statistics;

import io.turnstream.benchmark.Metric;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Two runs compared on the items that both have: each item's difference, candidate less baseline, clustered by image
/// as in [ClusteredMean]. Pairing takes out what makes items easy or hard for every model, so that a difference shows
/// with far fewer items.
///
/// Two runs hardly ever differ by the whole width of the scale, and half images that do would hide every small
/// difference. So the two that stand for images not seen are as far from zero as the farthest image seen, and two
/// points at least (one for an accuracy, whose scale is no wider).
///
/// The p value is of no difference, and twice the chance that the true difference is on the less likely side of zero:
/// it is below 0.05 just if the interval is on one side of zero.
///
/// @param difference the mean of the differences; null if no item is in both
/// @param baselineMean the baseline's mean over the items in both; null if there are none
/// @param candidateMean the candidate's mean over the items in both; null if there are none
/// @param items how many items are in both
/// @param clusters how many clusters these come from
/// @param baselineOnly how many items only the baseline has
/// @param candidateOnly how many items only the candidate has
/// @param interval the 95 % confidence interval of the difference; null for fewer than two clusters
/// @param pValue null for fewer than two clusters
public record PairedComparison(
        @Nullable Double difference, @Nullable Double baselineMean, @Nullable Double candidateMean, long items,
        int clusters, long baselineOnly, long candidateOnly, @Nullable Interval interval, @Nullable Double pValue) {

    /// One item's value in one run.
    ///
    /// @param cluster the image it belongs to, the same in both runs
    /// @param value 0 or 1 for a question, 1 to 5 for a verdict
    public record Item(String cluster, long value) {
        public Item {
            Objects.requireNonNull(cluster, "cluster");
        }
    }

    /// Compares two runs on one metric.
    ///
    /// @param baseline the values of the one run by an id that names the same item in both
    /// @param candidate the values of the other
    /// @throws IllegalArgumentException if an item has different clusters in the two runs
    public static PairedComparison of(Metric metric, Map<String, Item> baseline, Map<String, Item> candidate) {
        ClusteredMean differences = new ClusteredMean();
        long items = 0;
        long baselineSum = 0;
        long candidateSum = 0;
        for (Map.Entry<String, Item> entry : candidate.entrySet()) {
            Item after = entry.getValue();
            Item before = baseline.get(entry.getKey());
            if (before == null) {
                continue;
            }
            if (!before.cluster().equals(after.cluster())) {
                throw new IllegalArgumentException(
                        "Item %s belongs to cluster %s in the baseline and %s in the candidate: the runs are of different data"
                                .formatted(entry.getKey(), before.cluster(), after.cluster()));
            }
            differences.add(after.cluster(), after.value() - before.value());
            items++;
            baselineSum += before.value();
            candidateSum += after.value();
        }
        if (items == 0) {
            return new PairedComparison(null, null, null, 0, 0, baseline.size(), candidate.size(), null, null);
        }
        double reach = reach(differences, metric.highest() - metric.lowest());
        ClusteredMean.Estimate estimate = differences.estimate(-reach, reach);
        DirichletMean distribution = differences.distribution(-reach, reach);
        return new PairedComparison(estimate.mean(), (double) baselineSum / items, (double) candidateSum / items, items,
                estimate.clusters(), baseline.size() - items, candidate.size() - items, estimate.interval(),
                distribution == null ? null : distribution.twoSided(0));
    }

    /// How far from zero an image's difference is taken to be at most.
    ///
    /// @param widest the width of the scale, which is the largest difference there can be
    static double reach(ClusteredMean differences, int widest) {
        return Math.max(Math.min(2, widest), differences.farthest());
    }
}
