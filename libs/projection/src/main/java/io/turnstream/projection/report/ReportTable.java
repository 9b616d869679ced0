package io.turnstream.projection.report;

import io.turnstream.benchmark.Metric;
import io.turnstream.benchmark.Scoring;
import io.turnstream.benchmark.StepKind;
import io.turnstream.benchmark.scoring.CellCounts;
import io.turnstream.benchmark.statistics.ClusteredMean;
import io.turnstream.projection.document.PlannedSteps;
import io.turnstream.projection.document.ScoredStep;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The figures of a report, folded from a plan and the score rows, which are taken one at a time and not kept.
///
/// `all` pools samples: it is the mean over every row, not the mean of the parts' means. Not safe for use by several
/// threads.
public final class ReportTable {

    private static final int TURNS_PER_DIALOGUE = 3;

    private record Key(String split, String modality, String category, Metric metric,
            @Nullable String judgementSetId) {}

    private static final Comparator<Key> ORDER = Comparator.comparing(Key::split)
            .thenComparing(Key::modality)
            .thenComparing(key -> key.category().equals(ReportCell.ALL) ? "" : key.category())
            .thenComparing(Key::metric)
            .thenComparing(Key::judgementSetId, Comparator.nullsFirst(Comparator.naturalOrder()));

    private static final class Samples {
        private final ClusteredMean clusters = new ClusteredMean();
        private final Map<Integer, long[]> byEpoch = new TreeMap<>();
        private long n;
        private long sum;

        private void add(ScoredStep.Contribution contribution, String cluster, int epoch) {
            if (contribution.counted()) {
                clusters.add(cluster, contribution.value());
                n++;
                sum += contribution.value();
                long[] counts = byEpoch.computeIfAbsent(epoch, number -> new long[2]);
                counts[0]++;
                counts[1] += contribution.value();
            }
        }
    }

    /// All epochs of an image are one cluster: they repeat it, and tell nothing about other images.
    private static @Nullable EpochSpread spread(Samples samples, Key key, Scoring scoring) {
        List<Double> values = new ArrayList<>();
        for (long[] counts : samples.byEpoch.values()) {
            Double value = value(counts[0], counts[1], key, scoring);
            if (value != null) {
                values.add(value);
            }
        }
        return values.size() < 2 ? null : EpochSpread.of(values);
    }

    private static @Nullable Double value(long n, long sum, Key key, Scoring scoring) {
        return new CellCounts(Map.of(), n, sum, n, sum).value(key.metric(), scoring).value();
    }

    private static final class Group {
        private final Samples corrected = new Samples();
        private final Samples reference = new Samples();
    }

    private final List<PlannedSteps> plan;
    private final @Nullable String ownSet;
    private final Map<Key, Group> groups = new HashMap<>();
    private final Set<String> judgementSets = new TreeSet<>();
    private final Map<String, Map<String, Long>> outcomes = new TreeMap<>();
    private final Map<String, Map<String, Long>> verdicts = new TreeMap<>();

    /// @param judgementSetId of the run's own judge; null where it has none
    public ReportTable(List<PlannedSteps> plan, @Nullable String judgementSetId) {
        this.plan = List.copyOf(plan);
        this.ownSet = judgementSetId;
        if (judgementSetId != null) {
            judgementSets.add(judgementSetId);
        }
    }

    /// Adds one row.
    public void add(ScoredStep row) {
        if (row.judgementSetId() == null || row.judgementSetId().equals(ownSet)) {
            outcomes.computeIfAbsent(row.kind(), kind -> new TreeMap<>()).merge(row.outcome(), 1L, Long::sum);
        }
        if (row.judgementSetId() != null) {
            judgementSets.add(row.judgementSetId());
            verdicts.computeIfAbsent(row.judgementSetId(), set -> new TreeMap<>()).merge(row.outcome(), 1L, Long::sum);
        }
        var subject = row.subject();
        metric(row.kind(), subject.intent()).ifPresent(metric -> {
            for (Key key : pooled(subject.split(), subject.modality(), subject.category(), metric,
                    row.judgementSetId())) {
                Group group = groups.computeIfAbsent(key, k -> new Group());
                group.corrected.add(row.corrected(), subject.imageCluster(), subject.epoch());
                group.reference.add(row.reference(), subject.imageCluster(), subject.epoch());
            }
        });
    }

