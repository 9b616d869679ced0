package io.turnstream.integration;

import static io.turnstream.cluster.Await.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.Await;
import io.turnstream.console.AcceptedJudgement;
import io.turnstream.console.JudgementOrder;
import io.turnstream.integration.JudgedPlatform.Printed;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.ReportCell;
import io.turnstream.projection.report.RunReport;
import io.turnstream.simulator.SimulatorStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Recorded runs are judged again through the whole platform and the command line, and no model under test hears of it.
class RejudgingIT {

    /// 2 rows of 2 splits in 2 modalities, each a safe and an unsafe dialogue.
    private static final int DIALOGUES = 2 * 2 * 2 * 2;

    private static JudgedPlatform platform;
    private static String run;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void recordARun() {
        platform = new JudgedPlatform(folder);
        run = platform.platform().submit(Orders.rows(2, 16)).getFirst();
        Await.until(PATIENCE, () -> "the run: " + platform.reports().progress(run),
                () -> platform.reports().progress(run).filter(progress -> progress.settled()).isPresent());
    }

    @AfterAll
    static void stop() throws Exception {
        platform.close();
    }

    @Test
    void anotherJudgeFillsASetOfItsOwnAndNoModelIsCalled() {
        long modelCalls = calls("contextual");
        Map<String, Double> before = verdicts(report(), ownSet());

        Printed printed = platform.run("score", run, "--judge", "sim/judge-strict");

        assertThat(printed.code()).as(printed.err()).isZero();
        assertThat(calls("contextual")).isEqualTo(modelCalls);
        assertThat(calls("judge-strict")).isEqualTo(DIALOGUES);
        String set = set("sim/judge-strict").judgementSetId();
        assertThat(set("sim/judge-strict")).satisfies(facts -> {
            assertThat(facts.state()).isEqualTo("completed");
            assertThat(facts.outcomes()).isEqualTo(Map.of("judged", (long) DIALOGUES));
            assertThat(facts.judgesServed()).containsExactly("judge-strict-sim-2026-01");
        });
        assertThat(verdicts(report(), ownSet())).as("verdicts that were there").isEqualTo(before);
        assertThat(verdicts(report(), set)).isNotEqualTo(before).hasSameSizeAs(before);
        assertThat(report().provenance().judgesServed()).containsExactly("judge-sim-2026-01");
        assertThat(printed.out()).contains("judged by sim/judge-strict").contains("judgement set " + set);
        assertThat(platform.run("score", run, "--judge", "sim/judge-strict")).satisfies(again -> {
            assertThat(again.code()).isEqualTo(2);
            assertThat(again.err()).contains("the set " + set + " exists").contains("--only unscored");
        });
    }

    @Test
    void whatAJudgeRefusedIsCompletedByTheSameJudgeAloneAndThenEqualsASetWithoutTheTrouble() {
        assertThat(platform.run("score", run, "--judge", "sim/judge-strict@calm").code()).isZero();
        platform.simulator().apply(platform.simulator().settings()
                .merged("{\"models\": {\"judge-strict@upset\": {\"refusals\": {\"refusal\": 0.5}}}}"));
        assertThat(platform.run("score", run, "--judge", "sim/judge-strict@upset").code()).isZero();
        JudgementSetFacts troubled = set("sim/judge-strict@upset");
        assertThat(troubled.outcomes()).containsKeys("judged", "judge_refused");
        long refused = troubled.outcomes().get("judge_refused");
        platform.simulator()
                .apply(platform.simulator().settings().merged("{\"models\": {\"judge-strict@upset\": null}}"));
        long callsBefore = calls("judge-strict@upset");

        Printed stranger = platform.run("score", run, "--judge", "sim/judge-strict@other", "--only", "unscored");
        Printed same = platform.run("score", run, "--judge", "sim/judge-strict@upset", "--only", "unscored");

        assertThat(stranger.code()).isEqualTo(2);
        assertThat(stranger.err()).contains("no set of exactly this judge")
                .contains(troubled.judgementSetId() + " by sim/judge-strict@upset");
        assertThat(calls("judge-strict@other")).isZero();
        assertThat(same.code()).as(same.err()).isZero();
        assertThat(calls("judge-strict@upset") - callsBefore).as("only what had no score").isEqualTo(refused);
        JudgementSetFacts completed = set("sim/judge-strict@upset");
        assertThat(completed.judgementSetId()).isEqualTo(troubled.judgementSetId());
        assertThat(completed.outcomes()).isEqualTo(Map.of("judged", (long) DIALOGUES));
        assertThat(verdicts(report(), completed.judgementSetId()))
                .isEqualTo(verdicts(report(), set("sim/judge-strict@calm").judgementSetId()));
    }

