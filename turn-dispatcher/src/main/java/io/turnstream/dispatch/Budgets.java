package io.turnstream.dispatch;

import io.turnstream.contracts.state.Budget;
import io.turnstream.events.Costs;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// The arithmetic of a cost limit. Pure.
///
/// Before calls may begin, what they can cost at most is set aside; when they have ended, that is given back and what
/// they did cost is counted as spent. As long as nothing costs more than was set aside for it, spent and set aside
/// together never exceed the limit, whatever the order in which calls begin and end. A dialogue that costs more after
/// all raises every later estimate in the same proportion.
final class Budgets {

    private static final int WHOLE = 1000;

    private Budgets() {}

    /// Nothing set aside yet.
    ///
    /// @param limitNanoUsd null for no limit
    static Budget of(@Nullable Long limitNanoUsd) {
        return new Budget(limitNanoUsd, 0L, (long) WHOLE);
    }

    /// The same with another limit; null leaves it as it is.
    static Budget limited(Budget budget, @Nullable Long limitNanoUsd) {
        return limitNanoUsd == null
                ? budget
                : new Budget(limitNanoUsd, budget.getReservedNanoUsd(), budget.getOverrunPermille());
    }

    /// What is to be set aside for calls that may cost so much.
    ///
    /// @param worstNanoUsd null where it is not known
    static long estimate(Budget budget, @Nullable Long worstNanoUsd) {
        return worstNanoUsd == null ? 0 : Math.ceilDiv(Costs.times(worstNanoUsd, budget.getOverrunPermille()), WHOLE);
    }

    /// Whether calls that may cost so much may begin.
    static boolean hasRoomFor(Budget budget, long spentNanoUsd, @Nullable Long worstNanoUsd) {
        Long limit = budget.getLimitNanoUsd();
        return limit == null
                || worstNanoUsd != null && Costs.plus(Costs.plus(spentNanoUsd, budget.getReservedNanoUsd()),
                        estimate(budget, worstNanoUsd)) <= limit;
    }

    /// Sets money aside.
    static Budget reserved(Budget budget, long nanoUsd) {
        return new Budget(budget.getLimitNanoUsd(), Costs.plus(budget.getReservedNanoUsd(), nanoUsd),
                budget.getOverrunPermille());
    }

    /// Gives back what was set aside for calls that have ended.
    ///
    /// @param reservedNanoUsd what was set aside for them
    /// @param costNanoUsd what they cost
    static Budget settled(Budget budget, long reservedNanoUsd, long costNanoUsd) {
        long overrun = reservedNanoUsd == 0 || costNanoUsd <= reservedNanoUsd
                ? budget.getOverrunPermille()
                : Math.max(budget.getOverrunPermille(),
                        Math.ceilDiv(Costs.times(costNanoUsd, budget.getOverrunPermille()), reservedNanoUsd));
        return new Budget(budget.getLimitNanoUsd(), budget.getReservedNanoUsd() - reservedNanoUsd, overrun);
    }

    /// Why nothing more may begin, for people.
    ///
    /// @param flag the flag that raises the limit
    static String exhausted(Budget budget, long spentNanoUsd, @Nullable Long worstNanoUsd, String flag) {
        Long limit = budget.getLimitNanoUsd();
        String next = worstNanoUsd == null
                ? "what the next dialogue may cost is not known, since its model has no price or no token limit"
                : "the next dialogue may cost up to " + usd(estimate(budget, worstNanoUsd));
        return "the cost limit of " + usd(limit == null ? 0 : limit) + " is reached: " + usd(spentNanoUsd)
                + " is spent, and " + next
                + ". Raise " + flag;
    }

    /// To four significant digits, and cents at least.
    private static String usd(long nanoUsd) {
        BigDecimal usd = BigDecimal.valueOf(nanoUsd, 9);
        int places = nanoUsd == 0 || nanoUsd >= Costs.NANO_PER_USD ? 2 : Math.min(9, usd.scale() - usd.precision() + 4);
        BigDecimal rounded = usd.setScale(Math.max(2, places), RoundingMode.HALF_UP).stripTrailingZeros();
        return '$' + rounded.setScale(Math.max(2, rounded.scale())).toPlainString();
    }
}
