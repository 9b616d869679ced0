package io.turnstream.protocol.statistics;

import java.util.HashMap;
import java.util.Map;

import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

import io.turnstream.protocol.Metric;

/// A mean over samples that come in clusters: the dialogues and questions about one image resemble each other, so that an interval that takes
/// them for independent would be too narrow. Values are whole numbers (0 or 1, a score from 1 to 5, or a difference of two), so sums are exact and
/// the result does not depend on the order in which samples arrive or are taken back.
///
/// The mean is the ratio of two sums over the C clusters, R = Σ y_c / Σ n_c, where n_c is the number of a cluster's samples and y_c the sum of their
/// values. Its variance is the linearised one of a ratio estimator,
///
/// Var(R) = C / (C - 1) · Σ (y_c - R n_c)² / (Σ n_c)²
///
/// and the 95 % interval is R ± t(0.975; C - 1) · √Var(R). See W. G. Cochran, *Sampling Techniques*, 3rd edition, section 6.3 (ratio
/// estimates) and 9A (clusters of unequal size). With one sample a cluster this is the ordinary t interval of a mean.
///
/// Where all clusters have the same mean m, that variance is zero and says nothing: twenty images that all got a 5 do not prove that every image
/// does. What is sure then follows from the scale [L, H] alone. A share p of all images that lies at m would show C times out of C with chance p^C, which
/// is 0.025 at q = 0.025^(1/C); the others lie at an end of the scale at worst. So the interval is from L + (m - L) q to H - (H - m) q: for
/// m = H the exact one of C. J. Clopper and E. S. Pearson, *Biometrika* 26 (1934), 404-413, with images as trials (20 of 20: from 83.2 %).
///
/// Not safe for use by several threads.
public final class ClusteredMean {

    private final Map<String, long[]> clusters = new HashMap<>();

    /// Adds one sample.
    public void add(String cluster, long value) {
        add(cluster, 1, value);
    }

    /// Takes one sample back.
    public void remove(String cluster, long value) {
        add(cluster, -1, -value);
    }

    /// Adds `n` samples with that sum; both may be negative, to take samples back.
    public void add(String cluster, long n, long sum) {
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

    /// The mean with its interval, clipped to the metric's scale; null without samples.
    public @Nullable Estimate estimate(Metric metric) {
        return estimate(metric.lowest(), metric.highest());
    }

    /// The mean with its interval, clipped to the scale from `lowest` to `highest`; null without samples.
    public @Nullable Estimate estimate(double lowest, double highest) {
        long n = n();
        if (n == 0) {
            return null;
        }
        long sum = clusters.values().stream().mapToLong(counts -> counts[1]).sum();
        int count = clusters.size();
        double mean = (double) sum / n;
        if (count < 2) {
            return new Estimate(mean, n, count, null, null);
        }
        // (y_c - R n_c) = (y_c N - Y n_c) / N: whole numbers until the last step, so that agreement gives exactly zero. Sorted, so that the sum
        // of the squares is the same whatever the order of the clusters.
        double squares = clusters.values().stream()
                .mapToDouble(counts -> (double) (counts[1] * n - sum * counts[0]) / n).map(residual -> residual * residual).sorted().sum();
        double standardError = Math.sqrt((double) count / (count - 1) * squares) / n;
        if (standardError == 0) {
            double share = Math.pow(0.025, 1.0 / count);
            return new Estimate(mean, n, count, standardError,
                    new Interval(lowest + (mean - lowest) * share, highest - (highest - mean) * share));
        }
        double half = TDistribution.of(count - 1).inverseSurvivalProbability(0.025) * standardError;
        return new Estimate(mean, n, count, standardError, new Interval(mean - half, mean + half).clippedTo(lowest, highest));
    }

    /// A mean and how sure it is.
    ///
    /// @param mean the mean of the samples
    /// @param n the number of samples
    /// @param clusters the number of clusters they come from
    /// @param standardError of the mean; null for fewer than two clusters, zero where all clusters have the same mean
    /// @param interval the 95 % confidence interval; null for fewer than two clusters
    public record Estimate(double mean, long n, int clusters, @Nullable Double standardError, @Nullable Interval interval) {
    }
}
