package io.turnstream.projection.store;

import io.turnstream.contracts.RepeatsCounted;
import io.turnstream.contracts.TokenPrice;
import io.turnstream.contracts.Usage;
import io.turnstream.events.Costs;
import io.turnstream.projection.document.ScoreCounts;
import io.turnstream.projection.report.Spending;
import java.util.List;
import java.util.Objects;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/// What calls cost, as it stands in a run's document, and what reports say of it.
///
/// Cells know what is accepted, as soon as it is; the run controller counts what failed before a retry, too, but tells
/// only now and then. Each figure only grows, so the higher of the two is the later. What was paid and not accepted
/// stands apart and is added.
final class SpendingFields {

    static final String USAGE = "usage";
    static final String JUDGE_USAGE = "judgeUsage";
    static final String LIMIT = "costLimitNanoUsd";
    static final String JUDGE_LIMIT = "judgeCostLimitNanoUsd";
    static final String PRICE = "price";

    private static final String REPEATS = "repeats";
    private static final String CALLS = "calls";
    private static final String COST = "costNanoUsd";
    private static final String INPUT = "inputTokens";
    private static final String OUTPUT = "outputTokens";
    private static final String INPUT_PRICE = "inputPicoUsd";
    private static final String OUTPUT_PRICE = "outputPicoUsd";
    private static final double PICO_PER_USD_OF_A_MILLION = 1e6;

    private SpendingFields() {}

    /// Of the answers that were paid and not accepted, the latest count stands, by who gave them.
    static void apply(RepeatsCounted event, Document run) {
        String callee = calleeKey(event.getJudgementSetId());
        Document repeats = Fields.part(run, REPEATS);
        Document before = Fields.partOrNull(repeats, callee);
        if (before == null || Fields.whole(before, CALLS) < event.getRepeats().getCalls()) {
            Usage usage = event.getRepeats().getUsage();
            repeats.put(callee, Fields.of(CALLS, event.getRepeats().getCalls())
                    .with(INPUT, usage == null ? 0 : usage.getInputTokens())
                    .with(OUTPUT, usage == null ? 0 : usage.getOutputTokens())
                    .with(COST, event.getRepeats().getCostNanoUsd())
                    .with("unpricedCalls", event.getRepeats().getUnpricedCalls()).document());
            run.put(REPEATS, repeats);
        }
    }

    static @Nullable Document repeats(Document run, @Nullable String judgementSetId) {
        return Fields.partOrNull(Fields.part(run, REPEATS), calleeKey(judgementSetId));
    }

    private static String calleeKey(@Nullable String judgementSetId) {
        return judgementSetId == null ? Spending.MODEL : judgementSetId;
    }

    static @Nullable Document usage(@Nullable Usage usage) {
        return usage == null
                ? null
                : Fields.of(INPUT, usage.getInputTokens()).with(OUTPUT, usage.getOutputTokens()).document();
    }

    static @Nullable Document price(@Nullable TokenPrice price) {
        return price == null
                ? null
                : Fields.of(INPUT_PRICE, price.getInputPicoUsd()).with(OUTPUT_PRICE, price.getOutputPicoUsd())
                        .document();
    }

    /// Whom calls go to, and what the controller has counted of them.
    ///
    /// @param usage null where it has not
    /// @param repeats what was paid and not accepted; null for nothing
    /// @param price null where it is not known
    record Callee(
            String role, String name, @Nullable String judgementSetId, @Nullable Document usage, long costNanoUsd,
            @Nullable Document repeats,
            @Nullable Document price, @Nullable Long limitNanoUsd) {

        Spending spending(List<ScoreCounts> cells) {
            List<ScoreCounts> own = cells.stream().filter(cell -> Objects.equals(cell.judgementSetId(), judgementSetId))
                    .toList();
            long input = own.stream().mapToLong(ScoreCounts::inputTokens).reduce(0, Costs::plus);
            long output = own.stream().mapToLong(ScoreCounts::outputTokens).reduce(0, Costs::plus);
            long cost = own.stream().mapToLong(ScoreCounts::costNanoUsd).reduce(0, Costs::plus);
            return new Spending(role, name, judgementSetId,
                    repeated(CALLS) + own.stream().mapToLong(ScoreCounts::attempts).sum(),
                    repeated(INPUT) + (usage == null ? input : Math.max(input, Fields.whole(usage, INPUT))),
                    repeated(OUTPUT) + (usage == null ? output : Math.max(output, Fields.whole(usage, OUTPUT))),
                    Costs.plus(repeated(COST), Math.max(cost, costNanoUsd)),
                    own.stream().mapToLong(ScoreCounts::unpriced).sum(), usd(INPUT_PRICE), usd(OUTPUT_PRICE),
                    limitNanoUsd);
        }

        private long repeated(String field) {
            return repeats == null ? 0 : Fields.whole(repeats, field);
        }

        private @Nullable Double usd(String field) {
            return price == null ? null : (Double) (Fields.whole(price, field) / PICO_PER_USD_OF_A_MILLION);
        }
    }
}
