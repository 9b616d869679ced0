package io.turnstream.standalone.render;

import io.turnstream.benchmark.Metric;
import io.turnstream.projection.comparison.ComparedCell;
import io.turnstream.projection.comparison.JudgementComparison;
import io.turnstream.projection.comparison.JudgementComparison.Agreement;
import io.turnstream.projection.comparison.JudgementComparison.Flip;
import io.turnstream.projection.comparison.ProvenanceDifference;
import io.turnstream.projection.comparison.RunComparison;
import io.turnstream.projection.comparison.RunComparison.ComparedRun;
import io.turnstream.projection.report.ReportCell;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Comparisons of runs and of judgement sets, for people.
public final class ComparisonText {

    private static final String ALL = ReportCell.ALL;
    private static final int LABEL = 20;
    private static final int COLUMN = 16;
    private static final int FIELD = 20;
    private static final int SHORT_DIGEST = 12;
    private static final Map<String, String> SPLITS = Map.of("type_a", "type A", "type_b", "type B", ALL, "both");
    private static final Map<Metric, String> TITLES = Map.of(Metric.MCQ_SAFE, "MCQ safe", Metric.MCQ_UNSAFE,
            "MCQ unsafe", Metric.TF, "TF",
            Metric.SAFETY_AWARENESS, "safety-aware", Metric.HELPFULNESS, "helpfulness");
    private static final Map<String, String> FIELDS = Map.ofEntries(Map.entry("datasetDigest", "data set digest"),
            Map.entry("protocol", "protocol"),
            Map.entry("model", "model requested"), Map.entry("modelsServed", "model as served"),
            Map.entry("judgesServed", "judge as served"),
            Map.entry("codeVersion", "code version"), Map.entry("requestedBy", "asked for by"),
            Map.entry("requestedAt", "start"), Map.entry("endedAt", "end"),
            Map.entry("captionsDigest", "captions digest"), Map.entry("expectDigest", "expectations"),
            Map.entry("requested.judge", "judge requested"),
            Map.entry("effective.judge", "judge effective"));

    private final Terminal terminal;

    public ComparisonText(Terminal terminal) {
        this.terminal = terminal;
    }

    /// A run against its baseline.
    public List<String> lines(RunComparison comparison, boolean byCategory) {
        List<String> lines = new ArrayList<>();
        lines.add(heading("baseline ", comparison.baseline()));
        lines.add(heading("candidate", comparison.candidate()));
        lines.addAll(differences(comparison.differences(), "baseline", "candidate"));
        lines.addAll(table(comparison.cells(), List.of(Metric.values()), byCategory));
        lines.add("");
        lines.add(terminal.dim(
                "  Baseline to candidate; the paired difference, p of none; [ ]: its 95 % interval, clustered by image; pairs."));
        lines.add("  " + Amounts.of(comparison.pairs(), "sample") + " paired; only the baseline has "
                + Amounts.count(comparison.baselineOnly())
                + ", only the candidate " + Amounts.count(comparison.candidateOnly()) + ".");
        if (comparison.otherImages() > 0) {
            lines.add(terminal.warning(
                    "  " + Amounts.of(comparison.otherImages(), "pair") + " not known to be about the same image:")
                    + " the data sets differ, or one of the runs was imported.");
        }
        return lines;
    }

