package io.turnstream.standalone.render;

import io.turnstream.benchmark.Metric;
import io.turnstream.benchmark.Scoring;
import io.turnstream.projection.report.EpochSpread;
import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.ReportCell;
import io.turnstream.projection.report.RunReport;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The paper's table of one run: rows by split and modality (or by category), columns by metric. Each figure stands
/// with its 95 % interval, the number of samples it rests on, and the share of the plan that is.
public final class ScoreTable {

    private static final String ALL = ReportCell.ALL;
    private static final int LABEL = 20;
    private static final int COLUMN = 16;
    private static final int NARROW_COLUMN = 12;
    private static final int FULL_WIDTH = LABEL + 5 * COLUMN - 1;

    private static final Map<String, String> SPLITS = Map.of("type_a", "type A", "type_b", "type B", ALL, "both");
    private static final Map<String, String> MODALITIES = Map.of(ALL, "overall");

    private record Row(String label, List<Optional<ReportCell>> cells, boolean ruleBefore) {}

    private final Terminal terminal;
    private final Scoring scoring;
    private final boolean byCategory;

    /// @param byCategory rows by safety scenario in place of split and modality
    public ScoreTable(Terminal terminal, Scoring scoring, boolean byCategory) {
        this.terminal = terminal;
        this.scoring = scoring;
        this.byCategory = byCategory;
    }

    /// The lines of a run's table under its own judge.
    public List<String> lines(RunReport run) {
        return lines(JudgedRun.byItsOwnJudge(run));
    }

    /// The table's lines, title and what is to be noted included.
    public List<String> lines(JudgedRun run) {
        boolean wide = terminal.width() >= FULL_WIDTH;
        int column = wide ? COLUMN : NARROW_COLUMN;
        List<String> lines = new ArrayList<>();
        title(run, lines);
        if (run.run().cells().isEmpty()) {
            lines.add("");
            lines.add("  No figures: nothing is planned.");
            lines.addAll(new RunNotes(terminal).lines(run));
            return lines;
        }
        lines.add("");
        lines.add(header(column, List.of("MCQ safe", "MCQ unsafe", "TF", wide ? "safety-aware" : "safety",
                wide ? "helpfulness" : "helpful")));
        lines.add(
                terminal.dim(header(column, List.of("% correct", "% correct", "% correct", "judge 1-5", "judge 1-5"))));
        for (Row row : byCategory ? categoryRows(run) : rows(run)) {
            if (row.ruleBefore()) {
                lines.add(terminal.dim("  " + terminal.either("─", "-").repeat(LABEL - 2 + 5 * column - 1)));
            }
            lines.add(line("  " + row.label(), row.cells().stream().map(cell -> value(cell, wide)).toList(), column));
            lines.add(terminal.dim(line("", row.cells().stream().map(cell -> support(cell, wide)).toList(), column)));
            if (hasEpochs(row.cells())) {
                lines.add(
                        terminal.dim(line("", row.cells().stream().map(cell -> spread(cell, wide)).toList(), column)));
            }
        }
        lines.add("");
        String legend = wide
                ? "[ ]: 95 % interval, clustered by image. n: samples it rests on, and their share of the plan."
                : "n: samples it rests on, and their share of the plan. Intervals: " + FULL_WIDTH + " columns.";
        lines.add(terminal.dim("  " + legend));
        int epochs = epochs(run.run());
        if (epochs > 1) {
            lines.add(terminal.dim("  sd: spread of the value between " + epochs + " epochs"
                    + (wide ? ", then its lowest and highest." : ".")));
        }
        lines.addAll(new RunNotes(terminal).lines(run));
        return lines;
    }

    private void title(JudgedRun judged, List<String> lines) {
        RunReport run = judged.run();
        String dot = terminal.either(" · ", " - ");
        lines.add("  " + terminal.bold(run.model()) + dot
                + (judged.judge() == null ? "no judge" : "judged by " + judged.judge()) + dot
                + scoring.name().toLowerCase(Locale.ROOT) + " scoring");
        lines.add(terminal
                .dim("  run " + run.id() + dot + run.state() + (run.settled() ? "" : ", figures are not final")));
        if (!judged.isOwn()) {
            lines.add(terminal.dim("  judgement set " + judged.judgementSetId() + dot + judged.state()
                    + (judged.facts().map(JudgementSetFacts::settled).orElse(false)
                            ? ""
                            : ", verdicts are not final")));
        }
    }

    private static String header(int column, List<String> titles) {
        return line("", titles, column);
    }

