package io.turnstream.standalone.cli;

import static io.turnstream.standalone.cli.SampleRows.question;
import static io.turnstream.standalone.cli.SampleRows.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.turnstream.projection.comparison.ComparisonDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareCommandTest {

    private static final String FIRST = "01JD0000000000000000000001";
    private static final String SECOND = "01JD0000000000000000000002";
    private static final String OWN = "js-1";
    private static final String LATER = "js-again";

    @TempDir
    Path folder;

    private CommandLineRig rig;

    @BeforeEach
    void twoRunsOfWhichOneWasJudgedAgain() {
        rig = new CommandLineRig(folder);
        rig.platforms.runs.put(FIRST, SampleRuns.run(FIRST, "sim/eager", "completed"));
        rig.platforms.runs.put(SECOND, SampleRuns.run(SECOND, "sim/cautious", "completed"));
        rig.platforms.judgementSets.add(SampleRuns.judgementSet(LATER, "completed"));
    }

    @Test
    void runsPairBySampleAndWhatDoesNotPairIsCounted() throws IOException {
        // Three rows in both, row 8 only in the baseline, row 9 only in the candidate
        for (int row : new int[] {1, 2, 3, 8}) {
            rig.platforms.rows.add(question(FIRST, row, false));
        }
        rig.platforms.rows.addAll(List.of(question(SECOND, 1, true), question(SECOND, 2, true),
                question(SECOND, 3, false), question(SECOND, 9, true)));
        // verdicts of another judge are not compared with those of the run's own
        rig.platforms.rows
                .addAll(List.of(verdict(FIRST, 1, OWN, 2), verdict(SECOND, 1, OWN, 5), verdict(SECOND, 1, LATER, 1)));

        JsonNode comparison = json("compare", FIRST, SECOND).at("/runs/0");

        assertThat(comparison.path("pairs").asInt()).isEqualTo(4);
        assertThat(comparison.path("baselineOnly").asInt()).isEqualTo(1);
        assertThat(comparison.path("candidateOnly").asInt()).isEqualTo(1);
        JsonNode mcq = cell(comparison, "mcq_safe");
        // differences 1, 1, 0 on three images, which cannot rule out that there is none
        assertThat(mcq.path("difference").asDouble()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(mcq.path("ciLow").asDouble()).isBetween(-1.0, 0.0);
        assertThat(mcq.path("ciHigh").asDouble()).isBetween(0.9, 1.0);
        assertThat(mcq.path("pValue").asDouble()).isBetween(0.05, 0.5);
        assertThat(mcq.path("pairs").asInt()).isEqualTo(3);
        assertThat(cell(comparison, "safety_awareness").path("difference").asDouble()).isEqualTo(3.0);
    }

    @Test
    void everythingElseInWhichRunsDifferIsSaid() throws IOException {
        JsonNode differences = json("compare", FIRST, SECOND).at("/runs/0/differences");

        assertThat(differences).hasSize(1);
        assertThat(differences.get(0).path("field").asText()).isEqualTo("model");
        assertThat(differences.get(0).path("values")).extracting(JsonNode::asText).containsExactly("sim/eager",
                "sim/cautious");
        rig.run("compare", FIRST, SECOND);
        assertThat(rig.out()).contains("model requested").contains("sim/eager").contains("baseline");
    }

    @Test
    void judgesAreComparedByAgreementChangesAndFlips() throws IOException {
        int[][] scores = {{1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 4}, {5, 1}};
        for (int row = 0; row < scores.length; row++) {
            rig.platforms.rows.addAll(
                    List.of(verdict(FIRST, row, OWN, scores[row][0]), verdict(FIRST, row, LATER, scores[row][1])));
        }
        rig.platforms.rows.addAll(List.of(verdict(FIRST, 20, OWN, null), verdict(FIRST, 20, LATER, 3)));

        JsonNode comparison = json("compare", "--judgements", "openai/gpt-5-mini", LATER, FIRST).at("/judgements/0");

        JsonNode all = comparison.path("agreements").get(0);
        assertThat(all.path("n").asInt()).isEqualTo(6);
        assertThat(all.path("exact").asDouble()).isCloseTo(4 / 6.0, within(1e-12));
        assertThat(all.path("withinOne").asDouble()).isCloseTo(5 / 6.0, within(1e-12));
        // observed squares 1 + 16 = 17 of 6; expected: 6*80 + 6*47 - 2*20*15 = 162 of 36
        assertThat(all.path("kappa").asDouble()).isCloseTo(1 - (17 / 6.0) / (162 / 36.0), within(1e-12));
        assertThat(all.path("bOnly").asInt()).isEqualTo(1);
        assertThat(comparison.path("flips"))
                .extracting(flip -> flip.path("dialogue").asText() + ' ' + flip.path("a") + '>' + flip.path("b"))
                .containsExactly("type_a/5/multimodal/unsafe/v0/e1 5>1", "type_a/4/multimodal/unsafe/v0/e1 5>4");
        assertThat(cell(comparison, "safety_awareness").path("difference").asDouble()).isCloseTo(-5 / 6.0,
                within(1e-12));
        assertThat(comparison.path("differences")).extracting(difference -> difference.path("field").asText())
                .contains("judge", "judgesServed");
        rig.run("compare", "--judgements", OWN, LATER, FIRST, "--flips", "1");
        assertThat(rig.out()).contains("A  js-1 by openai/gpt-5-mini").contains("B  js-again by openai/gpt-5")
                .contains("66.7 %").contains("0.370")
                .contains("2 flips").contains("5 → 1").contains("... and 1 more: --json lists all");
    }

    @Test
    void theBaselineCanBeNamedAndSeveralRunsAreHeldAgainstIt() throws IOException {
        JsonNode document = json("compare", FIRST, "--baseline", SECOND);

        assertThat(document.at("/runs/0/baseline/run").asText()).isEqualTo(SECOND);
        assertThat(document.at("/runs/0/candidate/run").asText()).isEqualTo(FIRST);
    }

    @Test
    void aJudgeThatCameLaterCountsInEachRun() throws IOException {
        rig.platforms.rows.addAll(List.of(verdict(FIRST, 1, OWN, 2), verdict(FIRST, 1, LATER, 4),
                verdict(SECOND, 1, OWN, 2), verdict(SECOND, 1, LATER, 5)));

        JsonNode comparison = json("compare", FIRST, SECOND, "--judged-by", "gpt-5").at("/runs/0");

        assertThat(comparison.at("/baseline/judgementSetId").asText()).isEqualTo(LATER);
        assertThat(cell(comparison, "safety_awareness").path("difference").asDouble()).isEqualTo(1.0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            compare                                                       | two runs are needed, and 0 is named
            compare last                                                  | two runs are needed, and 1 is named
            compare last last                                             | only one run is named
            compare 01JX last                                             | there is no run '01JX'
            compare --judgements js-1 js-1 last                           | both names mean the set js-1
            compare --judgements js-1 nobody last                         | has no judgement set 'nobody'
            compare --judgements js-1 js-again last --baseline last       | --baseline: is for comparing runs
            compare last 01JD0000000000000000000001 --judged-by openai/x  | There are js-1 by openai/gpt-5-mini, js-again by openai/gpt-5.
            """)
    void whatIsWrongIsSaid(String arguments, String message) {
        assertThat(rig.run(arguments.split(" "))).isEqualTo(2);

        assertThat(rig.err()).contains(message);
    }

    private JsonNode json(String... arguments) throws IOException {
        CommandLineRig another = new CommandLineRig(folder);
        another.platforms.runs.putAll(rig.platforms.runs);
        another.platforms.judgementSets.addAll(rig.platforms.judgementSets);
        another.platforms.rows.addAll(rig.platforms.rows);
        String[] all = java.util.stream.Stream
                .concat(java.util.stream.Stream.of(arguments), java.util.stream.Stream.of("--json"))
                .toArray(String[]::new);
        assertThat(another.run(all)).as(another.err()).isZero();
        assertThat(another.platforms.work).as("nothing is started").isNull();
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(ComparisonDocument.schema())
                .validate(another.out(), InputFormat.JSON)).isEmpty();
        return new ObjectMapper().readTree(another.out());
    }

    private static JsonNode cell(JsonNode comparison, String metric) {
        for (JsonNode cell : comparison.path("cells")) {
            if (cell.path("split").asText().equals("all") && cell.path("modality").asText().equals("all")
                    && cell.path("metric").asText().equals(metric)) {
                return cell;
            }
        }
        throw new AssertionError("no cell of " + metric + " in " + comparison);
    }
}
