package io.turnstream.benchmark.statistics;

import io.turnstream.benchmark.Metric;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A mean over samples that come in clusters: the dialogues and questions about one image resemble each other, so
/// that an interval that takes them for independent would be too narrow. Values are whole numbers (0 or 1, a score
/// from 1 to 5, or a difference of two), so sums are exact and the result does not depend on the order in which
/// samples arrive or are taken back.
///
/// The mean is the ratio of two sums over the clusters, R = Σ y_c / Σ n_c, where n_c is the number of a cluster's
/// samples and y_c the sum of their values. Its 95 % interval is the central part of [DirichletMean]: whole clusters
/// are weighted anew, and up to half a cluster at each end of the scale stands for what was not seen. So it stays on
/// the scale, leans to the side on which rare values lie, and says something where all clusters agree: twenty images
/// that all got a 5 do not prove that every image does (20 of 20: from 87.0 %). `docs/statistics.md` has how often it
/// holds the truth, and what else was tried.
///
/// Not safe for use by several threads.
public final class ClusteredMean {

    private final Map<String, long[]> clusters = new HashMap<>();
    private long squares;

    /// Adds one sample.
    public void add(String cluster, long value) {
        add(cluster, 1, value, value * value);
    }

    /// Takes one sample back.
    public void remove(String cluster, long value) {
        add(cluster, -1, -value, -value * value);
    }

    /// Adds `n` samples with that sum of values and of their squares; all may be negative, to take samples back.
    void add(String cluster, long n, long sum, long sumOfSquares) {
        squares += sumOfSquares;
        clusters.compute(cluster, (key, held) -> {
            long[] counts = held == null ? new long[2] : held;
            counts[0] += n;
            counts[1] += sum;
            return counts[0] == 0 && counts[1] == 0 ? null : counts;
        });
    }

    /// The number of samples.
    public long n() {
        return clusters.values().stream().mapToLong(counts -> counts[0]).sum();
    }

    /// The mean with its interval on the metric's scale; null without samples.
    public @Nullable Estimate estimate(Metric metric) {
        return estimate(metric.lowest(), metric.highest());
    }

    /// The mean with its interval on the scale from `lowest` to `highest`; null without samples.
    public @Nullable Estimate estimate(double lowest, double highest) {
        long n = n();
        if (n == 0) {
            return null;
        }
        double mean = (double) clusters.values().stream().mapToLong(counts -> counts[1]).sum() / n;
        DirichletMean distribution = distribution(lowest, highest);
        Interval interval = distribution == null ? null : distribution.interval().holding(mean);
        return new Estimate(mean, n, clusters.size(), interval);
    }

    /// What the clusters tell about the mean; null for fewer than two, which tell nothing of how much others may
    /// differ.
    @Nullable
    DirichletMean distribution(double lowest, double highest) {
        return clusters.size() < 2 ? null : new DirichletMean(clusters.values(), squares, lowest, highest);
    }

    /// How far from zero the mean of a cluster is at most.
    double farthest() {
        return clusters.values().stream()
                .mapToDouble(counts -> Math.abs((double) counts[1] / counts[0])).max().orElse(0);
    }

    /// A mean and how sure it is.
    ///
    /// @param mean the mean of the samples
    /// @param n the number of samples
    /// @param clusters the number of clusters they come from
    /// @param interval the 95 % confidence interval; null for fewer than two clusters
    public record Estimate(double mean, long n, int clusters, @Nullable Interval interval) {}
}
