package io.turnstream.benchmark.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.GammaDistribution;
import org.junit.jupiter.api.Test;

class DirichletMeanTest {

    /// Draws the weights that the saddle point stands for: 2.5 of 100 means are below the interval and as many above.
    @Test
    void weights_drawn_at_random_find_the_same_interval() {
        List<long[]> images = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(3);
        for (int image = 0; image < 12; image++) {
            int samples = 1 + random.nextInt(4);
            images.add(new long[] {samples, samples * random.nextInt(2, 6)});
        }
        // all samples of an image are alike, so that half images are whole halves
        long squares = images.stream().mapToLong(image -> image[1] * image[1] / image[0]).sum();
        Interval interval = new DirichletMean(images, squares, 1, 5).interval();
        double size = images.stream().mapToLong(image -> image[0]).sum() / 12.0;
        ContinuousDistribution.Sampler whole = GammaDistribution.of(11 / 13.0, 1).createSampler(random::nextLong);
        ContinuousDistribution.Sampler half = GammaDistribution.of(0.5, 1).createSampler(random::nextLong);
        int below = 0;
        int above = 0;
        for (int draw = 0; draw < 100_000; draw++) {
            double bottom = size * half.sample();
            double top = size * half.sample();
            double numbers = bottom + top;
            double sums = bottom + 5 * top;
            for (long[] image : images) {
                double weight = whole.sample();
                numbers += weight * image[0];
                sums += weight * image[1];
            }
            below += sums / numbers < interval.low() ? 1 : 0;
            above += sums / numbers > interval.high() ? 1 : 0;
        }
        // 100,000 draws scatter by 0.05 of 100
        assertThat(below / 1000.0).isCloseTo(2.5, within(0.2));
        assertThat(above / 1000.0).isCloseTo(2.5, within(0.2));
    }

    @Test
    void the_chance_of_both_sides_is_0_05_at_the_ends_of_the_interval_and_near_1_at_its_centre() {
        List<long[]> images = List.of(new long[] {2, 2}, new long[] {2, 1}, new long[] {2, 0}, new long[] {4, 3});
        DirichletMean mean = new DirichletMean(images, images.stream().mapToLong(image -> image[1]).sum(), 0, 1);
        Interval interval = mean.interval();

        assertThat(mean.twoSided(interval.low())).isCloseTo(0.05, within(1e-9));
        assertThat(mean.twoSided(interval.high())).isCloseTo(0.05, within(1e-9));
        assertThat(mean.twoSided(0)).isZero();
        double most = 0;
        double before = mean.twoSided(0.3);
        for (double at = 0.3; at < 0.9; at += 0.00037) {
            double chance = mean.twoSided(at);
            assertThat(chance).as("at %f: no jump where root and saddle point vanish", at)
                    .isCloseTo(before, within(0.01));
            most = Math.max(most, chance);
            before = chance;
        }
        assertThat(most).isBetween(0.99, 1.0);
    }

    @Test
    void images_of_the_same_kind_are_worked_out_once() {
        List<long[]> images = new ArrayList<>();
        for (int image = 0; image < 100_000; image++) {
            images.add(new long[] {2, image % 3});
        }
        DirichletMean mean = new DirichletMean(images, images.stream().mapToLong(image -> image[1]).sum(), 0, 1);

        assertThat(mean.kinds()).as("three kinds, and the two ends").isEqualTo(5);
        assertThat(mean.interval().high() - mean.interval().low())
                .isCloseTo(2 * 1.96 * Math.sqrt(1 / 6.0 / 1e5), within(1e-5));
    }
}
