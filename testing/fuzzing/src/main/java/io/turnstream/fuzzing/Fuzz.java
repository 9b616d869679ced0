package io.turnstream.fuzzing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Feeds a reader with one broken input after the other, each made from a seed of its own and read within bounds. A
/// failure names the seed and the input.
///
/// For how many seconds of CPU: `-Dturnstream.fuzz.seconds`, fractions too; beginning with which seed:
/// `-Dturnstream.fuzz.seed`.
public final class Fuzz {

    private static final String SECONDS = "turnstream.fuzz.seconds";
    private static final String SEED = "turnstream.fuzz.seed";
    private static final RandomGeneratorFactory<RandomGenerator> RANDOM = RandomGeneratorFactory.of("L64X128MixRandom");
    private static final int SHOWN = 300;

    private Fuzz() {}

    /// Reads until the time is over, and at least once.
    ///
    /// @param usually seconds, where no property says more or less
    /// @param made makes an input; what that takes counts for nothing but the time to spend
    /// @param reader whatever it throws fails
    public static <T> void read(double usually, Bounds bounds, Function<RandomGenerator, T> made, Consumer<T> reader) {
        long nanos = (long) (1e9 * seconds(System.getProperty(SECONDS, String.valueOf(usually))));
        long began = Bounds.cpuNanos();
        long seed = seed(System.getProperty(SEED, "20261128"));
        do {
            T input = made.apply(RANDOM.create(seed));
            try {
                bounds.hold(() -> reader.accept(input));
            } catch (AssertionError e) {
                throw new AssertionError("seed %d (begin with it: -D%s=%d): %s%nread was %s".formatted(seed, SEED, seed,
                        e.getMessage(), shown(input)), e);
            }
            seed++;
        } while (Bounds.cpuNanos() - began < nanos);
    }

    static double seconds(String text) {
        try {
            double seconds = Double.parseDouble(text);
            // a day at most, and no NaN
            if (seconds > 0 && seconds <= Duration.ofDays(1).toSeconds()) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException(
                "-D" + SECONDS + "=" + text + ": expected seconds, at most a day of them, such as 0.5 or 60");
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "-D" + SEED + "=" + text + ": expected the whole number that a failure named", e);
        }
    }

    /// The beginning of an input, in printable characters.
    private static String shown(Object input) {
        String text = input instanceof byte[] bytes
                ? bytes.length + " bytes: " + new String(bytes, StandardCharsets.ISO_8859_1)
                : input.toString();
        StringBuilder shown = new StringBuilder();
        text.chars().limit(SHOWN)
                .forEach(c -> shown.append(c >= ' ' && c < 0x7F ? String.valueOf((char) c) : "\\u%04x".formatted(c)));
        return shown.append(text.length() > SHOWN ? " ..." : "").toString();
    }
}
