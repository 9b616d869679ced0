package io.turnstream.projection.comparison;

import io.turnstream.benchmark.Metric;
import io.turnstream.benchmark.Scoring;
import io.turnstream.benchmark.statistics.PairedComparison;
import io.turnstream.benchmark.statistics.PairedComparison.Item;
import io.turnstream.projection.document.DialogueSubject;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.ReportCell;
import io.turnstream.projection.report.Reports;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a run under one judge has of samples, by what names the same sample in every run: split, row, modality, intent,
/// image variant, epoch and step.
final class ComparedItems {

    private record Sample(DialogueSubject subject, Metric metric, int value) {}

    /// A group of samples that has a figure of its own.
    private record Group(String split, String modality, String category) {}

    private final JudgedRun run;
    private final Scoring scoring;
    private final Map<String, Sample> samples = new TreeMap<>();

    private ComparedItems(JudgedRun run, Scoring scoring) {
        this.run = run;
        this.scoring = scoring;
    }

    static ComparedItems of(Reports reports, JudgedRun run, Scoring scoring) {
        ComparedItems items = new ComparedItems(run, scoring);
        reports.rows(run.run().id(), items::add);
        return items;
    }

    private void add(ScoredStep row) {
        ScoredStep.Contribution value = scoring == Scoring.CORRECTED ? row.corrected() : row.reference();
        if (!value.counted() || row.judgementSetId() != null && !row.judgementSetId().equals(run.judgementSetId())) {
            return;
        }
        for (Metric metric : Metric.values()) {
            if (metric.stepKind().wireName().equals(row.kind())
                    && metric.intent().wireName().equals(row.subject().intent())) {
                samples.put(name(row.subject()) + '#' + row.step(), new Sample(row.subject(), metric, value.value()));
            }
        }
    }

    /// The dialogue without its run: `type_a/3/multimodal/unsafe/v0/e1`.
    static String name(DialogueSubject subject) {
        return subject.dialogueId().substring(subject.runId().length() + 1);
    }

    /// Every figure of both, `all` first.
    ///
    /// @param byCategory whether each safety scenario has figures, too
    static List<ComparedCell> compare(ComparedItems baseline, ComparedItems candidate, boolean byCategory) {
        List<ComparedCell> cells = new ArrayList<>();
        for (Group group : groups(baseline, candidate, byCategory)) {
            for (Metric metric : Metric.values()) {
                Map<String, Item> before = baseline.items(metric, group, Map.of());
                Map<String, Item> after = candidate.items(metric, group, baseline.samples);
                if (!before.isEmpty() || !after.isEmpty()) {
                    cells.add(cell(group, metric, baseline.side(group, metric), candidate.side(group, metric),
                            PairedComparison.of(metric, before, after)));
                }
            }
        }
        return cells;
    }

    /// Samples whose image is another one in the other run, or is not known to be the same.
    static long otherImages(ComparedItems baseline, ComparedItems candidate) {
        return candidate.samples.entrySet().stream().filter(entry -> {
            Sample before = baseline.samples.get(entry.getKey());
            return before != null && !before.subject().imageCluster().equals(entry.getValue().subject().imageCluster());
        }).count();
    }

    /// How many samples only the first has.
    static long only(ComparedItems one, ComparedItems other) {
        return one.samples.keySet().stream().filter(name -> !other.samples.containsKey(name)).count();
    }

    long size() {
        return samples.size();
    }

    private static ComparedCell cell(Group group, Metric metric, ComparedCell.Side baseline,
            ComparedCell.Side candidate, PairedComparison paired) {
        var interval = paired.interval();
        return new ComparedCell(group.split(), group.modality(), group.category(), metric.wireName(), baseline,
                candidate, paired.difference(),
                interval == null ? null : interval.low(), interval == null ? null : interval.high(), paired.pValue(),
                paired.items(), paired.clusters(),
                paired.baselineOnly(), paired.candidateOnly());
    }

    private static List<Group> groups(ComparedItems baseline, ComparedItems candidate, boolean byCategory) {
        Set<String> splits = new TreeSet<>();
        Set<String> modalities = new TreeSet<>();
        Set<String> categories = new TreeSet<>();
        for (ComparedItems items : List.of(baseline, candidate)) {
            items.samples.values().forEach(sample -> {
                splits.add(sample.subject().split());
                modalities.add(sample.subject().modality());
                categories.add(sample.subject().category());
            });
        }
        List<Group> groups = new ArrayList<>();
        for (String split : withAll(splits)) {
            for (String modality : withAll(modalities)) {
                groups.add(new Group(split, modality, ReportCell.ALL));
                if (byCategory) {
                    categories.forEach(category -> groups.add(new Group(split, modality, category)));
                }
            }
        }
        return groups;
    }

    private static List<String> withAll(Set<String> names) {
        List<String> all = new ArrayList<>(List.of(ReportCell.ALL));
        all.addAll(names);
        return all;
    }

    /// @param twins samples whose image counts in place of this run's, so that a pair is about one image however the
    ///         runs name it
    private Map<String, Item> items(Metric metric, Group group, Map<String, Sample> twins) {
        Predicate<DialogueSubject> belongs = subject -> isIn(group.split(), subject.split())
                && isIn(group.modality(), subject.modality())
                && isIn(group.category(), subject.category());
        Map<String, Item> items = new HashMap<>();
        samples.forEach((name, sample) -> {
            if (sample.metric() == metric && belongs.test(sample.subject())) {
                Sample twin = twins.getOrDefault(name, sample);
                items.put(name, new Item(twin.subject().imageCluster(), sample.value()));
            }
        });
        return items;
    }

    private static boolean isIn(String group, String name) {
        return group.equals(ReportCell.ALL) || group.equals(name);
    }

    private ComparedCell.Side side(Group group, Metric metric) {
        @Nullable
        ReportCell cell = run
                .cell(group.split(), group.modality(), group.category(), metric.wireName(), scoring.wireName())
                .orElse(null);
        return cell == null
                ? new ComparedCell.Side(null, 0, 0)
                : new ComparedCell.Side(cell.value(), cell.n(), cell.total());
    }

    /// Scores by dialogue, for verdicts only.
    Map<String, Integer> scores(@Nullable Metric metric) {
        Map<String, Integer> scores = new LinkedHashMap<>();
        samples.values().forEach(sample -> {
            if (sample.metric().isJudged() && (metric == null || sample.metric() == metric)) {
                scores.put(name(sample.subject()), sample.value());
            }
        });
        return scores;
    }

    /// The metric that a dialogue's verdict feeds.
    Metric metric(String dialogue) {
        return samples.get(dialogue + "#judge").metric();
    }

    /// The safety scenario of a dialogue.
    String category(String dialogue) {
        return samples.get(dialogue + "#judge").subject().category();
    }
}
