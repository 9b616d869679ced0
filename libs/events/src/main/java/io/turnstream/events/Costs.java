package io.turnstream.events;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.TokenPrice;
import io.turnstream.contracts.Usage;
import org.jspecify.annotations.Nullable;

/// Money and tokens of calls. Money is a whole number of 1e-9 USD, so that sums do not depend on their order.
public final class Costs {

    /// 1e-9 USD in one USD.
    public static final long NANO_PER_USD = 1_000_000_000;

    private static final int PICO_PER_NANO = 1000;

    private Costs() {}

    /// Most money for one call, in 1e-9 USD: a million USD. More is not believed, and nine thousand such calls can be
    /// added up.
    public static final long MOST_NANO_USD = 1_000_000 * NANO_PER_USD;

    /// What so many tokens cost, in 1e-9 USD, rounded up; [#MOST_NANO_USD] at most.
    public static long nanoUsd(TokenPrice price, long inputTokens, long outputTokens) {
        long pico = plus(times(inputTokens, price.getInputPicoUsd()), times(outputTokens, price.getOutputPicoUsd()));
        return Math.min(Math.ceilDiv(pico, PICO_PER_NANO), MOST_NANO_USD);
    }

    /// Whether an answer was paid at a price that nobody knows: its tokens have none, or it was too long to be read to
    /// the end, where their count stands.
    public static boolean isUnpriced(Answer answer) {
        return answer.getCostNanoUsd() == null
                && (answer.getUsage() != null
                        || answer.getAttempts().stream().anyMatch(attempt -> attempt.getCause().equals("oversized")));
    }

    /// The sum of two amounts of money or of tokens, of which one may be taken away. It stays at [Long#MAX_VALUE]
    /// rather than turn negative, so that no count of a provider's lets a run escape its limit; from then on it is no
    /// longer exact.
    public static long plus(long one, long other) {
        long sum = one + other;
        return one > 0 && other > 0 && sum < 0 ? Long.MAX_VALUE : sum;
    }

    /// The product of two amounts that are not negative, [Long#MAX_VALUE] at most.
    public static long times(long one, long other) {
        return Math.multiplyHigh(one, other) == 0 && one * other >= 0 ? one * other : Long.MAX_VALUE;
    }

    /// The tokens of two calls together; null where neither counted any.
    public static @Nullable Usage plus(@Nullable Usage one, @Nullable Usage other) {
        return one == null ? other : other == null ? one : sum(one, other, 1);
    }

    /// The tokens of all calls without those of some of them.
    public static @Nullable Usage minus(@Nullable Usage all, @Nullable Usage some) {
        return all == null || some == null ? all : sum(all, some, -1);
    }

    private static Usage sum(Usage one, Usage other, int sign) {
        return new Usage(plus(one.getInputTokens(), sign * other.getInputTokens()),
                plus(one.getOutputTokens(), sign * other.getOutputTokens()),
                plus(one.getReasoningTokens(), sign * other.getReasoningTokens()));
    }
}
