package io.turnstream.benchmark.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.turnstream.benchmark.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusteredMeanTest {

    private final ClusteredMean mean = new ClusteredMean();

    /// N = 8, R = 4/8.
    @Test
    void the_mean_is_a_ratio_of_sums() {
        mean.add("a", 2, 2, 2);
        mean.add("b", 2, 1, 1);
        mean.add("c", 4, 1, 1);
        ClusteredMean.Estimate estimate = mean.estimate(Metric.TF);
        assertThat(estimate.mean()).isEqualTo(0.5);
        assertThat(estimate.n()).isEqualTo(8);
        assertThat(estimate.clusters()).isEqualTo(3);
    }

    /// Of k right answers about n images, one each, the mean's distribution is Beta(a k + 1/2, a (n - k) + 1/2) with
    /// a = (n - 1) / (n + 1).
    @Test
    void one_answer_an_image_gives_the_interval_of_jeffreys_nearly() {
        for (int images : new int[] {3, 10, 40, 752}) {
            for (int right = 0; right <= images; right += Math.max(1, images / 9)) {
                Interval interval = accuracy(images, right, 1).interval();
                double shape = (images - 1.0) / (images + 1);
                BetaDistribution exact = BetaDistribution.of(shape * right + 0.5, shape * (images - right) + 0.5);
                double precision = 0.04 / images;
                assertThat(interval.low()).as("%d of %d", right, images)
                        .isCloseTo(exact.inverseCumulativeProbability(0.025), within(precision));
                assertThat(interval.high()).as("%d of %d", right, images)
                        .isCloseTo(exact.inverseCumulativeProbability(0.975), within(precision));
            }
        }
    }

    /// Two answers of 0 and two of 1, of four images and of two that agree within themselves.
    @Test
    void answers_about_the_same_image_count_for_less() {
        mean.add("a", 0);
        mean.add("a", 0);
        mean.add("b", 1);
        mean.add("b", 1);
        Interval two = mean.estimate(Metric.TF).interval();
        Interval four = accuracy(4, 2, 1).interval();
        assertThat(two.low()).isLessThan(four.low());
        assertThat(two.high()).isGreaterThan(four.high());
    }

    @Test
    void answers_repeated_for_every_image_change_nothing() {
        ClusteredMean often = new ClusteredMean();
        for (int image = 0; image < 20; image++) {
            mean.add("image-" + image, 2, image % 3, image % 3);
            often.add("image-" + image, 20, 10 * (image % 3), 10 * (image % 3));
        }
        assertThat(often.estimate(Metric.TF).interval().low())
                .isCloseTo(mean.estimate(Metric.TF).interval().low(), within(1e-9));
        assertThat(often.estimate(Metric.TF).interval().high())
                .isCloseTo(mean.estimate(Metric.TF).interval().high(), within(1e-9));
    }

    @Test
    void without_samples_there_is_no_estimate() {
        assertThat(mean.estimate(Metric.TF)).isNull();
        mean.add("a", 1);
        mean.remove("a", 1);
        assertThat(mean.estimate(Metric.TF)).isNull();
    }

    @Test
    void one_cluster_has_a_mean_and_no_interval() {
        mean.add("a", 5);
        mean.add("a", 2);
        assertThat(mean.estimate(Metric.HELPFULNESS)).isEqualTo(new ClusteredMean.Estimate(3.5, 2, 1, null));
    }

    /// From 87 of 100, where C. J. Clopper and E. S. Pearson, whose interval never holds the truth in less than 95 of
    /// 100 and often in more, have 83.2.
    @Test
    void twenty_images_at_the_top_are_not_proof_of_all() {
        for (int image = 0; image < 20; image++) {
            mean.add("image-" + image, 5);
        }
        double least = BetaDistribution.of(20 * 19 / 21.0 + 0.5, 0.5).inverseCumulativeProbability(0.025);
        Interval interval = mean.estimate(Metric.HELPFULNESS).interval();
        assertThat(interval.low()).isCloseTo(1 + 4 * least, within(0.01));
        assertThat(interval.low()).isCloseTo(1 + 4 * 0.870, within(0.002));
        assertThat(interval.high()).as("the mean itself, 5.00, is in it").isEqualTo(5);
        mean.add("image-20", 1);
        assertThat(mean.estimate(Metric.HELPFULNESS).interval().high()).isLessThan(5);
    }

    @Test
    void clusters_that_agree_in_the_middle_of_the_scale_have_an_interval_on_both_sides() {
        mean.add("a", 3, 1, 1);
        mean.add("b", 6, 2, 2);
        mean.add("c", 30, 10, 10);
        ClusteredMean.Estimate estimate = mean.estimate(Metric.TF);
        assertThat(estimate.mean()).isEqualTo(1 / 3.0);
        assertThat(estimate.interval().low()).isBetween(0.01, 0.2);
        assertThat(estimate.interval().high()).isBetween(0.5, 0.9);
    }

    /// Two images say next to nothing, either interval is 93 % of the scale. And a miss in 80 epochs of an image is no
    /// more than a rounding away from none.
    @ParameterizedTest
    @CsvSource({"170, 4, 3", "220, 3, 1", "250, 8, 7", "752, 4, 3", "5000, 4, 3"})
    void hundreds_of_images_that_all_say_the_same_within_the_scale_have_an_interval(int images, int samples,
            int right) {
        for (int image = 0; image < images; image++) {
            mean.add("image-" + image, samples, right, right);
        }

        Interval interval = mean.estimate(Metric.TF).interval();

        double figure = (double) right / samples;
        assertThat(interval.low()).isLessThan(figure).isGreaterThan(figure - 0.05);
        assertThat(interval.high()).isGreaterThan(figure).isLessThan(figure + 0.05);
    }

    @Test
    void a_perfect_cell_never_has_a_wider_interval_than_one_with_a_miss() {
        for (int images = 3; images <= 60; images++) {
            for (int samples : new int[] {1, 2, 3, 4, 8, 80}) {
                int all = images * samples;
                double rounding = samples == 80 ? 0.002 : 0;
                Interval perfect = accuracy(images, all, samples).interval();
                Interval missed = accuracy(images, all - 1, samples).interval();
                assertThat(perfect.low()).as("%d of %d against one less, %d images", all, all, images)
                        .isGreaterThan(missed.low() - rounding);
                assertThat(perfect.high() - perfect.low()).as("%d of %d against one less, %d images", all, all, images)
                        .isLessThanOrEqualTo(missed.high() - missed.low() + rounding);
            }
        }
    }

    @Test
    void intervals_rise_with_every_answer_stay_on_the_scale_and_hold_the_mean() {
        for (int images : new int[] {2, 3, 7, 40}) {
            Interval below = null;
            for (int right = 0; right <= 3 * images; right++) {
                ClusteredMean.Estimate estimate = accuracy(images, right, 3);
                Interval interval = estimate.interval();
                assertThat(interval.low()).as("%d of %d", right, 3 * images).isBetween(0.0, estimate.mean());
                assertThat(interval.high()).as("%d of %d", right, 3 * images).isBetween(estimate.mean(), 1.0);
                if (below != null) {
                    assertThat(interval.low()).isGreaterThan(below.low());
                    assertThat(interval.high()).isGreaterThan(below.high());
                }
                below = interval;
            }
        }
    }

    /// 18 of 20 images right, eight answers each: independent answers are 144 of 160, from 84 to 94 by Jeffreys.
    @Test
    void answers_that_differ_within_images_count_for_more_than_images() {
        ClusteredMean alike = new ClusteredMean();
        for (int image = 0; image < 20; image++) {
            int right = image < 18 ? 8 : 0;
            alike.add("image-" + image, 8, right, right);
        }
        Interval independent = accuracy(20, 144, 8).interval();
        Interval together = alike.estimate(Metric.TF).interval();
        assertThat(independent.low()).isBetween(0.80, 0.86);
        assertThat(together.low()).isBetween(0.65, 0.75);
    }

    @Test
    void more_images_make_the_interval_narrower() {
        double wider = 1;
        for (int images : new int[] {2, 5, 20, 100, 752, 10_000}) {
            Interval interval = accuracy(images, images / 2, 1).interval();
            assertThat(interval.high() - interval.low()).as("%d images", images).isLessThan(wider);
            wider = interval.high() - interval.low();
        }
        assertThat(wider).as("as many as make it normal").isCloseTo(2 * 1.96 * 0.5 / 100, within(1e-4));
    }

    @Test
    void samples_taken_back_leave_nothing_behind_and_order_does_not_matter() {
        Random random = new Random(7);
        List<long[]> samples = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            samples.add(new long[] {random.nextInt(40), 1 + random.nextInt(5)});
        }
        samples.forEach(sample -> mean.add("image-" + sample[0], sample[1]));
        ClusteredMean other = new ClusteredMean();
        other.remove("picture 3", 4);
        samples.reversed().forEach(sample -> other.add("picture " + sample[0], sample[1]));
        other.add("picture 3", 4);
        other.add("picture 99", 5);
        other.remove("picture 99", 5);
        assertThat(other.estimate(Metric.HELPFULNESS)).isEqualTo(mean.estimate(Metric.HELPFULNESS));
    }

    @Test
    void an_interval_goes_upwards() {
        assertThatThrownBy(() -> new Interval(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Interval(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    /// `right` answers spread over the images one by one, so that those of an image differ as little as can be.
    private static ClusteredMean.Estimate accuracy(int images, int right, int samples) {
        ClusteredMean accuracy = new ClusteredMean();
        for (int image = 0; image < images; image++) {
            int sum = right / images + (image < right % images ? 1 : 0);
            accuracy.add("image-" + image, samples, sum, sum);
        }
        return accuracy.estimate(Metric.TF);
    }
}
