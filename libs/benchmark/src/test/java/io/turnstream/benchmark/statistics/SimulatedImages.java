package io.turnstream.benchmark.statistics;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Images drawn from a population whose mean is known.
///
/// Samples of an image resemble each other as A. D. Lunn and S. J. Davies have it (*A note on generating correlated
/// binary variables*, Biometrika 85 (1998), 487-490): each image has a value of its own, which a sample repeats with
/// chance √ρ and otherwise draws anew. Every sample then has the population's distribution, and two of one image
/// correlate by ρ.
///
/// @param name what the population stands for
/// @param shares the share of each value, from the lowest on
/// @param lowest the lowest value
/// @param images how many images are drawn
/// @param fewest how many samples an image has at least
/// @param most how many it has at most; all numbers between are as likely
/// @param correlation ρ, of two samples of one image
record SimulatedImages(
        String name, double[] shares, int lowest, int images, int fewest, int most, double correlation) {

    private static final String[] NAMES = IntStream.range(0, 1000).mapToObj(image -> "image-" + image)
            .toArray(String[]::new);

    /// @param numbers of samples, by image
    /// @param sums of their values, by image
    /// @param squares of all values, summed up
    record Draw(int[] numbers, int[] sums, long squares) {
        ClusteredMean mean() {
            ClusteredMean mean = new ClusteredMean();
            for (int image = 0; image < numbers.length; image++) {
                mean.add(NAMES[image], numbers[image], sums[image], image == 0 ? squares : 0);
            }
            return mean;
        }
    }

    double mean() {
        double mean = 0;
        for (int i = 0; i < shares.length; i++) {
            mean += shares[i] * (lowest + i);
        }
        return mean;
    }

    int highest() {
        return lowest + shares.length - 1;
    }

    Draw draw(SplittableRandom random) {
        int[] numbers = new int[images];
        int[] sums = new int[images];
        long squares = 0;
        double repeats = Math.sqrt(correlation);
        for (int image = 0; image < images; image++) {
            numbers[image] = fewest + random.nextInt(most - fewest + 1);
            int own = value(random);
            for (int sample = 0; sample < numbers[image]; sample++) {
                int value = random.nextDouble() < repeats ? own : value(random);
                sums[image] += value;
                squares += value * value;
            }
        }
        return new Draw(numbers, sums, squares);
    }

    private int value(SplittableRandom random) {
        double left = random.nextDouble();
        int i = 0;
        while (i < shares.length - 1 && left >= shares[i]) {
            left -= shares[i];
            i++;
        }
        return lowest + i;
    }
}
