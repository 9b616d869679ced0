package io.turnstream.benchmark.statistics;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.numbers.rootfinder.BrentSolver;
import org.apache.commons.statistics.distribution.NormalDistribution;

/// What the images seen tell about the mean over all images of their kind: the distribution of the mean if the true
/// share of each image's kind is Dirichlet distributed, as in D. B. Rubin, *The Bayesian bootstrap*, Annals of
/// Statistics 9 (1981), 130-134. The mean is a ratio of two sums over the images, R = Σ g y / Σ g n, with g
/// independent and gamma distributed. Two half images, one at each end of the scale, stand for those that were not
/// seen. With one answer an image, right or wrong, and g exponential this is H. Jeffreys' Beta(k + 1/2, n - k + 1/2),
/// which L. D. Brown, T. T. Cai and A. DasGupta recommend (*Interval estimation for a binomial proportion*,
/// Statistical Science 16 (2001), 101-133).
///
/// Each of C images has shape (C - 1) / (C + 1) instead of 1, so that its samples scatter as their unbiased variance
/// says: Σ (x - R)² / (C (C - 1)) instead of Σ (x - R)² / (C (C + 1)).
///
/// An image whose samples differ as if they were of several images is not seen as a whole either. So each half image
/// counts for as much of a half as samples of an image resemble each other: for the variance of images' means over
/// that of samples, which is 1 where all samples of an image are alike and 1/n where they are independent. How alike
/// they are is not known before there are different ones, so that both variances begin with four images' worth of
/// the ends of the scale, which are alike.
///
/// Nothing is drawn at random. R ≤ r just if Σ g (y - r n) ≤ 0, a sum of independent gamma variables, whose
/// distribution comes from its cumulant function by the saddle point, in the form of O. E. Barndorff-Nielsen
/// (*Biometrika* 73 (1986), 307-322; R. Lugannani and S. Rice, *Advances in Applied Probability* 12 (1980), 475-490).
/// Of a beta distribution this finds the 2.5 % points to 0.04 / C.
final class DirichletMean {

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
    private static final double QUANTILE_95 = NORMAL.inverseSurvivalProbability(0.025);

    /// More than anybody reads of an interval, and the same on every machine.
    private static final double PRECISION = 1e-10;

    /// So far out that a normal variable never comes there: stands for an end of the scale.
    private static final double BEYOND = 40;

    private final double lowest;
    private final double highest;
    private final double[] numbers;
    private final double[] sums;
    private final double[] shapes;

    /// How many images at the ends of the scale both variances begin with. With fewer, a single miss would say so much
    /// about how alike samples are that an interval with one miss were narrower than with none.
    private static final double ALIKE = 4;

    /// @param images number of samples and sum of their values, by image; two at least
    /// @param squares the sum of the squares of all values
    /// @param lowest the lowest mean an image can have
    /// @param highest the highest
    DirichletMean(Collection<long[]> images, long squares, double lowest, double highest) {
        this.lowest = lowest;
        this.highest = highest;
        // Images with the same samples are one kind. Sorted, so that sums do not depend on the order in which they
        // came.
        Map<Long, Map<Long, Integer>> kinds = new TreeMap<>();
        long samples = 0;
        long total = 0;
        int kind = 0;
        for (long[] image : images) {
            samples += image[0];
            total += image[1];
            Map<Long, Integer> bySum = kinds.computeIfAbsent(image[0], number -> new TreeMap<>());
            kind += bySum.merge(image[1], 1, Integer::sum) == 1 ? 1 : 0;
        }
        double size = (double) samples / images.size();
        double shape = (images.size() - 1.0) / (images.size() + 1);
        numbers = new double[kind + 2];
        sums = new double[kind + 2];
        shapes = new double[kind + 2];
        double centre = (total + size * (lowest + highest) / 2) / (samples + size);
        double ends = ALIKE * ((lowest - centre) * (lowest - centre) + (highest - centre) * (highest - centre)) / 2;
        double ofSamples = ends + (squares - 2 * centre * total + centre * centre * samples) / size;
        double ofImages = ends;
        int next = 2;
        for (Map.Entry<Long, Map<Long, Integer>> number : kinds.entrySet()) {
            for (Map.Entry<Long, Integer> sum : number.getValue().entrySet()) {
                double excess = (sum.getKey() - centre * number.getKey()) / size;
                ofImages += sum.getValue() * excess * excess;
                set(next++, number.getKey() / size, sum.getKey() / size, shape * sum.getValue());
            }
        }
        double half = Math.min(1, ofImages / ofSamples) / 2;
        set(0, 1, lowest, half);
        set(1, 1, highest, half);
    }

