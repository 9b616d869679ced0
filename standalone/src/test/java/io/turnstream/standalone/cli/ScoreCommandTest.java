package io.turnstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.console.JudgementOrder;
import io.turnstream.console.UnacceptableRunException;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.report.Provenance.Limits;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreCommandTest {

    private static final String FIRST = "01JD0000000000000000000001";
    private static final String SECOND = "01JD0000000000000000000002";

    @TempDir
    Path folder;

    private CommandLineRig rig;

    @BeforeEach
    void aRecordedRun() {
        rig = new CommandLineRig(folder);
        rig.environment.put("OPENAI_API_KEY", "k");
        rig.platforms.runs.put(FIRST, SampleRuns.run(FIRST, "sim/eager", "completed"));
    }

    @Test
    void startsJudgesOnlyAndEndsWithTheTableOfTheNewSetAndHowToCompare() {
        rig.platforms.judgementSets.add(SampleRuns.judgementSet("js-again", "completed"));

        assertThat(rig.run("score", "last", "--judge", "openai/gpt-5")).as(rig.err()).isZero();

        assertThat(rig.platforms.work).isEqualTo(Platforms.Work.JUDGE_CALLS);
        assertThat(rig.platforms.orders).isEmpty();
        JudgementOrder order = rig.platforms.judgementOrders.getFirst();
        assertThat(order.judge()).isEqualTo("openai/gpt-5");
        assertThat(order.parameters()).as("those of the run's judge").isNull();
        assertThat(order.onlyUnscored()).isFalse();
        assertThat(rig.out()).contains("judged by openai/gpt-5").contains("judgement set js-again")
                .contains("turnstream compare --judgements js-1 js-again " + FIRST);
        assertThat(rig.err()).contains("Run " + FIRST + ": judgement set js-again by openai/gpt-5");
    }

    @Test
    void aFlagThatIsLeftOutIsWhatTheRunsJudgeHad() {
        rig.platforms.judgementSets.add(SampleRuns.judgementSet("js-again", "completed"));

        rig.run("score", FIRST, "--judge", "openai/gpt-5", "--judge-max-tokens", "none", "--judge-max-connections", "7",
                "--max-retries", "1", "--timeout", "9s", "--judge-rpm", "60", "--judge-tpm", "9000", "--select",
                "split=type_a", "--replicate", "2");

        JudgementOrder order = rig.platforms.judgementOrders.getFirst();
        assertThat(order.parameters()).isEqualTo(new Parameters(0.0, null, null));
        assertThat(order.limits()).isEqualTo(new Limits(7, 1, 9_000, 60, 9_000L));
        assertThat(order.select()).isEqualTo("split=type_a");
        assertThat(order.replicate()).isEqualTo(2);
    }

    @Test
    void ctrlCPausesAndSaysWithWhichCommandItGoesOn() {
        rig.platforms.judgementSets.add(SampleRuns.judgementSet("js-again", "running"));
        rig.interruptAfterLooks = 2;

        assertThat(rig.run("score", "last", "--judge", "openai/gpt-5", "--judge-temperature", "0.5")).isEqualTo(130);

        assertThat(rig.platforms.commands).containsExactly("PAUSE " + FIRST + " js-again");
        assertThat(rig.err()).contains("go on with: turnstream score " + FIRST
                + " --judge openai/gpt-5 --judge-temperature 0.5 --only unscored");
    }

    @ParameterizedTest
    @CsvSource({"completed, 0", "incomplete, 3", "cancelled, 3", "failed, 2", "halted, 3"})
    void theStateTheSetEndsInMakesTheExitCode(String state, int code) {
        rig.platforms.judgementSets.add(SampleRuns.judgementSet("js-again", state));

        assertThat(rig.run("score", "last", "--judge", "openai/gpt-5")).as(rig.err()).isEqualTo(code);
    }

    @Test
    void whatStandsStillIsSaidOnce() {
        rig.platforms.judgementSets.add(SampleRuns.judgementSet("js-again", "halted"));

        rig.run("score", "last", "--judge", "openai/gpt-5");

        assertThat(rig.err()).containsOnlyOnce(FIRST + " by openai/gpt-5: halted")
                .containsOnlyOnce("the judging of run " + FIRST + " was halted");
    }

    @Test
    void aRefusalNamesTheRunAndTheFlagsThatHelp() {
        rig.platforms.judgementRefusal = new UnacceptableRunException(
                "the set js-again exists, and a set is never overwritten", "judgements", "Nothing was started.");

        assertThat(rig.run("score", "last", "--judge", "openai/gpt-5")).isEqualTo(2);

        assertThat(rig.err()).contains("run " + FIRST + ": the set js-again exists").contains("--only unscored")
                .contains("--replicate 2");
    }

    @Test
    void aRunThatOnlyTheLogKnowsIsAskedForByItsWholeId() {
        rig.platforms.judgementSets.add(SampleRuns.judgementSet("js-again", "completed"));

        rig.run("score", SECOND, "--judge", "openai/gpt-5");
        assertThat(rig.platforms.judgedRuns).containsExactly(SECOND);

        assertThat(rig.run("score", "01JX", "--judge", "openai/gpt-5")).isEqualTo(2);
        assertThat(rig.err()).contains("there is no run '01JX'");
        assertThat(rig.run("score", SECOND, "--judge", "openai/gpt-5", "--judge-temperature", "0")).isEqualTo(2);
        assertThat(rig.err()).contains("--judge-max-tokens: is needed with the other parameter");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            score last                                               | --judge: no judge is given
            score last --judge gpt-5                                 | 'gpt-5' is no model
            score last --judge nowhere/gpt-5                         | --judge:
            score last --judge openai/gpt-5 --only all               | --only: there is no 'all'
            score last --judge openai/gpt-5 --select colour=red      | --select: there is no field 'colour'
            score last --judge openai/gpt-5 --rubric nowhere         | nowhere
            score last --judge openai/gpt-5 --max-connections 7      | unknown flag '--max-connections'. Did you mean '--judge-max-connections'?
            score last --judge openai/gpt-5 --replicate 0            | --replicate: '0' does not fit
            score                                                    | RUN
            """)
    void whatIsWrongIsSaidBeforeAnythingStarts(String arguments, String message) {
        assertThat(rig.run(arguments.split(" "))).isEqualTo(2);

        assertThat(rig.err()).contains(message);
        assertThat(rig.platforms.work).isNull();
    }

    @Test
    void cancelEndsASetAndLeavesItsRunAlone() {
        rig.platforms.judgementSets.add(SampleRuns.judgementSet("js-again", "paused"));

        assertThat(rig.run("cancel", "last", "--judgements", "openai/gpt-5")).as(rig.err()).isZero();

        assertThat(rig.platforms.commands).containsExactly("CANCEL " + FIRST + " js-again");
        assertThat(rig.platforms.work).isEqualTo(Platforms.Work.NO_CALLS);
        assertThat(rig.out()).contains("Judgement set js-again is cancelled.");
        rig.run("cancel", "last", "--judgements", "js-1");
        assertThat(rig.out()).contains("Judgement set js-1 is already completed.");
    }

    @Test
    void showPrintsAnySetByItsIdAPrefixOrItsJudge() throws IOException {
        rig.platforms.judgementSets.add(SampleRuns.judgementSet("js-again", "completed"));

        for (String name : new String[] {"js-again", "js-a", "openai/gpt-5", "gpt-5"}) {
            CommandLineRig another = new CommandLineRig(folder);
            another.platforms.runs.putAll(rig.platforms.runs);
            another.platforms.judgementSets.addAll(rig.platforms.judgementSets);
            assertThat(another.run("show", "last", "--judgements", name)).as(another.err()).isZero();
            assertThat(another.out()).contains("judged by openai/gpt-5 ").contains("judgement set js-again");
        }
        assertThat(rig.run("show", "last", "--judgements", "js-")).isEqualTo(2);
        assertThat(rig.err()).contains("'js-' fits 2 judgement sets")
                .contains("js-1 by openai/gpt-5-mini, js-again by openai/gpt-5");
        rig.run("show", "last", "--judgements", "gpt-5", "--json");
        JsonNode cells = new ObjectMapper().readTree(rig.out()).at("/runs/0/cells");
        assertThat(cells).isNotEmpty().allSatisfy(
                cell -> assertThat(cell.path("judgementSetId").asText("none")).isIn("null", "none", "js-again"));
    }
}
