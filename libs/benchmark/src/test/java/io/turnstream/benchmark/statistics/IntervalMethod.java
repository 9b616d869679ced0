package io.turnstream.benchmark.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.TDistribution;

/// Ways to an interval that were tried before one was chosen. All start from the mean of a ratio of two sums and its
/// linearised standard error, see W. G. Cochran, *Sampling Techniques*, 3rd edition, section 6.3.
enum IntervalMethod {
    /// Mean and standard error with Student's t, cut off at the ends of the scale: what stood in reports before.
    STUDENT("Student's t") {
        @Override
        Interval of(Moments m, double lowest, double highest) {
            double half = m.quantile() * m.error;
            return new Interval(m.mean - half, m.mean + half);
        }
    },
    /// E. B. Wilson's with the number of samples divided by the design effect, and t for the normal quantile: E. L.
    /// Korn and B. I. Graubard, *Survey Methodology* 24 (1998), 193-201.
    WILSON("Wilson, design effect") {
        @Override
        Interval of(Moments m, double lowest, double highest) {
            double range = highest - lowest;
            double p = (m.mean - lowest) / range;
            double dispersion = m.error * m.error / (range * range * p * (1 - p));
            double k = m.quantile() * m.quantile() * dispersion;
            double middle = (p + k / 2) / (1 + k);
            double half = Math.sqrt(k * p * (1 - p) + k * k / 4) / (1 + k);
            return new Interval(lowest + range * (middle - half), lowest + range * (middle + half));
        }
    },
    /// t on the scale of log odds.
    LOGIT("logit") {
        @Override
        Interval of(Moments m, double lowest, double highest) {
            double range = highest - lowest;
            double p = (m.mean - lowest) / range;
            double half = m.quantile() * m.error / (range * p * (1 - p));
            double odds = Math.log(p / (1 - p));
            return new Interval(
                    lowest + range / (1 + Math.exp(half - odds)), lowest + range / (1 + Math.exp(-half - odds)));
        }
    },
    /// N. J. Johnson's t corrected for skewness (JASA 73 (1978), 536-544), in the monotone form of P. Hall, *Journal of
    /// the Royal Statistical Society* B 54 (1992), 221-228.
    SKEWNESS("Johnson, Hall") {
        @Override
        Interval of(Moments m, double lowest, double highest) {
            return new Interval(
                    m.mean - m.error * m.unskewed(m.quantile()), m.mean - m.error * m.unskewed(-m.quantile()));
        }
    },
    /// Images drawn anew with replacement, studentised: A. C. Cameron, J. B. Gelbach and D. L. Miller, *Review of
    /// Economics and Statistics* 90 (2008), 414-427.
    BOOTSTRAP_T("cluster bootstrap-t") {
        @Override
        Interval of(Moments m, double lowest, double highest) {
            SplittableRandom random = new SplittableRandom(1);
            double[] ts = new double[399];
            for (int round = 0; round < ts.length; round++) {
                int[] picks = random.ints(m.draw.numbers().length, 0, m.draw.numbers().length).toArray();
                Moments again = new Moments(new SimulatedImages.Draw(
                        Arrays.stream(picks).map(pick -> m.draw.numbers()[pick]).toArray(),
                        Arrays.stream(picks).map(pick -> m.draw.sums()[pick]).toArray(), 0));
                // all drawn agree: as far off as can be
                ts[round] = again.error < 1e-12
                        ? Math.signum(again.mean - m.mean) * 1e9
                        : (again.mean - m.mean) / again.error;
            }
            Arrays.sort(ts);
            return new Interval(m.mean - m.error * ts[389], m.mean - m.error * ts[9]);
        }
    },
    /// What reports show.
    CHOSEN("chosen") {
        @Override
        Interval of(SimulatedImages.Draw draw, double lowest, double highest) {
            ClusteredMean.Estimate estimate = draw.mean().estimate(lowest, highest);
            return estimate.interval();
        }

        @Override
        Interval of(Moments moments, double lowest, double highest) {
            throw new UnsupportedOperationException();
        }
    };

    private final String title;

    IntervalMethod(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /// Where all images agree, none of the others says anything: then as before, what their number cannot rule out.
    Interval of(SimulatedImages.Draw draw, double lowest, double highest) {
        Moments moments = new Moments(draw);
        if (moments.error < 1e-12) {
            double share = Math.pow(0.025, 1.0 / draw.numbers().length);
            return new Interval(lowest + (moments.mean - lowest) * share, highest - (highest - moments.mean) * share);
        }
        Interval interval = of(moments, lowest, highest);
        return new Interval(Math.clamp(interval.low(), lowest, highest), Math.clamp(interval.high(), lowest, highest));
    }

    abstract Interval of(Moments moments, double lowest, double highest);

    static final class Moments {
        private static final double[] QUANTILES = new double[1000];

        private final SimulatedImages.Draw draw;
        private final int images;
        private final double mean;
        private final double error;

        Moments(SimulatedImages.Draw draw) {
            this.draw = draw;
            images = draw.numbers().length;
            long n = Arrays.stream(draw.numbers()).sum();
            mean = (double) Arrays.stream(draw.sums()).sum() / n;
            error = Math.sqrt(power(2) * images / (images - 1)) / n;
        }

        private double power(int exponent) {
            double sum = 0;
            for (int image = 0; image < images; image++) {
                double residual = draw.sums()[image] - mean * draw.numbers()[image];
                sum += exponent == 2 ? residual * residual : residual * residual * residual;
            }
            return sum;
        }

        double quantile() {
            if (QUANTILES[images] == 0) {
                QUANTILES[images] = TDistribution.of(images - 1).inverseSurvivalProbability(0.025);
            }
            return QUANTILES[images];
        }

        double unskewed(double t) {
            double skewness = power(3) / images / Math.pow(power(2) / images, 1.5);
            double root = Math.sqrt(images);
            return Math.abs(skewness) < 1e-9
                    ? t
                    : 3 * root / skewness * (Math.cbrt(1 + skewness * (t / root - skewness / (6.0 * images))) - 1);
        }
    }
}
