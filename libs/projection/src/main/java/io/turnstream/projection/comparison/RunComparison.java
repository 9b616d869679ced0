package io.turnstream.projection.comparison;

import io.turnstream.benchmark.Scoring;
import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.Reports;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run beside another that is its baseline.
///
/// Samples pair by split, row, modality, intent, image variant, epoch and question, so that the difference of two runs
/// rests on what both answered.
///
/// @param baseline the run that others are held against
/// @param candidate the other run
/// @param differences in what they differ beside their figures
/// @param pairs samples that both have, of all metrics together
/// @param baselineOnly samples that only the baseline has
/// @param candidateOnly samples that only the candidate has
/// @param otherImages pairs whose image is not the same in both: the data sets differ, or one of the runs was imported
/// @param cells `all` first
public record RunComparison(
        ComparedRun baseline, ComparedRun candidate, List<ProvenanceDifference> differences, long pairs,
        long baselineOnly, long candidateOnly,
        long otherImages, List<ComparedCell> cells) {

    public RunComparison {
        differences = List.copyOf(differences);
        cells = List.copyOf(cells);
    }

    /// Which run, under which judge.
    ///
    /// @param run its id
    /// @param model `provider/name` as requested
    /// @param judge `provider/name` of the judge whose verdicts count; null for none
    /// @param judgementSetId its set; null for none
    /// @param state wire name of the run's state
    /// @param settled whether its figures are final
    public record ComparedRun(String run, String model, @Nullable String judge, @Nullable String judgementSetId,
            String state, boolean settled) {

        static ComparedRun of(JudgedRun judged) {
            return new ComparedRun(judged.run().id(), judged.run().model(), judged.judge(), judged.judgementSetId(),
                    judged.run().state(), judged.run().settled());
        }
    }

    /// Compares two runs.
    ///
    /// @param byCategory whether each safety scenario has figures, too
    public static RunComparison of(Reports reports, JudgedRun baseline, JudgedRun candidate, Scoring scoring,
            boolean byCategory) {
        ComparedItems before = ComparedItems.of(reports, baseline, scoring);
        ComparedItems after = ComparedItems.of(reports, candidate, scoring);
        long onlyBefore = ComparedItems.only(before, after);
        return new RunComparison(ComparedRun.of(baseline), ComparedRun.of(candidate),
                ProvenanceDifference.ofRuns(baseline, candidate),
                before.size() - onlyBefore, onlyBefore, ComparedItems.only(after, before),
                ComparedItems.otherImages(before, after),
                ComparedItems.compare(before, after, byCategory));
    }
}
