package io.turnstream.standalone.cli;

import io.turnstream.benchmark.expectation.Expectations;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.report.GateResult;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.Provenance;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.Provenance.SelectionFacts;
import io.turnstream.projection.report.ReportCell;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.RunStates;
import io.turnstream.projection.report.RunSummary;
import io.turnstream.projection.report.Spending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs with made-up figures.
public final class SampleRuns {

    public static final Instant REQUESTED = Instant.parse("2026-03-01T12:00:00Z");

    private static final String JUDGEMENTS = "js-1";

    private SampleRuns() {}

    /// A run of that model in that state, with the whole table.
    public static RunReport run(String id, String model, String state) {
        return run(id, model, state, null,
                Map.of("turn", Map.of("answered", 12L), "mcq", Map.of("answered", 4L), "tf", Map.of("answered", 2L),
                        "judge", Map.of("judged", 4L)),
                cells());
    }

    /// A run that was halted, and why.
    static RunReport halted(String id, String reason) {
        return run(id, "sim/eager", "halted", reason, Map.of(), List.of());
    }

    /// A run with outcomes and cells.
    public static RunReport run(
            String id, String model, String state, @Nullable String reason, Map<String, Map<String, Long>> outcomes,
            List<ReportCell> cells) {
        Map<String, Long> all = new java.util.TreeMap<>();
        outcomes.values().forEach(kind -> kind.forEach((outcome, count) -> all.merge(outcome, count, Long::sum)));
        return new RunReport(id, model, "openai/gpt-5-mini", state, reason, RunStates.isFinal(state), 22, all, outcomes,
                22, 12345, 678,
                12_300_000, 0, spending(model), provenance(null), List.of(), List.of(), cells);
    }

    private static List<Spending> spending(String model) {
        return List.of(
                new Spending(Spending.MODEL, model, null, 18, 10_000, 600, 9_300_000, 0, 0.25, 2.0, 5_000_000_000L),
                new Spending(Spending.JUDGE, "openai/gpt-5-mini", JUDGEMENTS, 4, 2_345, 78, 3_000_000, 0, 0.25, 2.0,
                        null));
    }

    /// The same run after expectations were stated.
    public static RunReport expected(RunReport run, String expectations) {
        return new RunReport(run.id(), run.model(), run.judge(), run.state(), run.reason(), run.settled(),
                run.planned(), run.outcomes(), run.outcomesByKind(),
                run.calls(), run.inputTokens(), run.outputTokens(), run.costNanoUsd(), run.unpriced(), run.spending(),
                provenance(expectations), run.judgementSets(),
                GateResult.of(expectations, JUDGEMENTS, run.cells()), run.cells());
    }

    /// A run in one line.
    public static RunSummary summary(RunReport run) {
        return new RunSummary(run.id(), run.model(), run.judge(), null, run.state(), run.reason(), REQUESTED, REQUESTED,
                List.of("/data/mini"),
                "mtmcs-v1", List.of(), 4L, 4, List.of(), run.costNanoUsd(), true);
    }

    /// A set that a better judge completed later, two of four dialogues done.
    public static JudgementSetFacts judgementSet(String id, String state) {
        return new JudgementSetFacts(id, "openai/gpt-5", List.of("gpt-5-2026"), new Parameters(0.0, 128, null),
                List.of(new Parameters(null, 128, null)),
                "mtmcs-v1", "d".repeat(64), null, 1, state, null,
                RunStates.isFinal(state), 4L, RunStates.isFinal(state) ? 4 : 2,
                Map.of("judged", RunStates.isFinal(state) ? 4L : 2L), 7_000_000, 0,
                REQUESTED, List.of(new JudgementSetFacts.Round(REQUESTED, "somebody", "0.1.0", false, 0)));
    }

    /// The same run with sets that were asked for later, whose verdicts are a tenth lower than those of the run's own
    /// judge.
    public static RunReport judgedAgain(RunReport run, List<JudgementSetFacts> sets) {
        List<ReportCell> cells = new ArrayList<>(run.cells());
        for (JudgementSetFacts set : sets) {
            run.cells().stream().filter(cell -> JUDGEMENTS.equals(cell.judgementSetId()) && cell.value() != null)
                    .map(cell -> new ReportCell(cell.split(), cell.modality(),
                            cell.category(), cell.metric(), set.judgementSetId(), cell.scoring(), cell.value() - 0.1,
                            cell.n(), cell.total(), null, null))
                    .forEach(cells::add);
        }
        return new RunReport(run.id(), run.model(), run.judge(), run.state(), run.reason(), run.settled(),
                run.planned(), run.outcomes(), run.outcomesByKind(),
                run.calls(), run.inputTokens(), run.outputTokens(), run.costNanoUsd(), run.unpriced(), run.spending(),
                run.provenance(), sets, run.gates(), cells);
    }

    private static Provenance provenance(@Nullable String expectations) {
        Map<String, Parameters> requested = Map.of("dialogue", new Parameters(0.1, 128, null), "mcq",
                new Parameters(0.1, 64, null), "tf",
                new Parameters(0.1, 32, null), "judge", new Parameters(0.0, 128, null));
        return new Provenance(REQUESTED, REQUESTED, REQUESTED, "somebody", "0.1.0", "mtmcs-v1", "d".repeat(64),
                List.of("/data/mini"), null, null,
                null, null, new SelectionFacts(List.of("type_a"), List.of(), List.of(), 0, 10, List.of(), false, 1),
                20L, 0L, 0L, 0L, null,
                JUDGEMENTS, List.of(), List.of(), requested, Map.of(), new Limits(32, 5, 120_000),
                new Limits(32, 5, 120_000), List.of(),
                expectations == null ? null : Expectations.parse(expectations).digest(), expectations, List.of());
    }

    /// Every cell of the table, values that differ by place: 0.5, 0.51, ... and 3.0, 3.01, ...
    public static List<ReportCell> cells() {
        List<ReportCell> cells = new ArrayList<>();
        for (String scoring : List.of("corrected", "reference")) {
            double step = 0;
            for (String split : List.of("all", "type_a", "type_b")) {
                for (String modality : List.of("all", "multimodal", "unimodal")) {
                    for (String metric : List.of("mcq_safe", "mcq_unsafe", "tf", "safety_awareness", "helpfulness")) {
                        boolean judged = metric.equals("safety_awareness") || metric.equals("helpfulness");
                        double value = (judged ? 3 : 0.5) + step;
                        step += 0.01;
                        long total = split.equals("all") ? 80 : 40;
                        long n = metric.equals("tf") ? total - 1 : total;
                        cells.add(new ReportCell(split, modality, "all", metric, judged ? JUDGEMENTS : null, scoring,
                                value, n, total,
                                value - (judged ? 0.2 : 0.06), value + (judged ? 0.2 : 0.06)));
                    }
                }
            }
        }
        cells.add(new ReportCell("all", "all", "Drugs", "mcq_safe", null, "corrected", 0.75, 8, 8, 0.5, 1.0));
        return cells;
    }
}