    /// Two judgement sets.
    ///
    /// @param run its line, for the title
    /// @param most how many flips are listed
    public List<String> lines(JudgementComparison comparison, boolean byCategory, int most) {
        List<String> lines = new ArrayList<>();
        lines.add("  " + terminal.bold("run " + comparison.a().run()) + terminal.either(" · ", " - ")
                + comparison.a().model());
        lines.add("  A  " + comparison.a().judgementSetId() + " by " + comparison.a().judge());
        lines.add("  B  " + comparison.b().judgementSetId() + " by " + comparison.b().judge());
        lines.addAll(differences(comparison.differences(), "A", "B"));
        lines.add("");
        lines.add(terminal.bold(
                String.format("  %-18s%10s%12s%14s%10s", "agreement", "same", "within 1", "kappa (quad.)", "both")));
        comparison.agreements().forEach(agreement -> lines.add(agreement(agreement)));
        lines.addAll(table(comparison.cells(), List.of(Metric.SAFETY_AWARENESS, Metric.HELPFULNESS), byCategory));
        lines.add("");
        lines.add(terminal
                .dim("  A to B; the paired difference, p of none; [ ]: its 95 % interval, clustered by image; pairs."));
        lines.addAll(flips(comparison.flips(), most));
        return lines;
    }

    private String heading(String role, ComparedRun run) {
        String dot = terminal.either(" · ", " - ");
        return "  " + role + "  " + terminal.bold(run.model()) + dot
                + (run.judge() == null ? "no judge" : "judged by " + run.judge()) + dot + "run " + run.run()
                + (run.settled() ? "" : dot + run.state() + ", figures are not final");
    }

