package io.turnstream.protocol.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.turnstream.protocol.Metric;

class ClusteredMeanTest {

    /// t(0.975) for 1, 2 and 3 degrees of freedom, from printed tables.
    private static final double T1 = 12.706205;
    private static final double T2 = 4.302653;
    private static final double T3 = 3.182446;

    private final ClusteredMean mean = new ClusteredMean();

    /// Clusters (n, sum): (2, 2), (2, 1), (4, 1). N = 8, R = 4/8 = 0.5. Residuals y - R n: 1, 0, -1; their squares add up to 2.
    /// Var = 3/2 * 2 / 64 = 3/64, so the standard error is √3/8 = 0.2165064, and half the interval 4.302653 * 0.2165064 = 0.9315517.
    @Test
    void unequalClustersMakeARatioOfSums() {
        mean.add("a", 2, 2);
        mean.add("b", 2, 1);
        mean.add("c", 4, 1);
        ClusteredMean.Estimate estimate = mean.estimate(-10, 10);
        assertThat(estimate.mean()).isEqualTo(0.5);
        assertThat(estimate.n()).isEqualTo(8);
        assertThat(estimate.clusters()).isEqualTo(3);
        assertThat(estimate.standardError()).isCloseTo(Math.sqrt(3) / 8, within(1e-12));
        assertThat(estimate.interval().low()).isCloseTo(0.5 - T2 * Math.sqrt(3) / 8, within(1e-6));
        assertThat(estimate.interval().high()).isCloseTo(0.5 + T2 * Math.sqrt(3) / 8, within(1e-6));
    }

    /// 3, 3, 4, 4, one a cluster: mean 3.5, s² = 1/3, standard error √(1/12), half the interval 3.182446 * 0.2886751 = 0.9186930.
    @Test
    void clustersOfOneGiveTheOrdinaryInterval() {
        mean.add("a", 3);
        mean.add("b", 3);
        mean.add("c", 4);
        mean.add("d", 4);
        ClusteredMean.Estimate estimate = mean.estimate(Metric.HELPFULNESS);
        assertThat(estimate.mean()).isEqualTo(3.5);
        assertThat(estimate.interval().low()).isCloseTo(3.5 - T3 * Math.sqrt(1 / 12.0), within(1e-6)).isCloseTo(2.581307, within(1e-5));
        assertThat(estimate.interval().high()).isCloseTo(4.418693, within(1e-5));
    }

    /// Two answers of 0 and two of 1. As four independent samples s² = 1/3 and the standard error is 0.2887; as two images that agree within themselves
    /// residuals are -1 and 1, Var = 2 * 2 / 16 = 1/4 and the standard error is 0.5.
    @Test
    void answersAboutTheSameImageCountForLess() {
        mean.add("a", 0);
        mean.add("a", 0);
        mean.add("b", 1);
        mean.add("b", 1);
        assertThat(mean.estimate(Metric.TF).standardError()).isEqualTo(0.5);
        assertThat(mean.estimate(-100, 100).interval().high()).isCloseTo(0.5 + T1 * 0.5, within(1e-5));
    }

    @Test
    void theIntervalStaysOnTheScale() {
        mean.add("a", 2, 2);
        mean.add("b", 2, 1);
        mean.add("c", 4, 1);
        assertThat(mean.estimate(Metric.MCQ_SAFE).interval()).isEqualTo(new Interval(0, 1));
    }

    @Test
    void withoutSamplesThereIsNoEstimate() {
        assertThat(mean.estimate(Metric.TF)).isNull();
        mean.add("a", 1);
        mean.remove("a", 1);
        assertThat(mean.estimate(Metric.TF)).isNull();
    }

    @Test
    void oneClusterHasAMeanAndNoInterval() {
        mean.add("a", 5);
        mean.add("a", 2);
        assertThat(mean.estimate(Metric.HELPFULNESS)).isEqualTo(new ClusteredMean.Estimate(3.5, 2, 1, null, null));
    }

    /// Three images that agree on 1/3: q = 0.025^(1/3) = 0.2924018, so from q/3 = 0.0974673 to 1 - 2 q/3 = 0.8050655.
    @Test
    void clustersThatAgreeLeaveWhatTheirNumberCannotRuleOut() {
        mean.add("a", 3, 1);
        mean.add("b", 6, 2);
        mean.add("c", 30, 10);
        ClusteredMean.Estimate estimate = mean.estimate(Metric.TF);
        assertThat(estimate.mean()).isEqualTo(1 / 3.0);
        assertThat(estimate.standardError()).isZero();
        assertThat(estimate.interval().low()).isCloseTo(0.0974673, within(1e-6));
        assertThat(estimate.interval().high()).isCloseTo(0.8050655, within(1e-6));
    }

    /// 20 of 20 by Clopper and Pearson: from 0.8316 to 1; on the scale from 1 to 5 that is 1 + 4 * 0.8316 = 4.3263.
    @Test
    void twentyImagesAtTheTopAreNotProofOfAll() {
        for (int image = 0; image < 20; image++) {
            mean.add("image-" + image, 5);
        }
        Interval interval = mean.estimate(Metric.HELPFULNESS).interval();
        assertThat(interval.low()).isCloseTo(1 + 4 * 0.8315665, within(1e-5));
        assertThat(interval.high()).isEqualTo(5);
    }

    @Test
    void samplesTakenBackLeaveNothingBehindAndOrderDoesNotMatter() {
        Random random = new Random(7);
        List<long[]> samples = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            samples.add(new long[] {random.nextInt(40), 1 + random.nextInt(5)});
        }
        samples.forEach(sample -> mean.add("image-" + sample[0], sample[1]));
        ClusteredMean other = new ClusteredMean();
        other.remove("image-3", 4);
        samples.reversed().forEach(sample -> other.add("image-" + sample[0], sample[1]));
        other.add("image-3", 4);
        other.add("image-99", 5);
        other.remove("image-99", 5);
        assertThat(other.estimate(Metric.HELPFULNESS)).isEqualTo(mean.estimate(Metric.HELPFULNESS));
    }

    /// In 1,000 draws of 30 images with an image effect, the interval should hold the true mean about 950 times; taking the answers for
    /// independent would miss it far more often.
    @Test
    void ninetyFiveOfAHundredIntervalsHoldTheTruth() {
        Random random = new Random(11);
        int held = 0;
        for (int draw = 0; draw < 1000; draw++) {
            ClusteredMean drawn = new ClusteredMean();
            for (int image = 0; image < 30; image++) {
                double chance = random.nextBoolean() ? 0.8 : 0.4;
                for (int i = 0; i < 6; i++) {
                    drawn.add("image-" + image, random.nextDouble() < chance ? 1 : 0);
                }
            }
            Interval interval = drawn.estimate(Metric.TF).interval();
            if (interval.low() <= 0.6 && 0.6 <= interval.high()) {
                held++;
            }
        }
        assertThat(held).isBetween(925, 975);
    }

    @Test
    void anIntervalGoesUpwards() {
        assertThatThrownBy(() -> new Interval(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Interval(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