    /// Steps so far by kind and outcome; of judgements only those of the run's own judge.
    public Map<String, Map<String, Long>> outcomes() {
        return outcomes;
    }

    /// Verdicts so far by judgement set and outcome.
    public Map<String, Map<String, Long>> verdicts() {
        return verdicts;
    }

    /// The figures of all groups that were planned or have a row, `all` first.
    public List<ReportCell> cells() {
        Map<Key, Long> totals = totals();
        Set<Key> keys = new TreeSet<>(ORDER);
        keys.addAll(totals.keySet());
        keys.addAll(groups.keySet());
        List<ReportCell> cells = new ArrayList<>();
        for (Key key : keys) {
            Group group = groups.getOrDefault(key, new Group());
            long total = totals.getOrDefault(key, 0L);
            cells.add(cell(key, Scoring.CORRECTED, group.corrected, total));
            cells.add(cell(key, Scoring.REFERENCE, group.reference, total));
        }
        return cells;
    }

    private Map<Key, Long> totals() {
        boolean judged = plan.stream().anyMatch(steps -> steps.kind().equals(StepKind.JUDGE.wireName()));
        Map<Key, Long> totals = new HashMap<>();
        for (PlannedSteps steps : plan) {
            boolean turns = steps.kind().equals(StepKind.TURN.wireName());
            if (!steps.kind().equals(StepKind.JUDGE.wireName()) && !turns) {
                metric(steps.kind(), steps.intent())
                        .ifPresent(metric -> plan(totals, steps, metric, null, steps.count()));
            } else if (turns != judged) {
                // a run without a judge of its own that was judged later: every dialogue counts once in each set
                long dialogues = turns ? steps.count() / TURNS_PER_DIALOGUE : steps.count();
                metric(StepKind.JUDGE.wireName(), steps.intent())
                        .ifPresent(metric -> judgementSets.forEach(set -> plan(totals, steps, metric, set, dialogues)));
            }
        }
        return totals;
    }

    private static void plan(Map<Key, Long> totals, PlannedSteps steps, Metric metric, @Nullable String set,
            long count) {
        for (Key key : pooled(steps.split(), steps.modality(), steps.category(), metric, set)) {
            totals.merge(key, count, Long::sum);
        }
    }

    private static ReportCell cell(Key key, Scoring scoring, Samples samples, long total) {
        ClusteredMean.Estimate estimate = samples.clusters.estimate(key.metric());
        var interval = estimate == null ? null : estimate.interval();
        return new ReportCell(key.split(), key.modality(), key.category(), key.metric().wireName(),
                key.judgementSetId(),
                scoring.wireName(), value(samples.n, samples.sum, key, scoring), samples.n, total,
                interval == null ? null : interval.low(),
                interval == null ? null : interval.high(), spread(samples, key, scoring));
    }

    private static Set<Key> pooled(String split, String modality, String category, Metric metric,
            @Nullable String set) {
        Set<Key> keys = new java.util.HashSet<>();
        for (String s : List.of(split, ReportCell.ALL)) {
            for (String m : List.of(modality, ReportCell.ALL)) {
                keys.add(new Key(s, m, category, metric, set));
                keys.add(new Key(s, m, ReportCell.ALL, metric, set));
            }
        }
        return keys;
    }

    /// Empty for turns, and for a kind or intent that this code does not know.
    private static Optional<Metric> metric(String kind, String intent) {
        for (Metric metric : Metric.values()) {
            if (metric.stepKind().wireName().equals(kind) && metric.intent().wireName().equals(intent)) {
                return Optional.of(metric);
            }
        }
        return Optional.empty();
    }
}
