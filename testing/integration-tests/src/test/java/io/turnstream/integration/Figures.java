package io.turnstream.integration;

import io.turnstream.projection.report.ReportCell;
import io.turnstream.projection.report.RunReport;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What must be the same however a run went: each cell's value, n and total, and the outcomes. Names of runs and
/// judgement sets, times and attempts are left out.
///
/// @param cells by split, modality, category, metric and scoring
/// @param outcomes by kind of step
record Figures(String state, long planned, Map<String, Cell> cells, Map<String, Map<String, Long>> outcomes) {

    /// One figure.
    record Cell(@Nullable Double value, long n, long total) {}

    static Figures of(RunReport report) {
        Map<String, Cell> cells = new TreeMap<>();
        for (ReportCell cell : report.cells()) {
            Cell twin = cells.put(
                    String.join("/", cell.split(), cell.modality(), cell.category(), cell.metric(), cell.scoring()),
                    new Cell(cell.value(), cell.n(), cell.total()));
            if (twin != null) {
                throw new AssertionError("two cells for " + cell);
            }
        }
        return new Figures(report.state(), report.planned(), cells, report.outcomesByKind());
    }
}
