package io.turnstream.loader.reading;

import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;

/// How long parsers are fed with broken input: a few seconds in every build, longer with `-Dturnstream.fuzz.seconds=600`.
public final class FuzzTime {

    private static final int SECONDS = 2;

    private FuzzTime() {}

    /// Tries one seed after the other until the time is over. A seed that fails is named, so that it can be tried again.
    public static void spend(Consumer<Random> attempt) {
        long end = System.nanoTime() + Duration.ofSeconds(Integer.getInteger("turnstream.fuzz.seconds", SECONDS)).toNanos();
        for (long seed = Long.getLong("turnstream.fuzz.seed", 0); System.nanoTime() < end; seed++) {
            try {
                attempt.accept(new Random(seed));
            } catch (Exception | AssertionError | StackOverflowError e) {
                throw new AssertionError("seed " + seed + " (-Dturnstream.fuzz.seed=" + seed + ")", e);
            }
        }
    }

    /// Some bytes of a good input changed, taken out, doubled or exchanged for others that parsers stumble over.
    public static byte[] broken(byte[] good, Random random) {
        byte[] bytes = good.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 4));
            bytes = switch (random.nextInt(5)) {
                case 0 -> spliced(bytes, at, length, new byte[0]);
                case 1 -> spliced(bytes, at, 0, java.util.Arrays.copyOfRange(bytes, at, at + length));
                case 2 -> spliced(bytes, at, length, noise(length, random));
                case 3 -> spliced(bytes, at, 1, DIFFICULT[random.nextInt(DIFFICULT.length)].getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
                default -> spliced(bytes, at, 1, new byte[] {(byte) (bytes[at] ^ 1 << random.nextInt(8))});
            };
        }
        return bytes;
    }

    private static final String[] DIFFICULT = {
        "{", "}", "[", "]", "\"", "\\", ",", ":", "\n", "\r", "\0", "\u00EF\u00BB\u00BF", "\u00ED\u00A0\u00BD", "\\ud83d", "NaN", "-0", "1e999", "null",
        "{\"a\":".repeat(3000), "[".repeat(3000), "9".repeat(2000), "\u00FF\u00FF\u00FF\u00FF", "\u0080", "#", "=", "'"
    };

    private static byte[] noise(int length, Random random) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] spliced(byte[] bytes, int at, int length, byte[] with) {
        return java.nio.ByteBuffer.allocate(bytes.length - length + with.length).put(bytes, 0, at).put(with)
                .put(bytes, at + length, bytes.length - at - length).array();
    }
}
