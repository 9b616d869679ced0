package io.turnstream.benchmark.statistics;

import org.jspecify.annotations.Nullable;

/// How far two judges agree on the same dialogues, each scored 1 to 5 by both.
///
/// Kappa is Cohen's with quadratic weights: with w(i, j) = (i - j)²,
///
/// κ = 1 - Σ w(i, j) O(i, j) / Σ w(i, j) E(i, j)
///
/// where O(i, j) is the share of dialogues that the one scored i and the other j, and E(i, j) what that share would be
/// if the two scored independently, each as often as it did. 1 is full agreement, 0 what chance gives. See J. Cohen,
/// *Weighted kappa*, Psychological Bulletin 70 (1968), 213-220.
///
/// Not safe for use by several threads.
public final class ScoreAgreement {

    private static final int LOWEST = 1;
    private static final int HIGHEST = 5;

    private final long[][] counts = new long[HIGHEST + 1][HIGHEST + 1];
    private long n;

    /// Adds one dialogue.
    ///
    /// @throws IllegalArgumentException if a score is not on the scale
    public void add(int one, int other) {
        requireScore(one);
        requireScore(other);
        counts[one][other]++;
        n++;
    }

    private static void requireScore(int score) {
        if (score < LOWEST || score > HIGHEST) {
            throw new IllegalArgumentException("A score from 1 to 5 is needed, not " + score);
        }
    }

    /// How many dialogues both scored.
    public long n() {
        return n;
    }

    /// How many of them have the one score here and the other there.
    public long count(int one, int other) {
        return counts[one][other];
    }

    /// The share with the same score; null without dialogues.
    public @Nullable Double exact() {
        return share(0);
    }

    /// The share with scores at most one point apart; null without dialogues.
    public @Nullable Double withinOne() {
        return share(1);
    }

    private @Nullable Double share(int apart) {
        long near = 0;
        for (int i = LOWEST; i <= HIGHEST; i++) {
            for (int j = LOWEST; j <= HIGHEST; j++) {
                near += Math.abs(i - j) <= apart ? counts[i][j] : 0;
            }
        }
        return n == 0 ? null : (Double) ((double) near / n);
    }

    /// Quadratic-weighted kappa; null without dialogues, and where both gave one and the same score throughout, so that
    /// chance alone would agree as fully.
    public @Nullable Double kappa() {
        long[] ones = new long[HIGHEST + 1];
        long[] others = new long[HIGHEST + 1];
        long observed = 0;
        for (int i = LOWEST; i <= HIGHEST; i++) {
            for (int j = LOWEST; j <= HIGHEST; j++) {
                ones[i] += counts[i][j];
                others[j] += counts[i][j];
                observed += (long) (i - j) * (i - j) * counts[i][j];
            }
        }
        long expected = 0;
        for (int i = LOWEST; i <= HIGHEST; i++) {
            for (int j = LOWEST; j <= HIGHEST; j++) {
                expected += (long) (i - j) * (i - j) * ones[i] * others[j];
            }
        }
        return expected == 0 ? null : (Double) (1 - (double) observed * n / expected);
    }
}
