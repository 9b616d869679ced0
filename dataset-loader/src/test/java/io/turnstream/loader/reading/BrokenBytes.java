package io.turnstream.loader.reading;

import java.util.random.RandomGenerator;

/// Good inputs, broken in a few places.
public final class BrokenBytes {

    private BrokenBytes() {}

    /// Some bytes of a good input changed, taken out, doubled or exchanged for others that parsers stumble over.
    public static byte[] of(byte[] good, RandomGenerator random) {
        byte[] bytes = good.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 4));
            bytes = switch (random.nextInt(5)) {
                case 0 -> spliced(bytes, at, length, new byte[0]);
                case 1 -> spliced(bytes, at, 0, java.util.Arrays.copyOfRange(bytes, at, at + length));
                case 2 -> spliced(bytes, at, length, noise(length, random));
                case 3 -> spliced(bytes, at, 1, DIFFICULT[random.nextInt(DIFFICULT.length)]
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
                default -> spliced(bytes, at, 1, new byte[] {(byte) (bytes[at] ^ 1 << random.nextInt(8))});
            };
        }
        return bytes;
    }

    private static final String[] DIFFICULT = {
            "{", "}", "[", "]", "\"", "\\", ",", ":", "\n", "\r", "\0", "\u00EF\u00BB\u00BF", "\u00ED\u00A0\u00BD",
            "\\ud83d", "NaN", "-0", "1e999", "null",
            "{\"a\":".repeat(3000), "[".repeat(3000), "9".repeat(2000), "\u00FF\u00FF\u00FF\u00FF", "\u0080", "#", "=",
            "'"
    };

    private static byte[] noise(int length, RandomGenerator random) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] spliced(byte[] bytes, int at, int length, byte[] with) {
        return java.nio.ByteBuffer.allocate(bytes.length - length + with.length).put(bytes, 0, at).put(with)
                .put(bytes, at + length, bytes.length - at - length).array();
    }
}
