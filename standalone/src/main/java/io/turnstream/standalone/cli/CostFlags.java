package io.turnstream.standalone.cli;

import io.turnstream.console.CostTerms;
import io.turnstream.console.CostTerms.UsdPerMillion;
import io.turnstream.contracts.TokenPrice;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.Spending;
import io.turnstream.providers.prices.InvalidPricesException;
import io.turnstream.providers.prices.Prices;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The flags about money, as given: what they ask for, refused before anything starts where it cannot be held.
///
/// @param prices file of `--prices`
/// @param limit of `--cost-limit`
/// @param judgeLimit of the flag that limits the judge
/// @param judgeFlag that flag's name
record CostFlags(@Nullable Path prices, @Nullable String limit, @Nullable String judgeLimit, String judgeFlag) {

    /// Nothing is said.
    static final CostFlags NONE = new CostFlags(null, null, null, "--judge-cost-limit");

    private static final int MICRO_USD_PLACES = 6;

    /// What an order says of money: limits, and of the prices those that the file of `--prices` has for whom it calls.
    ///
    /// @param home the price file of the home that is used; null where a deployed platform has its own
    /// @throws UsageException naming the flag that is wrong
    CostTerms terms(Iterable<String> models, @Nullable String judge, Path folder, @Nullable Path home) {
        Prices given = prices == null ? null : read(folder.resolve(prices));
        Prices known = home == null ? null : Files.exists(home) ? Prices.of(home) : Prices.bundled();
        BigDecimal most = Numbers.usd("--cost-limit", limit);
        BigDecimal mostForJudge = Numbers.usd(judgeFlag, judgeLimit);
        Map<String, UsdPerMillion> said = new LinkedHashMap<>();
        for (String model : models) {
            price(model.strip(), "--cost-limit", most, new Lists(given, known), said);
        }
        if (judge != null) {
            price(judge, judgeFlag, mostForJudge, new Lists(given, known), said);
        } else if (mostForJudge != null) {
            throw new UsageException(judgeFlag, "there is no judge whose calls could cost something",
                    "Give --judge, or leave the limit out.");
        }
        return new CostTerms(said.isEmpty() ? null : said, most, mostForJudge);
    }

    /// @param given the file of `--prices`; null for none
    /// @param known the platform's list; null where it cannot be seen from here
    private record Lists(@Nullable Prices given, @Nullable Prices known) {}

    private static void price(String model, String flag, @Nullable BigDecimal limit, Lists lists,
            Map<String, UsdPerMillion> said) {
        TokenPrice price = lists.given() == null ? null : lists.given().of(model);
        if (price != null) {
            said.put(model, new UsdPerMillion(usd(price.getInputPicoUsd()), usd(price.getOutputPicoUsd())));
        } else if (limit != null && lists.known() != null && lists.known().of(model) == null) {
            throw unpriced(model, flag);
        }
    }

    private static UsageException unpriced(String model, String flag) {
        return new UsageException(flag,
                "the price of " + model + " is not known, so that its calls cannot be held to a limit",
                "Put '" + model
                        + ": {input: 2.50, output: 10.00}', in USD for a million tokens, into a file and give it with --prices; see docs/costs.md.");
    }

    /// Limits for a run that goes on.
    ///
    /// @throws UsageException naming the flag that is wrong
    CostTerms limits(RunReport run) {
        CostTerms terms = new CostTerms(null, Numbers.usd("--cost-limit", limit), Numbers.usd(judgeFlag, judgeLimit));
        requirePrice(run, terms.costLimitUsd(), "--cost-limit", Spending.MODEL);
        requirePrice(run, terms.judgeCostLimitUsd(), judgeFlag, Spending.JUDGE);
        return terms;
    }

    private static void requirePrice(RunReport run, @Nullable BigDecimal limit, String flag, String role) {
        boolean priced = run.spending().stream().filter(spent -> spent.role().equals(role)).findFirst()
                .map(spent -> spent.inputUsdPerMillion() != null)
                .orElse(role.equals(Spending.JUDGE) && run.judge() != null);
        if (limit != null && !priced) {
            throw new UsageException(flag,
                    role.equals(Spending.JUDGE) && run.judge() == null
                            ? "run " + run.id() + " has no judge"
                            : "the price of " + (role.equals(Spending.MODEL) ? run.model() : run.judge())
                                    + " was not known when run " + run.id()
                                    + " was asked for, so that it cannot be held to a limit",
                    "Leave the limit out.");
        }
    }

    private static BigDecimal usd(long picoUsd) {
        return BigDecimal.valueOf(picoUsd, MICRO_USD_PLACES);
    }

    private static Prices read(Path file) {
        try {
            return Prices.only(file);
        } catch (InvalidPricesException e) {
            throw new UsageException("--prices", String.valueOf(e.getMessage()),
                    "docs/costs.md describes what it holds.");
        }
    }
}
