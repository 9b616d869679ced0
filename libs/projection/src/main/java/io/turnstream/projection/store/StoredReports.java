package io.turnstream.projection.store;

import com.mongodb.client.MongoDatabase;
import io.turnstream.events.Costs;
import io.turnstream.projection.document.Dialogue;
import io.turnstream.projection.document.PlannedSteps;
import io.turnstream.projection.document.RejectedRow;
import io.turnstream.projection.document.ScoreCounts;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.report.GateResult;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.ReportCell;
import io.turnstream.projection.report.ReportTable;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunNames;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.RunStates;
import io.turnstream.projection.report.RunSummary;
import io.turnstream.projection.report.Spending;
import io.turnstream.projection.store.ProjectionStore.Part;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.bson.Document;

/// Reports read from MongoDB or the embedded store.
public final class StoredReports implements Reports {

    private static final String JUDGE = "judge";
    private static final Set<String> QUESTIONS = Set.of("mcq", "tf");

    private final ProjectionStore store;
    private final UnaryOperator<Progress> remarks;

    public StoredReports(MongoDatabase database) {
        this(database, UnaryOperator.identity());
    }

    /// @param remarks adds to a run's progress what is known beside the documents
    public StoredReports(MongoDatabase database, UnaryOperator<Progress> remarks) {
        this.store = new ProjectionStore(database);
        this.remarks = remarks;
    }

    @Override
    public List<RunSummary> runs() {
        return store.all(Part.RUNS).stream().map(StoredRun::new)
                .sorted(Comparator.comparing(StoredRun::id).reversed())
                .map(this::summary)
                .toList();
    }

    @Override
    public Optional<Instant> changedAt(String runId) {
        return stored(runId).map(run -> run.summary(List.of()).changedAt());
    }

    /// What the run controller counted at the last change of state is old while the run goes on: then it is counted
    /// here.
    private RunSummary summary(StoredRun run) {
        RunSummary summary = run.summary(run.standsStill() ? List.of() : cells(run.id()));
        return RunStates.isFinal(run.state()) ? summary : summary.at(closedDialogues(run.id()));
    }

    @Override
    public Optional<String> runId(String idOrPrefixOrLast) {
        return RunNames.choose(new TreeSet<>(store.idsWithPrefix(Part.RUNS, "")), idOrPrefixOrLast);
    }

    @Override
    public Optional<RunReport> run(String idOrPrefixOrLast) {
        return runId(idOrPrefixOrLast).flatMap(this::stored).map(this::report);
    }

