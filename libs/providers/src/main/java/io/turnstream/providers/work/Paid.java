package io.turnstream.providers.work;

import io.turnstream.contracts.Usage;
import io.turnstream.events.Costs;
import org.jspecify.annotations.Nullable;

/// What calls have taken that were answered.
///
/// @param usage tokens, as the provider counted them; null where it counted none
/// @param costNanoUsd money in 1e-9 USD; null where the price is not known
public record Paid(@Nullable Usage usage, @Nullable Long costNanoUsd) {

    /// Nothing.
    public static final Paid NOTHING = new Paid(null, null);

    /// Both together. Money is unknown where one of the two cost an unknown amount.
    public Paid plus(Paid other) {
        if (usage == null) {
            return other;
        }
        return other.usage == null
                ? this
                : new Paid(Costs.plus(usage, other.usage),
                        costNanoUsd == null || other.costNanoUsd == null
                                ? null
                                : (Long) Costs.plus(costNanoUsd, other.costNanoUsd));
    }

    /// Whether nothing was answered.
    public boolean isNothing() {
        return usage == null;
    }
}