    private void set(int kind, double number, double sum, double shape) {
        numbers[kind] = number;
        sums[kind] = sum;
        shapes[kind] = shape;
    }

    /// How many kinds of images there are, with the two at the ends.
    int kinds() {
        return shapes.length;
    }

    /// The central 95 %.
    Interval interval() {
        return new Interval(quantile(-QUANTILE_95), quantile(QUANTILE_95));
    }

    /// Twice the chance of the less likely side of `mean`: below 0.05 just if it is outside the central 95 %.
    double twoSided(double mean) {
        return 2 * NORMAL.cumulativeProbability(-Math.abs(deviate(mean)));
    }

    private double quantile(double normal) {
        double numberSum = 0;
        double sumSum = 0;
        for (int kind = 0; kind < shapes.length; kind++) {
            numberSum += shapes[kind] * numbers[kind];
            sumSum += shapes[kind] * sums[kind];
        }
        double centre = sumSum / numberSum;
        double squares = 0;
        for (int kind = 0; kind < shapes.length; kind++) {
            double excess = sums[kind] - centre * numbers[kind];
            squares += shapes[kind] * excess * excess;
        }
        // It is near where it would be of a normal variable: steps that grow take it between two points.
        double step = normal * Math.sqrt(squares) / numberSum;
        double least = deviate(centre) - normal;
        if (least * normal >= 0) {
            // Hundreds of images that all say the same, not at an end of the scale: all that varies are the two halves,
            // the skewness is beyond what the approximation holds for, and the normal one is wider than need be.
            return Math.clamp(centre + step, lowest, highest);
        }
        double near = centre;
        double far = Math.clamp(centre + step, lowest, highest);
        while (Math.abs(deviate(far)) < Math.abs(normal)) {
            near = far;
            far = Math.clamp(far + step / 2, lowest, highest);
        }
        return new BrentSolver(PRECISION, PRECISION * (highest - lowest), PRECISION)
                .findRoot(mean -> deviate(mean) - normal, Math.min(near, far), Math.max(near, far));
    }

    /// What a standard normal variable is below with the chance that the mean is below `mean`.
    private double deviate(double mean) {
        if (mean <= lowest) {
            return -BEYOND;
        }
        if (mean >= highest) {
            return BEYOND;
        }
        double saddle = saddle(mean);
        double log = 0;
        double second = 0;
        double third = 0;
        for (int kind = 0; kind < shapes.length; kind++) {
            double excess = sums[kind] - mean * numbers[kind];
            double tilted = excess / (1 - saddle * excess);
            log -= shapes[kind] * StrictMath.log1p(-saddle * excess);
            second += shapes[kind] * tilted * tilted;
            third += 2 * shapes[kind] * tilted * tilted * tilted;
        }
        double root = Math.signum(saddle) * Math.sqrt(Math.max(0, -2 * log));
        if (Math.abs(root) < 1e-4) {
            // its limit at the centre, where the quotient below is 0 / 0
            return root + third / (6 * second * Math.sqrt(second));
        }
        return root + StrictMath.log(saddle * Math.sqrt(second) / root) / root;
    }

    /// Where the derivative of the cumulant function, Σ a e / (1 - s e), is zero. It rises from -∞ to ∞ between the
    /// inverses of the least and the greatest e, so Newton's steps that leave what is known to hold it are replaced
    /// by halving.
    private double saddle(double mean) {
        double least = 0;
        double greatest = 0;
        for (int kind = 0; kind < shapes.length; kind++) {
            double excess = sums[kind] - mean * numbers[kind];
            least = Math.min(least, excess);
            greatest = Math.max(greatest, excess);
        }
        double low = 1 / least;
        double high = 1 / greatest;
        double saddle = 0;
        for (int step = 0; step < 100; step++) {
            double first = 0;
            double second = 0;
            for (int kind = 0; kind < shapes.length; kind++) {
                double excess = sums[kind] - mean * numbers[kind];
                double tilted = excess / (1 - saddle * excess);
                first += shapes[kind] * tilted;
                second += shapes[kind] * tilted * tilted;
            }
            if (first == 0) {
                return saddle;
            }
            if (first > 0) {
                high = saddle;
            } else {
                low = saddle;
            }
            double next = saddle - first / second;
            if (!(low < next && next < high)) {
                next = (low + high) / 2;
            }
            // Newton's steps double the digits: the next one would be below the last
            if (Math.abs(next - saddle) <= 1e-8 * Math.abs(next)) {
                return next;
            }
            saddle = next;
        }
        return saddle;
    }
}