    private List<Row> rows(JudgedRun run) {
        List<Row> rows = new ArrayList<>();
        for (String split : List.of("type_a", "type_b", ALL)) {
            boolean first = true;
            for (String modality : List.of("multimodal", "unimodal", ALL)) {
                List<Optional<ReportCell>> cells = cells(run, split, modality, ALL);
                if (cells.stream().anyMatch(Optional::isPresent) && !(split.equals(ALL) && onlyOneSplit(run.run()))) {
                    String label = String.format("%-7s%s", first ? SPLITS.get(split) : "",
                            MODALITIES.getOrDefault(modality, modality));
                    rows.add(new Row(label, cells, first));
                    first = false;
                }
            }
        }
        return rows;
    }

    private static boolean onlyOneSplit(RunReport run) {
        return run.cells().stream().map(ReportCell::split).filter(split -> !split.equals(ALL)).distinct().count() < 2;
    }

    private List<Row> categoryRows(JudgedRun run) {
        Set<String> categories = new LinkedHashSet<>();
        run.run().cells().stream().map(ReportCell::category).filter(category -> !category.equals(ALL)).sorted()
                .forEach(categories::add);
        List<Row> rows = new ArrayList<>();
        for (String category : categories) {
            rows.add(new Row(terminal.cut(category, LABEL - 3), cells(run, ALL, ALL, category), rows.isEmpty()));
        }
        rows.add(new Row("all", cells(run, ALL, ALL, ALL), true));
        return rows;
    }

    private List<Optional<ReportCell>> cells(JudgedRun run, String split, String modality, String category) {
        List<Optional<ReportCell>> cells = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            cells.add(run.cell(split, modality, category, metric.name().toLowerCase(Locale.ROOT),
                    scoring.name().toLowerCase(Locale.ROOT)));
        }
        return cells;
    }

    private static String line(String label, List<String> texts, int column) {
        StringBuilder line = new StringBuilder(String.format("%-" + LABEL + "s", label));
        texts.forEach(text -> line.append(String.format("%-" + column + "s", text)));
        return line.toString().stripTrailing();
    }

    private String value(Optional<ReportCell> given, boolean wide) {
        if (given.isEmpty() || given.get().value() == null) {
            return terminal.either("–", "-");
        }
        ReportCell cell = given.get();
        String value = figure(cell, cell.value());
        if (!wide || cell.ciLow() == null || cell.ciHigh() == null) {
            return value;
        }
        return judged(cell)
                ? String.format(Locale.ROOT, "%s [%.1f, %.1f]", value, cell.ciLow(), cell.ciHigh())
                : String.format(Locale.ROOT, "%s [%.0f, %.0f]", value, 100 * cell.ciLow(), 100 * cell.ciHigh());
    }

    private static String support(Optional<ReportCell> given, boolean wide) {
        if (given.isEmpty()) {
            return "";
        }
        ReportCell cell = given.get();
        return wide ? "n " + cell.n() + ", " + coverage(cell) : "n " + cell.n() + " " + coverage(cell).replace(" ", "");
    }

    private static boolean hasEpochs(List<Optional<ReportCell>> cells) {
        return cells.stream().flatMap(Optional::stream).anyMatch(cell -> cell.epochs() != null);
    }

    private static int epochs(RunReport run) {
        return run.cells().stream().map(ReportCell::epochs).filter(Objects::nonNull)
                .mapToInt(spread -> spread.values().size()).max().orElse(1);
    }

    /// `sd 1.3 88-91`
    private static String spread(Optional<ReportCell> given, boolean wide) {
        if (given.isEmpty() || given.get().epochs() == null) {
            return "";
        }
        EpochSpread spread = given.get().epochs();
        if (judged(given.get())) {
            String sd = String.format(Locale.ROOT, "sd %.2f", spread.standardDeviation());
            return wide ? String.format(Locale.ROOT, "%s %.1f-%.1f", sd, spread.min(), spread.max()) : sd;
        }
        String sd = String.format(Locale.ROOT, "sd %.1f", 100 * spread.standardDeviation());
        return wide ? String.format(Locale.ROOT, "%s %.0f-%.0f", sd, 100 * spread.min(), 100 * spread.max()) : sd;
    }

    /// The share of the plan a value rests on; only the whole of it is called 100 %.
    private static String coverage(ReportCell cell) {
        if (cell.total() == 0) {
            return "0 %";
        }
        if (cell.n() == cell.total()) {
            return "100 %";
        }
        return (int) Math.floor(100.0 * cell.n() / cell.total()) + " %";
    }

    /// A value as it stands in the table: percent with one decimal, or the judge's scale with two.
    static String figure(ReportCell cell, double value) {
        if (judged(cell)) {
            return String.format(Locale.ROOT, "%.2f", value);
        }
        // a digit less, so that its interval fits beside it
        return value == 1 ? "100" : String.format(Locale.ROOT, "%.1f", 100 * value);
    }

    private static boolean judged(ReportCell cell) {
        return cell.metric().equals("safety_awareness") || cell.metric().equals("helpfulness");
    }
}
