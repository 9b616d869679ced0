package io.turnstream.standalone.render;

import io.turnstream.benchmark.Metric;
import io.turnstream.benchmark.Scoring;
import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.ReportCell;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Several runs side by side: one line each, overall figures only.
public final class Overview {

    private static final int COLUMN = 14;

    private final Terminal terminal;
    private final Scoring scoring;

    public Overview(Terminal terminal, Scoring scoring) {
        this.terminal = terminal;
        this.scoring = scoring;
    }

    /// A header and a line per run.
    public List<String> lines(List<JudgedRun> runs) {
        int widest = runs.stream().mapToInt(run -> run.run().model().length()).max().orElse(5);
        int label = Math.clamp(terminal.width() - 5L * COLUMN - 4, 12, Math.max(12, widest)) + 2;
        List<String> lines = new ArrayList<>();
        lines.add(line("  " + pad("overall", label),
                List.of("MCQ safe", "MCQ unsafe", "TF", "safety-aware", "helpfulness")));
        for (JudgedRun run : runs) {
            List<String> figures = new ArrayList<>();
            for (Metric metric : Metric.values()) {
                Optional<ReportCell> cell = run.cell(ReportCell.ALL, ReportCell.ALL, ReportCell.ALL,
                        metric.name().toLowerCase(Locale.ROOT), scoring.name().toLowerCase(Locale.ROOT));
                figures.add(cell.filter(c -> c.value() != null)
                        .map(c -> ScoreTable.figure(c, c.value() == null ? 0 : c.value()))
                        .orElse(terminal.either("–", "-")));
            }
            lines.add(line("  " + pad(terminal.cut(run.run().model(), label - 2), label), figures));
        }
        return lines;
    }

    private static String pad(String text, int width) {
        return String.format("%-" + width + "s", text);
    }

    private static String line(String label, List<String> texts) {
        StringBuilder line = new StringBuilder(label);
        texts.forEach(text -> line.append(String.format("%" + COLUMN + "s", text)));
        return line.toString();
    }
}
