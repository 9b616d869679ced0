package io.turnstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.projection.document.AnswerFacts;
import io.turnstream.projection.document.Dialogue;
import io.turnstream.projection.document.DialogueSubject;
import io.turnstream.projection.document.Parameters;
import io.turnstream.testsupport.PublishedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportAndExplainTest {

    private static final String RUN = "01JD0000000000000000000001";
    private static final Instant THEN = SampleRuns.REQUESTED;

    @TempDir
    Path folder;

    private CommandLineRig rig;

    @BeforeEach
    void copy() throws IOException {
        rig = new CommandLineRig(folder);
        PublishedRun.copyTo(Files.createDirectories(folder.resolve("results")));
    }

    @Test
    void importsAFolderAndPrintsTheTableOfItsRun() {
        assertThat(rig.run("import", "--format", "mtmcs", "results", "--judge-name", "gpt-5-mini")).as(rig.err())
                .isZero();

        assertThat(rig.platforms.imports).singleElement().satisfies(order -> {
            assertThat(order.judge()).isEqualTo("gpt-5-mini");
            assertThat(order.recording().dialogues()).isEqualTo(56);
        });
        assertThat(rig.platforms.closedImports).containsExactly(RUN);
        assertThat(rig.err()).contains("56 dialogues of 14 rows, 168 questions, 56 verdicts, empty turns: 1")
                .contains("Of 40 published figures, 40 follow from these answers")
                .contains("Run " + RUN + "  recorded/example-model");
        assertThat(rig.out()).contains("recorded/example-model");
    }

    @Test
    void saysWhatIsLeftOutWithPlaceReasonAndRemedyAndKeepsStandardOutputForJson() throws IOException {
        Path file = folder.resolve("results/inference/example-model/type_a/multimodal_safe.json");
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.lastIndexOf("\"model_type\"")));

        assertThat(rig.run("import", "results", "--json")).as(rig.err()).isZero();

        assertThat(rig.err()).contains("1 x file cut short")
                .contains("inference/example-model/type_a/multimodal_safe.json, record 6: the JSON breaks off")
                .contains("the 6 records before it are taken").contains("Remedy: copy the file again")
                .contains("1 x verdict left out");
        assertThat(rig.out()).startsWith("{");
    }

    @Test
    void aFolderThatHoldsNothingIsRefusedBeforeAnythingStarts() {
        assertThat(rig.run("import", "nowhere")).isEqualTo(2);
        assertThat(rig.run("import", "results", "--only", "gpt-5")).isEqualTo(2);
        assertThat(rig.run("import", "results", "--format", "csv")).isEqualTo(2);

        assertThat(rig.err()).contains("there is no such folder. Give the folder that holds 'inference'")
                .contains("--only: the folder holds no model 'gpt-5'. It holds example-model.").contains("--format");
        assertThat(rig.platforms.imports).isEmpty();
    }

    @Test
    void anInterruptedImportCancelsItsRun() {
        rig.platforms.stateOfNewRuns = "running";
        rig.interruptAfterLooks = 2;

        assertThat(rig.run("import", "results")).isEqualTo(130);

        assertThat(rig.platforms.commands).containsExactly("CANCEL " + RUN);
        assertThat(rig.err()).contains("import it again");
    }

    @Test
    void anImportThatWasKilledCannotBeResumedAndSaysWhatToDo() {
        rig.platforms.runs.put(RUN, SampleRuns.run(RUN, "recorded/m", "paused"));

        assertThat(rig.run("eval", "--resume", "last")).isEqualTo(2);

        assertThat(rig.err()).contains("its import was interrupted").contains("turnstream cancel " + RUN)
                .contains("import the folder again");
        assertThat(rig.platforms.commands).isEmpty();
    }

    @Test
    void explainsEachAnswerByItsFaultWithTheTextEscaped() {
        explained();

        assertThat(rig.run("explain", "last")).as(rig.err()).isZero();

        assertThat(rig.out())
                .contains("Run " + RUN
                        + ": 4 of 5 answers are read or counted differently by the two scorings, 3 change a figure.")
                .contains("  fault 2       2, of which 1 change a figure: an answer to a question is misread")
                .contains("  fault 3       1, of which 1 change a figure")
                .contains("Fault 4: a verdict is misread")
                .contains("  type_a/1/multimodal/unsafe/v0/e1 mcq-0  \"Answer:\\n\\u001b[31mB\"")
                .contains(
                        "    corrected reads B, counts 1; reference reads A, counts 0; the truth is B: the published parser reads another answer")
                .contains(
                        "    corrected reads nothing, not counted; reference reads 1, counts 1: the published parser takes a digit")
                .doesNotContain("\u001b");
    }

    @Test
    void explainsOnlyWhatChangesAFigure() {
        explained();

        rig.run("explain", RUN, "--changed");

        assertThat(rig.out()).contains("mcq-0").doesNotContain("mcq-2");
    }

    @Test
    void explainsInJsonWithTotalsAndWholeTexts() throws IOException {
        explained();

        assertThat(rig.run("explain", "last", "--json")).as(rig.err()).isZero();

        JsonNode document = new ObjectMapper().readTree(rig.out());
        assertThat(document.at("/faults/0/fault").asInt()).isEqualTo(2);
        assertThat(document.at("/faults/0/differences").asInt()).isEqualTo(2);
        assertThat(document.at("/differences/0/raw").asText()).isEqualTo("Answer:\n\u001b[31mB");
        assertThat(document.at("/differences/0/corrected/value").asInt()).isEqualTo(1);
        assertThat(document.at("/differences")).hasSize(4);
    }

    @Test
    void anUnknownRunIsNamed() {
        assertThat(rig.run("explain", "01XYZ")).isEqualTo(2);

        assertThat(rig.err()).contains("there is no run '01XYZ'");
    }

    private void explained() {
        rig.platforms.runs.put(RUN, SampleRuns.run(RUN, "recorded/m", "completed"));
        String id = RUN + "/type_a/1/multimodal/unsafe/v0/e1";
        rig.platforms.dialogues.add(new Dialogue(
                new DialogueSubject(RUN, id, "type_a", 1, "multimodal", "unsafe", 0, 1, "uncategorised",
                        "c".repeat(64)),
                9, null,
                List.of(step("mcq-0", "answered", "Answer:\n\u001b[31mB", "B", "B"),
                        step("mcq-1", "answer_unparseable", "???", null, "B"),
                        step("mcq-2", "answered", "Answer: B", "B", "D"), step("mcq-3", "answered", "C", "C", "C")),
                List.of(new Dialogue.Judgement("js-1", "recorded/j", 8, "e", "r", 1, "judge_unparseable", null,
                        answer("On a 1-5 scale I give 3.", null))),
                null));
    }

    private static Dialogue.Step step(String name, String outcome, String raw, @Nullable String reading, String truth) {
        return new Dialogue.Step(name, "mcq", 1, "e", "r", 1, outcome, "Which?", truth, answer(raw, reading));
    }

    private static AnswerFacts answer(String raw, @Nullable String reading) {
        Parameters parameters = new Parameters(0.1, 64, null);
        return new AnswerFacts(raw, null, reading, null, null, null, null, parameters, parameters, null, null,
                List.of(), "", null, "w", THEN, THEN);
    }
}
