package io.turnstream.contracts;

import org.jspecify.annotations.Nullable;

/// Money and tokens of calls. Money is a whole number of 1e-9 USD, so that sums do not depend on their order.
public final class Costs {

    /// 1e-9 USD in one USD.
    public static final long NANO_PER_USD = 1_000_000_000;

    private static final int PICO_PER_NANO = 1000;

    private Costs() {}

    /// What so many tokens cost, in 1e-9 USD, rounded up.
    ///
    /// @throws ArithmeticException beyond nine thousand million USD
    public static long nanoUsd(TokenPrice price, long inputTokens, long outputTokens) {
        return Math.ceilDiv(Math.addExact(Math.multiplyExact(inputTokens, price.getInputPicoUsd()),
                Math.multiplyExact(outputTokens, price.getOutputPicoUsd())), PICO_PER_NANO);
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
        return new Usage(one.getInputTokens() + sign * other.getInputTokens(), one.getOutputTokens() + sign * other.getOutputTokens(),
                one.getReasoningTokens() + sign * other.getReasoningTokens());
    }
}
