package io.turnstream.console;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What somebody says about money.
///
/// @param prices what tokens of models cost, by `provider/name`, where the platform's price file says something else or
///         nothing; null for none
/// @param costLimitUsd most USD for each run's calls to its model; null for no limit
/// @param judgeCostLimitUsd most USD for calls to the judge, of each run; null for no limit
public record CostTerms(
        @Nullable Map<String, UsdPerMillion> prices, @Nullable BigDecimal costLimitUsd,
        @Nullable BigDecimal judgeCostLimitUsd) {

    /// Nothing is said.
    public static final CostTerms NONE = new CostTerms(null, null, null);

    public CostTerms {
        prices = prices == null ? null : new TreeMap<>(prices);
    }

    /// USD for a million tokens.
    ///
    /// @param input of prompts
    /// @param output of completions
    public record UsdPerMillion(BigDecimal input, BigDecimal output) {}

    /// Whether it limits anything.
    public boolean hasLimit() {
        return costLimitUsd != null || judgeCostLimitUsd != null;
    }
}
