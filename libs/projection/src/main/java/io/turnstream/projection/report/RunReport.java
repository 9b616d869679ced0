package io.turnstream.projection.report;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The published report of a run, see `schemas/report.schema.json`.
///
/// @param id ULID of the run
/// @param model `provider/name` as requested
/// @param judge `provider/name`, or null for none
/// @param state wire name of the run's state
/// @param reason why it is in that state, for people
/// @param settled whether the run is in a final state and all it counted has arrived: only then are the figures final
/// @param planned steps planned, turns, questions and the run's own judge
/// @param outcomes steps by outcome; they add up to `planned` once the run is settled
/// @param outcomesByKind the same by kind of step: `turn`, `mcq`, `tf`, `judge`
/// @param calls attempts made at model and judges
/// @param costNanoUsd 1e-9 USD for model and judges, as far as prices are known
/// @param unpriced answered steps whose price is not known
/// @param spending tokens and money of the model and of each judge; they add up to those above
/// @param judgementSets those that were asked for after the run, the first asked for first
/// @param gates that were stated before the run, in their order, under the judge it was asked for with
/// @param cells by split, modality, category, metric, judgement set and scoring, `all` first; only what was planned
public record RunReport(
        String id, String model, @Nullable String judge, String state, @Nullable String reason, boolean settled,
        long planned,
        Map<String, Long> outcomes, Map<String, Map<String, Long>> outcomesByKind, long calls, long inputTokens,
        long outputTokens, long costNanoUsd, long unpriced, List<Spending> spending, Provenance provenance,
        List<JudgementSetFacts> judgementSets,
        List<GateResult> gates, List<ReportCell> cells) {

    public RunReport {
        outcomes = Collections.unmodifiableMap(new TreeMap<>(outcomes));
        outcomesByKind = Collections.unmodifiableMap(new TreeMap<>(outcomesByKind));
        spending = List.copyOf(spending);
        judgementSets = List.copyOf(judgementSets);
        gates = List.copyOf(gates);
        cells = List.copyOf(cells);
    }

    /// The figure of one group under the run's own judge.
    ///
    /// @param category a safety scenario or `all`
    /// @return empty if nothing of that group was planned
    public Optional<ReportCell> cell(String split, String modality, String category, String metric, String scoring) {
        return JudgedRun.byItsOwnJudge(this).cell(split, modality, category, metric, scoring);
    }

    /// The same report with the figures of questions and of one judgement set only.
    public RunReport withFiguresOf(@Nullable String judgementSetId) {
        return withCells(cells.stream()
                .filter(cell -> cell.judgementSetId() == null || cell.judgementSetId().equals(judgementSetId))
                .toList());
    }

    /// The same report with the figures of all categories together only.
    public RunReport withoutCategories() {
        return withCells(cells.stream().filter(cell -> cell.category().equals(ReportCell.ALL)).toList());
    }

    private RunReport withCells(List<ReportCell> chosen) {
        return new RunReport(id, model, judge, state, reason, settled, planned, outcomes, outcomesByKind, calls,
                inputTokens,
                outputTokens, costNanoUsd, unpriced, spending, provenance, judgementSets, gates, chosen);
    }
}
