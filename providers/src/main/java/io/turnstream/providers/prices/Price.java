package io.turnstream.providers.prices;

import io.turnstream.providers.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// What a model's tokens cost.
///
/// @param inputPicoUsd  1e-12 USD for one prompt token: 2.50 USD for a million are 2,500,000
/// @param outputPicoUsd 1e-12 USD for one completion token
record Price(long inputPicoUsd, long outputPicoUsd) {

    private static final long DEAREST_USD_PER_MILLION = 100_000;
    private static final int PICO_PER_NANO = 1000;

    /// @param input  USD for a million prompt tokens, with at most six decimals
    /// @param output USD for a million completion tokens
    static Price ofUsdPerMillion(BigDecimal input, BigDecimal output) {
        return new Price(pico(input), pico(output));
    }

    private static long pico(BigDecimal usdPerMillion) {
        if (usdPerMillion.signum() < 0 || usdPerMillion.compareTo(BigDecimal.valueOf(DEAREST_USD_PER_MILLION)) > 0) {
            throw new IllegalArgumentException(
                usdPerMillion.toPlainString() + " is no price: expected 0 to " + DEAREST_USD_PER_MILLION + " USD per million");
        }
        return usdPerMillion.movePointRight(6).setScale(0, RoundingMode.CEILING).longValueExact();
    }

    /// 1e-9 USD, rounded up.
    long nanoUsd(Usage usage) {
        return Math.ceilDiv(Math.addExact(Math.multiplyExact(usage.inputTokens(), inputPicoUsd),
            Math.multiplyExact(usage.outputTokens(), outputPicoUsd)), PICO_PER_NANO);
    }
}
