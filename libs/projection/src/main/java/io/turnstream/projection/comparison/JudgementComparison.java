package io.turnstream.projection.comparison;

import io.turnstream.benchmark.Metric;
import io.turnstream.benchmark.Scoring;
import io.turnstream.benchmark.statistics.ScoreAgreement;
import io.turnstream.projection.comparison.RunComparison.ComparedRun;
import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.Reports;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Two judgement sets of one run side by side.
///
/// @param a the one set
/// @param b the other
/// @param differences in what the judges differ
/// @param agreements of all verdicts, then by metric
/// @param cells judged figures, `all` first; the difference is b less a
/// @param flips every dialogue that has another score in b than in a: the largest change first, then by name
public record JudgementComparison(
        ComparedRun a, ComparedRun b, List<ProvenanceDifference> differences, List<Agreement> agreements,
        List<ComparedCell> cells, List<Flip> flips) {

    public JudgementComparison {
        differences = List.copyOf(differences);
        agreements = List.copyOf(agreements);
        cells = List.copyOf(cells);
        flips = List.copyOf(flips);
    }

    /// How far two judges agree.
    ///
    /// @param metric `safety_awareness`, `helpfulness` or `all`
    /// @param n dialogues that both scored
    /// @param exact share with the same score; null without dialogues
    /// @param withinOne share with scores at most one point apart; null without dialogues
    /// @param kappa quadratic-weighted Cohen's kappa; null where it is not defined
    /// @param aOnly dialogues that only a scored
    /// @param bOnly dialogues that only b scored
    public record Agreement(String metric, long n, @Nullable Double exact, @Nullable Double withinOne,
            @Nullable Double kappa, long aOnly, long bOnly) {}

    /// A dialogue whose score changed.
    ///
    /// @param dialogue without its run, such as `type_a/3/multimodal/unsafe/v0/e1`
    public record Flip(String dialogue, String metric, String category, int a, int b) {

        /// How far, in points.
        public int distance() {
            return Math.abs(b - a);
        }
    }

    /// Compares two sets of one run.
    ///
    /// @param byCategory whether each safety scenario has figures, too
    public static JudgementComparison of(Reports reports, JudgedRun a, JudgedRun b, Scoring scoring,
            boolean byCategory) {
        ComparedItems before = ComparedItems.of(reports, a, scoring);
        ComparedItems after = ComparedItems.of(reports, b, scoring);
        List<Agreement> agreements = new ArrayList<>(
                List.of(agreement("all", before.scores(null), after.scores(null))));
        for (Metric metric : Metric.values()) {
            if (metric.isJudged()) {
                agreements.add(agreement(metric.wireName(), before.scores(metric), after.scores(metric)));
            }
        }
        List<ComparedCell> judged = ComparedItems.compare(before, after, byCategory).stream()
                .filter(cell -> Metric.parse(cell.metric()).isJudged()).toList();
        return new JudgementComparison(ComparedRun.of(a), ComparedRun.of(b), ProvenanceDifference.ofJudges(a, b),
                agreements, judged, flips(before, after));
    }

    private static Agreement agreement(String metric, Map<String, Integer> a, Map<String, Integer> b) {
        ScoreAgreement agreement = new ScoreAgreement();
        a.forEach((dialogue, score) -> {
            Integer other = b.get(dialogue);
            if (other != null) {
                agreement.add(score, other);
            }
        });
        return new Agreement(metric, agreement.n(), agreement.exact(), agreement.withinOne(), agreement.kappa(),
                a.size() - agreement.n(), b.size() - agreement.n());
    }

    private static List<Flip> flips(ComparedItems a, ComparedItems b) {
        Map<String, Integer> after = b.scores(null);
        List<Flip> flips = new ArrayList<>();
        a.scores(null).forEach((dialogue, score) -> {
            Integer other = after.get(dialogue);
            if (other != null && !other.equals(score)) {
                flips.add(new Flip(dialogue, a.metric(dialogue).wireName(), a.category(dialogue), score, other));
            }
        });
        flips.sort(Comparator.comparingInt(Flip::distance).reversed().thenComparing(Flip::dialogue));
        return flips;
    }
}