    private RunReport report(StoredRun run) {
        List<ScoreCounts> counts = cells(run.id());
        ReportTable table = new ReportTable(run.plannedSteps(), run.judgementSetId());
        rows(run.id(), table::add);
        Served served = served(run.id());
        List<ReportCell> cells = table.cells();
        Map<String, Map<String, Long>> byKind = table.outcomes();
        Map<String, Long> outcomes = new TreeMap<>();
        byKind.values().forEach(kind -> kind.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum)));
        List<JudgementSetFacts> sets = settledByRows(run.judgementSets(verdicts(counts), served), table.verdicts());
        List<Spending> spending = run.spending(counts, sets);
        return new RunReport(run.id(), run.model(), run.judge(), run.state(), run.reason(),
                run.isSettledAt(byKind) && run.isSettledAt(outcomes(run, counts)),
                run.plannedSteps().stream().mapToLong(PlannedSteps::count).sum(), outcomes, byKind,
                spending.stream().mapToLong(Spending::calls).sum(),
                spending.stream().mapToLong(Spending::inputTokens).reduce(0, Costs::plus),
                spending.stream().mapToLong(Spending::outputTokens).reduce(0, Costs::plus),
                spending.stream().mapToLong(Spending::costNanoUsd).reduce(0, Costs::plus),
                counts.stream().mapToLong(ScoreCounts::unpriced).sum(), spending, run.provenance(served), sets,
                GateResult.of(run.expectations(), run.judgementSetId(), cells), cells);
    }

    @Override
    public Optional<Progress> progress(String runId) {
        return stored(runId).map(run -> {
            List<ScoreCounts> counts = cells(runId);
            Map<String, Map<String, Long>> outcomes = outcomes(run, counts);
            return remarks.apply(new Progress(runId, run.state(), run.reason(),
                    run.isSettledAt(outcomes) && run.isSettledAt(rowOutcomes(run)), run.dialogues(),
                    stage(run, outcomes, Set.of("turn")), stage(run, outcomes, QUESTIONS),
                    stage(run, outcomes, Set.of(JUDGE)),
                    counts.stream().mapToLong(ScoreCounts::attempts).sum(),
                    counts.stream().mapToLong(ScoreCounts::inputTokens).reduce(0, Costs::plus),
                    counts.stream().mapToLong(ScoreCounts::outputTokens).reduce(0, Costs::plus),
                    counts.stream().filter(cell -> !cell.kind().equals(JUDGE)).mapToLong(ScoreCounts::costNanoUsd)
                            .reduce(0, Costs::plus),
                    counts.stream().filter(cell -> cell.kind().equals(JUDGE)).mapToLong(ScoreCounts::costNanoUsd)
                            .reduce(0, Costs::plus),
                    counts.stream().mapToLong(ScoreCounts::unpriced).sum(), run.limits()));
        });
    }

    @Override
    public List<JudgementSetFacts> judgementSets(String runId) {
        return stored(runId).map(run -> {
            List<JudgementSetFacts> sets = run.judgementSets(verdicts(cells(runId)), served(runId));
            // rows are read only where a set has ended
            return sets.stream().anyMatch(JudgementSetFacts::settled)
                    ? settledByRows(sets, rowsOf(run).verdicts())
                    : sets;
        }).orElse(List.of());
    }

    /// A set is settled once its rows have arrived, too: figures are made of rows, and cells can overtake them.
    private static List<JudgementSetFacts> settledByRows(List<JudgementSetFacts> sets,
            Map<String, Map<String, Long>> verdicts) {
        return sets.stream()
                .map(set -> set.settled()
                        && !set.outcomes().equals(verdicts.getOrDefault(set.judgementSetId(), Map.of()))
                                ? set.unsettled()
                                : set)
                .toList();
    }

    private Served served(String runId) {
        List<Document> served = new ArrayList<>();
        store.forEachWithPrefix(Part.SERVED_MODELS, runId + '/', served::add);
        return new Served(served);
    }

    private static Map<String, Map<String, Long>> verdicts(List<ScoreCounts> counts) {
        Map<String, Map<String, Long>> verdicts = new TreeMap<>();
        for (ScoreCounts cell : counts) {
            if (cell.judgementSetId() != null) {
                cell.outcomes()
                        .forEach((outcome, count) -> verdicts
                                .computeIfAbsent(cell.judgementSetId(), set -> new TreeMap<>())
                                .merge(outcome, count, Long::sum));
            }
        }
        verdicts.values().forEach(outcomes -> outcomes.values().removeIf(count -> count == 0));
        return verdicts;
    }

    private static Progress.Stage stage(StoredRun run, Map<String, Map<String, Long>> outcomes, Set<String> kinds) {
        long planned = run.plannedSteps().stream().filter(steps -> kinds.contains(steps.kind()))
                .mapToLong(PlannedSteps::count).sum();
        Map<String, Long> done = new TreeMap<>();
        for (String kind : kinds) {
            outcomes.getOrDefault(kind, Map.of()).forEach((outcome, count) -> done.merge(outcome, count, Long::sum));
        }
        return new Progress.Stage(planned, done);
    }

    /// Steps by kind and outcome; of judgements only those of the run's own judge.
    private static Map<String, Map<String, Long>> outcomes(StoredRun run, List<ScoreCounts> counts) {
        Map<String, Map<String, Long>> outcomes = new TreeMap<>();
        for (ScoreCounts cell : counts) {
            if (cell.judgementSetId() == null || cell.judgementSetId().equals(run.judgementSetId())) {
                cell.outcomes()
                        .forEach((outcome, count) -> outcomes.computeIfAbsent(cell.kind(), kind -> new TreeMap<>())
                                .merge(outcome, count, Long::sum));
            }
        }
        return outcomes;
    }

    /// The same by the rows, of which figures are made: cells are written beside them and can arrive before them.
    private Map<String, Map<String, Long>> rowOutcomes(StoredRun run) {
        return rowsOf(run).outcomes();
    }

    private ReportTable rowsOf(StoredRun run) {
        ReportTable table = new ReportTable(run.plannedSteps(), run.judgementSetId());
        rows(run.id(), table::add);
        return table;
    }

    @Override
    public void rows(String runId, Consumer<ScoredStep> consumer) {
        store.forEachWithPrefix(Part.SCORE_ROWS, runId + '/', document -> ScoreRowWriter.read(document, consumer));
    }

    @Override
    public void dialogues(String runId, Consumer<Dialogue> consumer) {
        store.forEachWithPrefix(Part.DIALOGUES, runId + '/',
                document -> consumer.accept(DialogueFields.read(document)));
    }

    @Override
    public boolean dialoguesSettled(String runId) {
        Long planned = stored(runId).map(StoredRun::dialogues).orElse(null);
        if (planned == null) {
            return false;
        }
        return closedDialogues(runId) == planned;
    }

    private long closedDialogues(String runId) {
        long[] closed = new long[1];
        store.forEachWithPrefix(Part.DIALOGUES, runId + '/', document -> {
            if (document.containsKey(DialogueFields.CLOSING)) {
                closed[0]++;
            }
        }, DialogueFields.CLOSING);
        return closed[0];
    }

    @Override
    public List<ScoreCounts> cells(String runId) {
        List<ScoreCounts> cells = new ArrayList<>();
        store.forEachWithPrefix(Part.SCORE_CELLS, runId + '/', document -> ScoreCellWriter.read(document, cells::add));
        cells.sort(Comparator.comparing(ScoreCounts::cellId));
        return cells;
    }

    @Override
    public List<RejectedRow> rejections(String runId) {
        List<RejectedRow> rejections = new ArrayList<>();
        store.forEachWithPrefix(Part.REJECTED_ROWS, runId + '/',
                document -> rejections.add(RejectedRowFields.read(document)));
        rejections.sort(Comparator.comparing(RejectedRow::file)
                .thenComparing(RejectedRow::row, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(RejectedRow::field, Comparator.nullsFirst(Comparator.naturalOrder())));
        return rejections;
    }

    private Optional<StoredRun> stored(String runId) {
        return Optional.ofNullable(store.byIds(Part.RUNS, List.of(runId)).get(runId)).map(StoredRun::new);
    }
}
