package io.turnstream.simulator;

import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/// A running 64-bit hash (FNV-1a over characters, mixed at the end): good enough to tell requests apart, too weak for
/// anything that somebody might want to forge.
final class Fingerprint {

    private static final long PRIME = 0x100000001B3L;

    private long hash = 0xCBF29CE484222325L;

    Fingerprint add(CharSequence text) {
        long h = hash;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * PRIME;
        }
        hash = (h ^ 0x1F0000L ^ text.length()) * PRIME;
        return this;
    }

    Fingerprint add(long number) {
        hash = Chance.mix(hash ^ number);
        return this;
    }

    long value() {
        return Chance.mix(hash);
    }

    /// Two different CRCs side by side: both run in hardware, which makes the hash of a 300 KB image cost microseconds.
    static long ofBytes(byte[] bytes, int from, int to) {
        CRC32 crc32 = new CRC32();
        crc32.update(bytes, from, to - from);
        CRC32C crc32c = new CRC32C();
        crc32c.update(bytes, from, to - from);
        return crc32.getValue() << 32 | crc32c.getValue();
    }
}