    @Test
    void aRunWhoseProjectionIsGoneIsJudgedFromTheLog() {
        Map<String, Double> before = verdicts(report(), ownSet());
        String own = ownSet();
        platform.dropProjection();
        assertThat(platform.reports().run(run)).isEmpty();

        AcceptedJudgement accepted = platform.platform().judge(run,
                new JudgementOrder("sim/judge-strict@dropped", null, false, null, null, null, null, null,
                        "integration-tests"));

        Await.until(PATIENCE, () -> calls("judge-strict@dropped") + " of " + DIALOGUES + " verdicts asked for",
                () -> calls("judge-strict@dropped") == DIALOGUES);
        platform.project();
        Await.until(PATIENCE, () -> "the set: " + platform.reports().judgementSets(run),
                () -> platform.reports().judgementSets(run).stream()
                        .anyMatch(
                                set -> set.judgementSetId().equals(accepted.set().judgementSetId()) && set.settled()));
        Await.until(PATIENCE, () -> "the run: " + platform.reports().progress(run),
                () -> platform.reports().progress(run).filter(progress -> progress.settled()).isPresent());
        assertThat(verdicts(report(), own)).isEqualTo(before);
        assertThat(verdicts(report(), accepted.set().judgementSetId())).hasSameSizeAs(before).doesNotContainValue(null);
    }

    @Test
    void aSelectionJudgesOnlyWhatItNames() {
        assertThat(platform
                .run("score", run, "--judge", "sim/judge-strict@some", "--select", "split=type_b intent=unsafe").code())
                .isZero();

        assertThat(calls("judge-strict@some")).isEqualTo(DIALOGUES / 4);
        assertThat(set("sim/judge-strict@some").outcomes()).isEqualTo(Map.of("judged", (long) DIALOGUES / 4));
    }

    @Test
    void aSetStopsBeforeItsLimitAndGoesOnWithAHigherOneWithoutPayingTwice() throws IOException {
        // Given money for some of the verdicts
        String prices = Files.writeString(folder.resolve("prices.yaml"), "sim/judge-strict@dear: {input: 2, output: 8}")
                .toString();

        // When
        Printed halted = platform.run("score", run, "--judge", "sim/judge-strict@dear", "--prices", prices,
                "--cost-limit", "0.02");

        // Then
        assertThat(halted.code()).as(halted.err()).isEqualTo(3);
        assertThat(halted.err()).contains("the cost limit of $0.02 is reached").contains("Raise --cost-limit")
                .contains("turnstream score " + run + " --judge sim/judge-strict@dear --only unscored");
        assertThat(calls("judge-strict@dear")).isBetween(1L, DIALOGUES - 1L);
        assertThat(set("sim/judge-strict@dear").costNanoUsd()).isEqualTo(nanoUsd("judge-strict@dear"))
                .isLessThanOrEqualTo(20_000_000);

        // When
        Printed raised = platform.run("score", run, "--judge", "sim/judge-strict@dear", "--only", "unscored",
                "--prices", prices, "--cost-limit", "1");

        // Then
        assertThat(raised.code()).as(raised.err()).isZero();
        assertThat(calls("judge-strict@dear")).isEqualTo(DIALOGUES);
        assertThat(set("sim/judge-strict@dear").costNanoUsd()).isEqualTo(nanoUsd("judge-strict@dear"));
    }

    private static long nanoUsd(String model) {
        SimulatorStats.Counts counts = platform.simulator().stats().model(model);
        return counts.promptTokens() * 2_000 + counts.completionTokens() * 8_000;
    }

    private static RunReport report() {
        return platform.reports().run(run).orElseThrow();
    }

    private static String ownSet() {
        return String.valueOf(report().provenance().judgementSetId());
    }

    private static JudgementSetFacts set(String judge) {
        return report().judgementSets().stream().filter(set -> set.judge().equals(judge)).findFirst().orElseThrow();
    }

    private static long calls(String model) {
        return platform.simulator().stats().model(model).calls();
    }

    /// Every judged figure of a set under the corrected scoring: the reference scoring reads first answers, of which
    /// some were refusals.
    private static Map<String, Double> verdicts(RunReport report, String set) {
        Map<String, Double> figures = new TreeMap<>();
        for (ReportCell cell : report.cells()) {
            if (set.equals(cell.judgementSetId()) && cell.scoring().equals("corrected")) {
                figures.put(String.join("/", cell.split(), cell.modality(), cell.category(), cell.metric(),
                        cell.n() + " of " + cell.total()), cell.value());
            }
        }
        return figures;
    }
}
