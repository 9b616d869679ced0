package io.turnstream.standalone.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.Scoring;
import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.ReportCell;
import io.turnstream.projection.report.RunReport;
import io.turnstream.standalone.cli.SampleRuns;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoreTableTest {

    private static final String ID = "01JD0000000000000000000001";
    private static final RunReport RUN = SampleRuns.run(ID, "openai/gpt-5-mini", "completed");

    private static String table(Terminal terminal, Scoring scoring, RunReport run) {
        return String.join("\n", new ScoreTable(terminal, scoring, false).lines(run));
    }

    @Test
    void a_hundred_columns_hold_every_figure_with_interval_n_and_coverage() {
        assertThat(table(Terminal.plain(100, true), Scoring.CORRECTED, RUN)).startsWith(String.join("\n",
                "  openai/gpt-5-mini · judged by openai/gpt-5-mini · corrected scoring",
                "  run 01JD0000000000000000000001 · completed",
                "",
                "                    MCQ safe        MCQ unsafe      TF              safety-aware    helpfulness",
                "                    % correct       % correct       % correct       judge 1-5       judge 1-5",
                "  " + "─".repeat(97),
                "  type A multimodal 70.0 [64, 76]   71.0 [65, 77]   72.0 [66, 78]   3.23 [3.0, 3.4] 3.24 [3.0, 3.4]",
                "                    n 40, 100 %     n 40, 100 %     n 39, 97 %      n 40, 100 %     n 40, 100 %",
                "         unimodal   75.0 [69, 81]   76.0 [70, 82]   77.0 [71, 83]   3.28 [3.1, 3.5] 3.29 [3.1, 3.5]"));
    }

    @Test
    void no_line_is_wider_than_the_terminal() {
        for (int width : List.of(79, 80, 100, 140)) {
            for (boolean unicode : List.of(true, false)) {
                assertThat(new ScoreTable(Terminal.plain(width, unicode), Scoring.CORRECTED, false).lines(RUN))
                        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
            }
        }
    }

    @Test
    void eighty_columns_leave_out_the_intervals_and_keep_n_and_coverage() {
        assertThat(table(Terminal.plain(80, false), Scoring.CORRECTED, RUN))
                .contains("  type A multimodal 70.0        71.0        72.0        3.23        3.24")
                .contains("n 40 100%   n 40 100%   n 39 97%")
                .doesNotContain("[");
    }

    @Test
    void ascii_terminals_get_ascii() {
        assertThat(table(Terminal.plain(100, false), Scoring.CORRECTED, RUN)).matches("\\p{ASCII}*");
    }

    @Test
    void colours_are_for_terminals_that_want_them() {
        assertThat(table(new Terminal(true, 100, true, true), Scoring.CORRECTED, RUN)).contains("\u001b[1m");
        assertThat(table(new Terminal(true, 100, false, true), Scoring.CORRECTED, RUN)).doesNotContain("\u001b");
    }

    @Test
    void what_is_missing_is_a_dash_and_never_a_zero() {
        RunReport run = SampleRuns.run(ID, "m/x", "completed", null, Map.of(), List.of(
                new ReportCell("all", "all", "all", "mcq_safe", null, "corrected", null, 0, 12, null, null),
                new ReportCell("type_a", "unimodal", "all", "mcq_safe", null, "corrected", null, 0, 12, null, null)));

        assertThat(table(Terminal.plain(100, true), Scoring.CORRECTED, run)).contains("type A unimodal   –")
                .contains("n 0, 0 %").doesNotContain(" 0.0 ");
    }

    @Test
    void only_the_whole_plan_is_called_a_hundred_percent() {
        RunReport run = SampleRuns.run(ID, "m/x", "completed", null, Map.of(), List.of(
                new ReportCell("type_a", "all", "all", "tf", null, "corrected", 0.9, 5999, 6000, 0.88, 0.92)));

        assertThat(table(Terminal.plain(100, true), Scoring.CORRECTED, run)).contains("n 5999, 99 %");
    }

    @Test
    void outcomes_that_are_not_fine_stand_below_with_what_to_do() {
        RunReport run = SampleRuns.run(ID, "m/x", "incomplete", "3 calls failed for good",
                Map.of("turn", Map.of("answered", 7L, "truncated", 2L), "judge",
                        Map.of("judged", 1L, "judge_error", 3L)),
                SampleRuns.cells());

        assertThat(table(Terminal.plain(100, true), Scoring.CORRECTED, run))
                .contains("Not every step went well:")
                .contains("turns (9): 2 truncated")
                .contains("verdicts (4): 3 judge_error")
                .contains("Raise --max-tokens.")
                .contains("incomplete: 3 calls failed for good");
    }

    @Test
    void a_run_that_is_not_over_says_that_figures_are_not_final() {
        assertThat(table(Terminal.plain(100, true), Scoring.CORRECTED, SampleRuns.run(ID, "m/x", "paused")))
                .contains("paused, figures are not final");
    }

    @Test
    void rows_can_be_categories() {
        assertThat(String.join("\n", new ScoreTable(Terminal.plain(100, true), Scoring.CORRECTED, true).lines(RUN)))
                .contains("  Drugs             75.0 [50, 100]").contains("  all               50.0 [44, 56]");
    }

    @Test
    void several_runs_stand_side_by_side() {
        List<String> lines = new Overview(Terminal.plain(100, true), Scoring.CORRECTED).lines(
                List.of(JudgedRun.byItsOwnJudge(RUN),
                        JudgedRun.byItsOwnJudge(SampleRuns.run(ID, "sim/eager", "completed"))));

        assertThat(lines).containsExactly(
                "  overall                  MCQ safe    MCQ unsafe            TF  safety-aware   helpfulness",
                "  openai/gpt-5-mini            50.0          51.0          52.0          3.03          3.04",
                "  sim/eager                    50.0          51.0          52.0          3.03          3.04");
    }
}