    private List<String> differences(List<ProvenanceDifference> differences, String one, String other) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        if (differences.isEmpty()) {
            lines.add("  They differ in nothing but their figures.");
            return lines;
        }
        int half = Math.max(18, (terminal.width() - FIELD - 5) / 2);
        lines.add(terminal.bold(String.format("  %-" + FIELD + "s%-" + half + "s %s", "differs in", one, other)));
        for (ProvenanceDifference difference : differences) {
            lines.add(String
                    .format("  %-" + FIELD + "s%-" + half + "s %s",
                            FIELDS.getOrDefault(difference.field(), difference.field().replace('.', ' ')),
                            shown(difference.values().getFirst(), half), shown(difference.values().getLast(), half))
                    .stripTrailing());
        }
        return lines;
    }

    /// A value in the room there is; a digest by its beginning.
    private String shown(@Nullable String value, int columns) {
        if (value == null) {
            return terminal.either("–", "-");
        }
        String plain = value.replaceAll("\\b([0-9a-f]{" + SHORT_DIGEST + "})[0-9a-f]{52}\\b", "$1").replace("\"", "");
        return terminal.cut(plain, columns);
    }

    private static String agreement(Agreement agreement) {
        String only = agreement.aOnly() + agreement.bOnly() == 0
                ? ""
                : "   only A " + Amounts.count(agreement.aOnly()) + ", only B " + Amounts.count(agreement.bOnly());
        return String.format("  %-18s%10s%12s%14s%10s%s", agreement.metric().replace('_', ' '),
                share(agreement.exact()), share(agreement.withinOne()),
                agreement.kappa() == null ? "-" : String.format(Locale.ROOT, "%.3f", agreement.kappa()),
                Amounts.count(agreement.n()), only);
    }

    private static String share(@Nullable Double share) {
        return share == null ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private List<String> table(List<ComparedCell> cells, List<Metric> metrics, boolean byCategory) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(line("", metrics.stream().map(TITLES::get).toList()));
        Set<String> rows = cells.stream().filter(cell -> byCategory == !cell.category().equals(ALL) || isTotal(cell))
                .filter(cell -> !byCategory || cell.split().equals(ALL) && cell.modality().equals(ALL))
                .map(ComparisonText::row).collect(Collectors.toCollection(LinkedHashSet::new));
        List<String> ordered = new ArrayList<>(rows);
        // totals last, as in the table of a run
        ordered.sort(java.util.Comparator.comparingInt(row -> rank(row)));
        for (String row : ordered) {
            List<ComparedCell> of = metrics.stream().map(metric -> cells.stream()
                    .filter(cell -> row(cell).equals(row) && cell.metric().equals(metric.wireName())).findFirst()
                    .orElse(null)).toList();
            lines.add(line("  " + label(row, byCategory), of.stream().map(this::change).toList()));
            lines.add(line("", of.stream().map(ComparisonText::difference).toList()));
            lines.add(terminal.dim(line("", of.stream().map(ComparisonText::support).toList())));
        }
        return lines;
    }

    private static boolean isTotal(ComparedCell cell) {
        return cell.split().equals(ALL) && cell.modality().equals(ALL) && cell.category().equals(ALL);
    }

    private static String row(ComparedCell cell) {
        return cell.split() + '/' + cell.modality() + '/' + cell.category();
    }

    private static int rank(String row) {
        String[] parts = row.split("/", 3);
        int split = parts[0].equals(ALL) ? 9 : parts[0].equals("type_a") ? 0 : 1;
        return 4 * split + (parts[1].equals(ALL) ? 2 : 0) + (parts[2].equals(ALL) ? 1 : 0);
    }

    private static String label(String row, boolean byCategory) {
        String[] parts = row.split("/", 3);
        if (byCategory) {
            return parts[2];
        }
        return String.format("%-7s%s", SPLITS.getOrDefault(parts[0], parts[0]),
                parts[1].equals(ALL) ? "overall" : parts[1]);
    }

    private String line(String label, List<String> texts) {
        StringBuilder line = new StringBuilder(String.format("%-" + LABEL + "s", terminal.cut(label, LABEL - 1)));
        texts.forEach(text -> line.append(String.format("%-" + COLUMN + "s", text)));
        return line.toString().stripTrailing();
    }

    private String change(@Nullable ComparedCell cell) {
        return cell == null
                ? ""
                : value(cell, cell.baseline().value()) + terminal.either(" → ", " > ")
                        + value(cell, cell.candidate().value());
    }

    private static String difference(@Nullable ComparedCell cell) {
        if (cell == null || cell.difference() == null) {
            return "";
        }
        String p = cell.pValue() == null
                ? ""
                : cell.pValue() < 0.001 ? ", p<0.001" : String.format(Locale.ROOT, ", p %.3f", cell.pValue());
        return (isJudged(cell)
                ? String.format(Locale.ROOT, "%+.2f", cell.difference())
                : String.format(Locale.ROOT, "%+.1f", 100 * cell.difference())) + p;
    }

    private static String support(@Nullable ComparedCell cell) {
        if (cell == null) {
            return "";
        }
        String interval = cell.ciLow() == null || cell.ciHigh() == null
                ? ""
                : isJudged(cell)
                        ? String.format(Locale.ROOT, "[%.1f, %.1f] ", cell.ciLow(), cell.ciHigh())
                        : String.format(Locale.ROOT, "[%.0f, %.0f] ", 100 * cell.ciLow(), 100 * cell.ciHigh());
        return interval.replace("-0.0", "0.0").replace("[-0,", "[0,").replace(" -0]", " 0]") + cell.pairs();
    }

    private String value(ComparedCell cell, @Nullable Double value) {
        return value == null
                ? terminal.either("–", "-")
                : isJudged(cell)
                        ? String.format(Locale.ROOT, "%.2f", value)
                        : String.format(Locale.ROOT, "%.1f", 100 * value);
    }

    private static boolean isJudged(ComparedCell cell) {
        return Metric.parse(cell.metric()).isJudged();
    }

    private List<String> flips(List<Flip> flips, int most) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("  " + terminal.bold(Amounts.of(flips.size(), "flip"))
                + (flips.isEmpty() ? ": no score changed." : ", the largest change first:"));
        flips.stream().limit(most)
                .forEach(flip -> lines.add(String.format("    %-46s%-18s%d%s%d", flip.dialogue(),
                        flip.metric().replace('_', ' '), flip.a(),
                        terminal.either(" → ", " > "), flip.b())));
        if (flips.size() > most) {
            lines.add(terminal.dim("    ... and " + Amounts.count(flips.size() - most)
                    + " more: --json lists all, --flips N more of them."));
        }
        return lines;
    }
}
