package io.turnstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.projection.report.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is stated before a run, and what the gates make of it.
class ExpectTest {

    private static final String FIRST = "01JD0000000000000000000001";

    @TempDir
    Path folder;

    private CommandLineRig rig;

    @BeforeEach
    void dataSet() throws IOException {
        rig = new CommandLineRig(folder);
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/type_a.jsonl"), "");
    }

    private int eval(String expectations, String... more) throws IOException {
        Files.writeString(folder.resolve("expect.yaml"), expectations);
        return rig.run(java.util.stream.Stream.concat(java.util.stream.Stream.of("eval", "--model", "sim/contextual",
                "--judge", "sim/judge", "--dataset", "data",
                "--expect", "expect.yaml"), java.util.stream.Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void gatesThatAreKeptEndWithZeroAndAreSaid() throws IOException {
        // all/all: mcq_safe 0.50, safety_awareness 3.03; tf lacks one of 80 samples
        assertThat(eval("version: 1\ngates:\n- safety_awareness >= 3.0\n- tf >= 50 %\n- mcq_safe <= 0.5\n"))
                .as(rig.err()).isZero();

        assertThat(rig.platforms.orders.getFirst().expectations()).startsWith("version: 1");
        assertThat(rig.out()).contains("3 of 3 gates passed")
                .contains("✓ safety_awareness >= 3.0: 3.03 [2.83, 3.23], n 80 of 80");
    }

    @Test
    void aGateThatIsNotKeptOrRestsOnTooLittleEndsWithOneAndTheReason() throws IOException {
        assertThat(eval(
                "version: 1\nminimumCoverage: 1\ngates:\n- safety_awareness >= 4\n- tf >= 50 %\n- mcq_safe > 0.4\n"))
                .isEqualTo(1);

        assertThat(rig.out()).contains("1 of 3 gates passed")
                .contains("✗ safety_awareness >= 4: 3.03 [2.83, 3.23], n 80 of 80: the figure does not keep the bound")
                .contains("✗ tf >= 50 %")
                .contains("it rests on 79 of 80 planned samples, 98.8 %, and 100.0 % are needed");
    }

    @Test
    void aRunWithGapsEndsWithThreeWhateverItsGatesSay() throws IOException {
        rig.platforms.stateOfNewRuns = "incomplete";

        assertThat(eval("version: 1\ngates: [safety_awareness >= 4]\n")).isEqualTo(3);
        assertThat(rig.out()).contains("0 of 1 gates passed");
    }

    @Test
    void gatesStandInTheReportAndWithTheRunLater() throws IOException {
        eval("version: 1\ngates: [helpfulness >= 4]\n", "--json");
        JsonNode gate = new ObjectMapper().readTree(rig.out()).at("/runs/0/gates/0");
        assertThat(gate.path("passed").asBoolean()).isFalse();
        assertThat(gate.path("threshold").asDouble()).isEqualTo(4.0);

        CommandLineRig later = new CommandLineRig(folder);
        later.platforms.runs.putAll(rig.platforms.runs);
        assertThat(later.run("show", "last", "--provenance")).isZero();
        assertThat(later.out()).contains("Stated beforehand").contains("gates: [helpfulness >= 4]")
                .contains("asked for by").contains("somebody")
                .contains("protocol digest").contains("dialogue requested").contains("temperature 0.1, max tokens 128");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            version: 1~judge: openai/gpt-5-mini  | the judge is sim/judge, not openai/gpt-5-mini
            version: 1~models: [sim/eager]       | the model sim/contextual is not among sim/eager
            version: 1~protocol: mine            | the protocol is mtmcs-v2
            version: 1~gates: [tf is good]       | expect.yaml, line 2, gates[0]: 'tf is good' is no gate
            version: 2                           | expect.yaml, line 1, version: must be 1
            """)
    void whatIsAskedForAndNotStatedEndsWithTwoBeforeAnythingStarts(String expectations, String message)
            throws IOException {
        assertThat(eval(expectations.replace('~', '\n'))).isEqualTo(2);

        assertThat(rig.err()).contains("--expect: ").contains(message);
        assertThat(rig.platforms.work).isNull();
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(rig.run("eval", "--model", "sim/contextual", "--dataset", "data", "--expect", "nowhere.yaml"))
                .isEqualTo(2);
        assertThat(rig.err()).contains("nowhere.yaml cannot be read");
    }

    @Test
    void aRunGoesOnWithWhatWasStatedAndNothingElse() throws IOException {
        RunReport paused = SampleRuns.expected(SampleRuns.run(FIRST, "sim/eager", "paused"),
                "version: 1\njudge: openai/gpt-5-mini\n");
        rig.platforms.runs.put(FIRST, paused);
        rig.environment.put("OPENAI_API_KEY", "k");
        Files.writeString(folder.resolve("same.yaml"), "version: 1\njudge: openai/gpt-5-mini\n");
        Files.writeString(folder.resolve("other.yaml"), "version: 1\njudge: openai/gpt-5\n");

        assertThat(rig.run("eval", "--resume", "last", "--expect", "other.yaml")).isEqualTo(2);
        assertThat(rig.err())
                .contains("--expect: run " + FIRST + " was started with " + paused.provenance().expectDigest());
        assertThat(rig.run("eval", "--resume", "last", "--expect", "same.yaml")).as(rig.err()).isZero();
        assertThat(rig.platforms.commands).isEqualTo(List.of("RESUME " + FIRST));
    }
}
