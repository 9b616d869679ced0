package io.turnstream.projection.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A run under one of its judges: its answers to questions, and the verdicts of one judgement set.
///
/// @param judgementSetId null for a run without verdicts
public record JudgedRun(RunReport run, @Nullable String judgementSetId) {

    /// A run under the judge that it was asked for with.
    public static JudgedRun byItsOwnJudge(RunReport run) {
        return new JudgedRun(run, run.provenance().judgementSetId());
    }

    /// A run under each of its judges, its own first.
    public static List<JudgedRun> byEachJudge(RunReport run) {
        List<JudgedRun> all = new ArrayList<>();
        if (run.provenance().judgementSetId() != null) {
            all.add(byItsOwnJudge(run));
        }
        run.judgementSets().stream().map(set -> new JudgedRun(run, set.judgementSetId()))
                .filter(set -> !all.contains(set)).forEach(all::add);
        return all;
    }

    /// Whether the verdicts are those of the judge that the run was asked for with.
    public boolean isOwn() {
        return judgementSetId == null || judgementSetId.equals(run.provenance().judgementSetId());
    }

    /// What was asked for after the run; empty where the set is the run's own and nobody asked for more of it.
    public Optional<JudgementSetFacts> facts() {
        return run.judgementSets().stream().filter(set -> set.judgementSetId().equals(judgementSetId)).findFirst();
    }

    /// `provider/name` of the judge; null for none.
    public @Nullable String judge() {
        return isOwn() ? run.judge() : facts().map(JudgementSetFacts::judge).orElse(null);
    }

    /// Wire name of the state that the verdicts are in: that of a set that was asked for later, else the run's.
    public String state() {
        return facts().map(JudgementSetFacts::state).orElse(run.state());
    }

    /// Outcomes by kind of step; of judgements only those of this set.
    public Map<String, Map<String, Long>> outcomesByKind() {
        if (isOwn()) {
            return run.outcomesByKind();
        }
        Map<String, Map<String, Long>> outcomes = new TreeMap<>(run.outcomesByKind());
        outcomes.put("judge", facts().map(JudgementSetFacts::outcomes).orElse(Map.of()));
        return outcomes;
    }

    /// The figure of one group.
    ///
    /// @param category a safety scenario or `all`
    /// @return empty if nothing of that group was planned
    public Optional<ReportCell> cell(String split, String modality, String category, String metric, String scoring) {
        return run.cells().stream()
                .filter(cell -> cell.split().equals(split) && cell.modality().equals(modality)
                        && cell.category().equals(category) && cell.metric().equals(metric)
                        && cell.scoring().equals(scoring)
                        && (cell.judgementSetId() == null || cell.judgementSetId().equals(judgementSetId)))
                .findFirst();
    }

    /// Names run and set, never a figure.
    @Override
    public String toString() {
        return "JudgedRun[" + run.id() + ", " + judgementSetId + ']';
    }
}
