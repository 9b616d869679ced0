package io.turnstream.simulator;

import java.util.List;

/// Reproducible chance: every draw is a function of a 64-bit state and the name of the draw, so that the same request
/// meets the same luck in every process, and one more draw somewhere does not shift the others.
record Chance(long state) {

    static Chance of(long seed, long request) {
        return new Chance(mix(mix(seed) ^ request));
    }

    /// The same chance seen for the `n`-th time.
    Chance at(long n) {
        return new Chance(mix(state + 0x9E3779B97F4A7C15L * (n + 1)));
    }

    /// A draw from 0 (inclusive) to 1 (exclusive).
    double draw(String name) {
        return (bits(name) >>> 11) * 0x1.0p-53;
    }

    boolean hits(String name, double probability) {
        return draw(name) < probability;
    }

    int below(String name, int bound) {
        return (int) (draw(name) * bound);
    }

    <T> T pick(String name, List<T> from) {
        return from.get(below(name, from.size()));
    }

    private long bits(String name) {
        return mix(state ^ (name.hashCode() * 0x9E3779B97F4A7C15L));
    }

    /// The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): every input bit reaches every output bit.
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
