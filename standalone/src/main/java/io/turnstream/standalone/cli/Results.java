package io.turnstream.standalone.cli;

import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.ReportDocument;
import io.turnstream.projection.report.ReportJson;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;
import io.turnstream.standalone.render.GateText;
import io.turnstream.standalone.render.Overview;
import io.turnstream.standalone.render.RejectionList;
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

    /// Whether results are printed for programs.
    boolean areJson() {
        return table.json();
    }

    /// Prints runs under their own judges.
    ///
    /// @param reports where they come from, for what was wrong with their data sets
    void print(Reports reports, List<RunReport> runs) {
        printJudged(reports, runs.stream().map(JudgedRun::byItsOwnJudge).toList());
    }

    /// Prints runs under the judges that are named.
    ///
    /// @param reports where they come from, for what was wrong with their data sets
    void printJudged(Reports reports, List<JudgedRun> judged) {
        List<RunReport> runs = judged.stream().map(JudgedRun::run).toList();
        if (table.json()) {
            around.out().println(ReportJson.pretty(ReportDocument.of(
                    table.byCategory() ? runs : runs.stream().map(RunReport::withoutCategories).toList())));
            around.out().flush();
            return;
        }
        ScoreTable scores = new ScoreTable(around.screen(), table.scoring(), table.byCategory());
        for (JudgedRun run : judged) {
            around.out().println();
            scores.lines(run).forEach(around.out()::println);
            rejections(reports, run.run());
            if (run.isOwn()) {
                new GateText(around.screen()).lines(run.run()).forEach(around.out()::println);
            }
        }
        if (runs.size() > 1) {
            around.out().println();
            new Overview(around.screen(), table.scoring()).lines(judged).forEach(around.out()::println);
        }
        around.out().flush();
    }

    private void rejections(Reports reports, RunReport run) {
        Long rows = run.provenance().rejectedRows();
        Long questions = run.provenance().rejectedQuestions();
        if (rows != null && rows > 0 || questions != null && questions > 0 || run.state().equals("failed")) {
            new RejectionList(around.screen()).lines(reports.rejections(run.id())).forEach(around.out()::println);
        }
    }

    /// Says something beside the results: below the tables, or on standard error where standard output is JSON.
    void say(String line) {
        (table.json() ? around.err() : around.out()).println(line);
        (table.json() ? around.err() : around.out()).flush();
    }
}
