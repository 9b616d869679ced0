package io.turnstream.standalone.cli;

import io.turnstream.projection.report.ReportDocument;
import io.turnstream.projection.report.ReportJson;
import io.turnstream.projection.report.RunReport;
import io.turnstream.standalone.render.Overview;
import io.turnstream.standalone.render.ScoreTable;
import java.util.List;

/// Prints results: tables for people, or one JSON document.
final class Results {

    private final Surroundings around;
    private final TableOptions table;

    Results(Surroundings around, TableOptions table) {
        this.around = around;
        this.table = table;
    }

    /// Prints the runs.
    void print(List<RunReport> runs) {
        if (table.json()) {
            around.out().println(ReportJson.pretty(ReportDocument.of(
                    table.byCategory() ? runs : runs.stream().map(RunReport::withoutCategories).toList())));
            around.out().flush();
            return;
        }
        ScoreTable scores = new ScoreTable(around.screen(), table.scoring(), table.byCategory());
        for (RunReport run : runs) {
            around.out().println();
            scores.lines(run).forEach(around.out()::println);
        }
        if (runs.size() > 1) {
            around.out().println();
            new Overview(around.screen(), table.scoring()).lines(runs).forEach(around.out()::println);
        }
        around.out().flush();
    }

    /// Says something beside the results: below the tables, or on standard error where standard output is JSON.
    void say(String line) {
        (table.json() ? around.err() : around.out()).println(line);
        (table.json() ? around.err() : around.out()).flush();
    }
}
