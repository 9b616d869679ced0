package io.turnstream.console;

import io.turnstream.console.CostTerms.UsdPerMillion;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.TokenPrice;
import io.turnstream.events.Costs;
import io.turnstream.providers.prices.Prices;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The prices that an order's calls are counted with, and its limits. They go into the order's events, so that totals
/// follow from the log alone. Pure.
final class Pricing {

    /// How often one request may be answered, and so paid, where money is limited: once and once more, for a judge with
    /// two reminders.
    private static final int PAID_ATTEMPTS = 2;
    private static final int PAID_JUDGE_ATTEMPTS = 3;

    private final CostTerms terms;
    private final Prices known;

    /// @param terms what the order says; its prices go before the platform's
    /// @param known the platform's
    Pricing(@Nullable CostTerms terms, Prices known) {
        this.terms = terms == null ? CostTerms.NONE : terms;
        this.known = known;
    }

    /// What a model's tokens cost; null where that is not known.
    @Nullable
    TokenPrice of(String model) {
        UsdPerMillion said = terms.prices() == null ? null : terms.prices().get(model);
        return said == null ? known.of(model) : new TokenPrice(pico(said.input(), model), pico(said.output(), model));
    }

    private static long pico(@Nullable BigDecimal usdPerMillion, String model) {
        try {
            return usdPerMillion == null ? 0 : Prices.picoUsd(usdPerMillion);
        } catch (IllegalArgumentException e) {
            throw new UnacceptableRunException(String.valueOf(e.getMessage()), "costs.prices." + model,
                    "Give USD for a million tokens.");
        }
    }

    /// Most money for calls to a model, in 1e-9 USD; null for no limit.
    ///
    /// @param parameters of all calls to it
    /// @throws UnacceptableRunException if its calls cannot be held to one
    @Nullable
    Long limit(String model, List<CallParameters> parameters) {
        return limit(terms.costLimitUsd(), "costs.costLimitUsd", model, parameters, "max tokens");
    }

    /// The same for a judge.
    @Nullable
    Long judgeLimit(@Nullable String judge, CallParameters parameters) {
        if (terms.judgeCostLimitUsd() != null && judge == null) {
            throw new UnacceptableRunException("there is no judge whose calls could cost something",
                    "costs.judgeCostLimitUsd",
                    "Name a judge, or leave the limit out.");
        }
        return judge == null
                ? null
                : limit(terms.judgeCostLimitUsd(), "costs.judgeCostLimitUsd", judge, List.of(parameters),
                        "judge max tokens");
    }

    private @Nullable Long limit(@Nullable BigDecimal usd, String where, String model, List<CallParameters> parameters,
            String tokens) {
        if (usd == null) {
            return null;
        }
        long nano = nano(usd, where);
        if (of(model) == null) {
            throw unpriced(model, where);
        }
        if (parameters.stream().anyMatch(call -> call.getMaxTokens() == null)) {
            throw new UnacceptableRunException(
                    "what a call to " + model + " may cost at most is not known, since its answers have no token limit",
                    where, "Give " + tokens + ", or leave the cost limit out.");
        }
        return nano;
    }

    /// A limit as commands carry it.
    static @Nullable Long nanoOrNull(@Nullable BigDecimal usd, String where) {
        return usd == null ? null : (Long) nano(usd, where);
    }

    private static long nano(BigDecimal usd, String where) {
        if (usd.signum() <= 0 || usd.compareTo(BigDecimal.valueOf(1_000_000_000)) > 0) {
            throw new UnacceptableRunException("must be more than 0 USD, and " + usd.toPlainString() + " is given",
                    where, "Leave it out for no limit.");
        }
        return usd.multiply(BigDecimal.valueOf(Costs.NANO_PER_USD)).setScale(0, RoundingMode.FLOOR).longValueExact();
    }

    static UnacceptableRunException unpriced(String model, String where) {
        return new UnacceptableRunException(
                "the price of " + model + " is not known, so that its calls cannot be held to a cost limit", where,
                "Put it into a price file, '" + model
                        + ": {input: 2.50, output: 10.00}' in USD for a million tokens, or leave the limit out.");
    }

    @Nullable
    Integer paidAttempts() {
        return terms.costLimitUsd() == null ? null : (Integer) PAID_ATTEMPTS;
    }

    @Nullable
    Integer paidJudgeAttempts() {
        return terms.judgeCostLimitUsd() == null ? null : (Integer) PAID_JUDGE_ATTEMPTS;
    }
}
