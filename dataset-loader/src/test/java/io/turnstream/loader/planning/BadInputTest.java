package io.turnstream.loader.planning;

import static io.turnstream.loader.DatasetFixture.dialogue;
import static io.turnstream.loader.DatasetFixture.mcq;
import static io.turnstream.loader.DatasetFixture.row;
import static io.turnstream.loader.DatasetFixture.write;
import static io.turnstream.loader.DatasetFixture.writeLines;
import static io.turnstream.loader.DatasetFixture.writePng;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.StepKind;
import io.turnstream.benchmark.pack.ImageSettings;
import io.turnstream.events.AnswerBounds;
import io.turnstream.loader.images.ImageLimits;
import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.RowRejection.Scope;
import io.turnstream.loader.reading.UnusableDatasetException;
import io.turnstream.providers.images.ImageStore;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong with a data set is said with its place and a remedy, and the rest runs.
class BadInputTest {

    /// Dialogues of a good row: two modalities, two intents.
    private static final int OF_A_ROW = 4;

    @TempDir
    private Path dir;

    private final RecordingListener heard = new RecordingListener();

    @BeforeEach
    void drawPicture() {
        writePng(dir.resolve("images/0.png"), 40, 30, Color.RED);
        writePng(dir.resolve("images/1.png"), 40, 30, Color.BLUE);
    }

    @Test
    void aRowWithAnEmptyTurnIsRejectedWithItsIdAndTheFieldAndTheOthersRun() throws Exception {
        ObjectNode bad = row(7, "images/0.png");
        dialogue(bad, "unimodal").put("r2", "  ");
        write(dir.resolve("type_a.jsonl"), bad, row(8, "images/1.png"));

        Plan plan = plan();

        RowRejection rejection = heard.rejections().getFirst();
        assertThat(rejection.rowId()).isEqualTo(7);
        assertThat(rejection.row()).isZero();
        assertThat(rejection.field()).isEqualTo("unimodal_dialogue.r2");
        assertThat(rejection.file()).isEqualTo("type_a.jsonl");
        assertThat(rejection.split()).isEqualTo(Split.TYPE_A);
        assertThat(plan.rows()).isEqualTo(2);
        assertThat(plan.rejectedRows()).isEqualTo(1);
        assertThat(heard.dialogues()).hasSize(OF_A_ROW);
    }

    @Test
    void texts_that_no_record_could_carry_are_rejected_with_their_place() throws Exception {
        String tooLong = "x".repeat(AnswerBounds.MOST_BYTES + 1);
        ObjectNode longTurn = row(7, "images/0.png");
        dialogue(longTurn, "unimodal").put("r2", tooLong);
        ObjectNode longQuestion = row(8, "images/1.png");
        mcq(longQuestion, "multimodal", 0).put("question", tooLong);
        ObjectNode longInAll = row(9, "images/1.png");
        for (int i = 0; i < 4; i++) {
            mcq(longInAll, "multimodal", i).put("question", "y".repeat(AnswerBounds.MOST_BYTES)).put("question_type",
                    "unsafe_intent");
        }
        write(dir.resolve("type_a.jsonl"), longTurn, longQuestion, longInAll);

        Plan plan = plan();

        assertThat(heard.rejections()).extracting(RowRejection::rowId, RowRejection::scope, RowRejection::field)
                .containsExactlyInAnyOrder(
                        tuple(7, Scope.ROW, "unimodal_dialogue"), tuple(8, Scope.QUESTION, "multimodal_mcq[0]"),
                        tuple(9, Scope.ROW, "multimodal_mcq"));
        assertThat(heard.rejections()).allSatisfy(rejection -> {
            assertThat(rejection.problem()).contains("too long").hasSizeLessThan(200);
            assertThat(rejection.expected()).contains("at most");
        });
        assertThat(plan.rejectedRows()).isEqualTo(2);
        assertThat(heard.dialogues()).as("the row with a bad question runs without it").hasSize(OF_A_ROW);
    }

    @Test
    void r1AndR3StandInWhereTheSafeOrUnsafeFormIsEmpty() throws Exception {
        ObjectNode row = row(0, "images/0.png");
        dialogue(row, "multimodal").put("safe_r3", "").put("r3", "common three").put("unsafe_r1", "bad one");
        write(dir.resolve("type_a.jsonl"), row);

        plan();

        assertThat(turns(Modality.MULTIMODAL, Intent.SAFE))
                .containsExactly("multimodal one 0", "multimodal two 0", "common three");
        assertThat(turns(Modality.MULTIMODAL, Intent.UNSAFE))
                .containsExactly("bad one", "multimodal two 0", "multimodal bad three 0");
    }

    @Test
    void aTurnThatIsStillEmptyIsNamedByTheFormThatIsNeeded() {
        ObjectNode row = row(0, "images/0.png");
        dialogue(row, "multimodal").put("unsafe_r3", "");
        write(dir.resolve("type_a.jsonl"), row);

        assertThatThrownBy(this::plan)
                .isInstanceOf(UnusableDatasetException.class)
                .hasMessageContaining("type_a.jsonl, row 0 (id 0), multimodal_dialogue.unsafe_r3")
                .hasMessageContaining("or in r3 for both intents");
    }

    @ParameterizedTest
    @CsvSource({
            "E, 'A to D'", "b, 'A to D'", "AB, 'A to D'", "'', 'A to D'", "two, 'A to D'",
    })
    void aGroundTruthThatIsNoOptionRejectsTheQuestionAndTheRestOfTheRowRuns(String truth, String expected)
            throws Exception {
        ObjectNode row = row(3, "images/0.png");
        mcq(row, "multimodal", 2).put("ground_truth", truth);
        write(dir.resolve("type_b.jsonl"), row);

        Plan plan = plan();

        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.scope()).isEqualTo(Scope.QUESTION);
            assertThat(rejection.field()).isEqualTo("multimodal_mcq[2].ground_truth");
            assertThat(rejection.expected()).contains(expected);
        });
        assertThat(plan.rejectedQuestions()).isEqualTo(1);
        assertThat(plan.rejectedRows()).isZero();
        assertThat(plan.counts().total(StepKind.MCQ)).isEqualTo(7);
        assertThat(steps(Modality.MULTIMODAL, Intent.UNSAFE)).containsExactly("mcq-0", "tf-0", "tf-1");
    }

    @Test
    void anUnknownQuestionTypeIsReportedAndCounted() throws Exception {
        ObjectNode row = row(3, "images/0.png");
        mcq(row, "unimodal", 1).put("question_type", "neutral_intent");
        write(dir.resolve("type_b.jsonl"), row);

        Plan plan = plan();

        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.field()).isEqualTo("unimodal_mcq[1].question_type");
            assertThat(rejection.problem()).contains("neutral_intent");
        });
        assertThat(plan.rejectedQuestions()).isEqualTo(1);
        assertThat(steps(Modality.UNIMODAL, Intent.SAFE)).containsExactly("mcq-3");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, false", "7, false", "8, true"})
    void aQuestionHasTwoToSevenOptions(int options, boolean rejected) throws Exception {
        ObjectNode row = row(3, "images/0.png");
        ArrayNode list = mcq(row, "multimodal", 0).put("ground_truth", "A").putArray("options");
        for (int i = 0; i < options; i++) {
            list.add("option " + i);
        }
        write(dir.resolve("type_b.jsonl"), row);

        assertThat(plan().rejectedQuestions()).isEqualTo(rejected ? 1 : 0);
    }

    @Test
    void aStatementWithoutTruthIsRejected() throws Exception {
        ObjectNode row = row(3, "images/0.png");
        ((ObjectNode) row.get("unimodal_tf").get(0)).put("ground_truth", "true");
        write(dir.resolve("type_b.jsonl"), row);

        plan();

        assertThat(heard.rejections()).singleElement()
                .satisfies(rejection -> assertThat(rejection.field()).isEqualTo("unimodal_tf[0].ground_truth"));
    }

    @Test
    void theLaterOfTwoRowsWithTheSameIdInASplitIsRejectedEvenAcrossFiles() throws Exception {
        write(dir.resolve("type_a-0.jsonl"), row(1, "images/0.png"));
        write(dir.resolve("type_a-1.jsonl"), row(1, "images/1.png"));
        write(dir.resolve("type_b-0.jsonl"), row(1, "images/0.png"));

        Plan plan = plan();

        assertThat(plan.rejectedRows()).isEqualTo(1);
        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.file()).isEqualTo("type_a-1.jsonl");
            assertThat(rejection.field()).isEqualTo("id");
        });
        assertThat(heard.dialogues()).hasSize(2 * OF_A_ROW);
    }

    @Test
    void aRowWhoseImageIsMissingDamagedOrOutsideTheDataSetIsRejected() throws Exception {
        Files.writeString(dir.resolve("images/text.png"), "no image");
        writePng(dir.resolve("../outside.png").normalize(), 10, 10, Color.RED);
        Path file = dir.resolve("type_a.jsonl");
        write(file, row(0, "images/none.png"), row(1, "images/text.png"), row(2, "../outside.png"),
                row(3, dir.resolve("images/0.png").toString()), row(4, "images/0.png"));

        Plan plan = plan();

        assertThat(heard.rejections()).extracting(RowRejection::problem).satisfiesExactlyInAnyOrder(
                problem -> assertThat(problem).contains("images/none.png").contains("no such file"),
                problem -> assertThat(problem).contains("neither PNG nor JPEG"),
                problem -> assertThat(problem).contains("../outside.png").contains("out of the data set's folder"),
                problem -> assertThat(problem).contains("out of the data set's folder"));
        assertThat(plan.rejectedRows()).isEqualTo(4);
        assertThat(heard.dialogues()).hasSize(OF_A_ROW);
    }

    /// What is wrong with a row is told where texts are withheld, too.
    @Test
    void what_stands_in_place_of_a_path_or_a_type_is_not_repeated() throws Exception {
        String text = "how to sharpen a knife";
        ObjectNode typed = row(1, "images/0.png");
        mcq(typed, "unimodal", 1).put("question_type", "unsafe: " + text);
        write(dir.resolve("type_a.jsonl"), row(0, text), typed, row(2, "images/" + "n".repeat(200) + ".png"));

        plan();

        assertThat(heard.rejections()).hasSize(3)
                .allSatisfy(rejection -> assertThat(rejection.problem()).doesNotContain("knife").hasSizeLessThan(200));
        assertThat(heard.rejections()).extracting(RowRejection::problem)
                .anyMatch(problem -> problem.contains("the image (a path of 22 characters)"))
                .anyMatch(problem -> problem.contains("question type is a text of 30 characters"));
    }

    @Test
    void anEnormousImageIsRejectedByItsHeader() throws Exception {
        writePng(dir.resolve("images/big.png"), 1100, 1000, Color.RED);
        write(dir.resolve("type_a.jsonl"), row(0, "images/big.png"), row(1, "images/1.png"));

        plan();

        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.field()).isEqualTo("image");
            assertThat(rejection.problem()).contains("1100 x 1000");
        });
    }

    @Test
    void aBrokenLineRejectsThatRowAlone() throws Exception {
        writeLines(dir.resolve("type_a.jsonl"), "{\"id\": 1", "[]", "", row(2, "images/0.png").toString(),
                row(3, "images/0.png").without("unimodal_tf").toString(),
                row(4, "images/0.png").put("id", "four").toString());

        Plan plan = plan();

        assertThat(plan.rows()).isEqualTo(5);
        assertThat(heard.rejections()).extracting(RowRejection::row).containsExactly(0L, 1L, 3L, 4L);
        assertThat(heard.rejections()).extracting(RowRejection::field).containsExactly("line", "line", "unimodal_tf",
                "id");
        assertThat(heard.dialogues()).extracting(PlannedDialogue::rowId).containsOnly(2);
    }

    @Test
    void aRowThatSaysAnotherSplitThanItsFileIsRejected() throws Exception {
        write(dir.resolve("type_a.jsonl"), row(0, "images/0.png").put("split", "type_b"),
                row(1, "images/0.png").put("split", "type_a"));

        plan();

        assertThat(heard.rejections()).singleElement()
                .satisfies(rejection -> assertThat(rejection.field()).isEqualTo("split"));
        assertThat(heard.dialogues()).extracting(PlannedDialogue::rowId).containsOnly(1);
    }

    @Test
    void anEmptyFileIsReportedAndTheOthersRun() throws Exception {
        Files.createFile(dir.resolve("type_a.jsonl"));
        write(dir.resolve("type_b.jsonl"), row(0, "images/0.png"));

        plan();

        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.scope()).isEqualTo(Scope.FILE);
            assertThat(rejection.file()).isEqualTo("type_a.jsonl");
            assertThat(rejection.problem()).contains("empty");
        });
        assertThat(heard.dialogues()).hasSize(OF_A_ROW);
    }

    @Test
    void aDataSetThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> plan(List.of(dir.resolve("nowhere")), Selection.ALL, null, null))
                .isInstanceOf(UnusableDatasetException.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("--dataset");
        assertThatThrownBy(() -> plan(List.of(dir.resolve("images")), Selection.ALL, null, null))
                .isInstanceOf(UnusableDatasetException.class)
                .hasMessageContaining(".parquet or .jsonl");
        assertThatThrownBy(() -> plan(List.of(dir.resolve("images/0.png")), Selection.ALL, null, null))
                .isInstanceOf(UnusableDatasetException.class)
                .hasMessageContaining("does not say its format");
    }

    @Test
    void aSelectionThatHitsNothingIsAnError() {
        write(dir.resolve("type_a.jsonl"), row(0, "images/0.png"));
        Selection none = new Selection(EnumSet.of(Split.TYPE_B), EnumSet.allOf(Modality.class),
                EnumSet.allOf(Intent.class),
                0, null, Set.of(), false, 1);

        assertThatThrownBy(() -> plan(List.of(dir), none, null, null))
                .isInstanceOf(UnusableDatasetException.class)
                .hasMessageContaining("no row is within the selection");
    }

    @Test
    void aRowWithoutCaptionRunsWithAWarning() throws Exception {
        write(dir.resolve("type_a.jsonl"), row(0, "images/0.png"), row(1, "images/1.png"));
        Files.writeString(dir.resolve("captions.json"), "{\"0\": \"A red field.\"}");

        Plan plan = plan();

        assertThat(plan.warnings()).isEqualTo(1);
        assertThat(plan.rejectedRows()).isZero();
        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.isWarning()).isTrue();
            assertThat(rejection.rowId()).isEqualTo(1);
            assertThat(rejection.field()).isEqualTo("caption");
        });
        assertThat(heard.dialogues()).filteredOn(dialogue -> dialogue.caption() != null).hasSize(2)
                .allSatisfy(dialogue -> assertThat(dialogue.modality()).isEqualTo(Modality.MULTIMODAL));
        assertThat(plan.captionsDigest()).hasSize(64);
    }

    @Test
    void withoutACaptionsFileThereIsOneWarningForAllRows() throws Exception {
        Files.delete(write(dir.resolve("captions.json")));
        write(dir.resolve("type_a.jsonl"), row(0, "images/0.png"), row(1, "images/1.png"));

        Plan plan = planWithoutCaptions();

        assertThat(heard.rejections()).singleElement()
                .satisfies(rejection -> assertThat(rejection.problem()).contains("2 rows without a caption"));
        assertThat(plan.warnings()).isEqualTo(2);
        assertThat(plan.captionsDigest()).isNull();
    }

    @Test
    void captionsThatAreNoObjectOfTextsAreAnError() throws Exception {
        write(dir.resolve("type_a.jsonl"), row(0, "images/0.png"));
        Path captions = dir.resolve("mine.json");
        for (String broken : List.of("[]", "{\"zero\": \"x\"}", "{\"0\": 1}", "{", "{\"0\": \"a\", \"0\": \"b\"}")) {
            Files.writeString(captions, broken);
            assertThatThrownBy(() -> plan(List.of(dir), Selection.ALL, captions, null))
                    .as(broken)
                    .isInstanceOf(UnusableDatasetException.class)
                    .hasMessageContaining("mine.json");
        }
    }

    @Test
    void badLinesOfTheCategoriesAreReportedAndTheirRowsRunWithoutCategory() throws Exception {
        write(dir.resolve("type_a.jsonl"), row(0, "images/0.png"), row(1, "images/1.png"));
        writeLines(dir.resolve("categories.csv"), "id,split,category", "0,type_a,fraud", "1,type_c,privacy",
                "x,type_a,privacy",
                "1,type_a", "1,type_a,", "0,type_a,privacy", "1,type_a,all", "", "0,type_a,fraud");

        Plan plan = plan();

        assertThat(heard.rejections()).allSatisfy(rejection -> assertThat(rejection.isWarning()).isTrue())
                .extracting(RowRejection::field)
                .containsExactly("line 3", "line 4", "line 5", "line 6", "line 7", "line 8");
        assertThat(plan.warnings()).isEqualTo(6);
        assertThat(heard.dialogues()).filteredOn(dialogue -> dialogue.rowId() == 0)
                .extracting(PlannedDialogue::category).containsOnly("fraud");
        assertThat(heard.dialogues()).filteredOn(dialogue -> dialogue.rowId() == 1)
                .extracting(PlannedDialogue::category).containsOnly("uncategorised");
    }

    @Test
    void categoriesWithoutTheirHeaderAreAnError() throws Exception {
        write(dir.resolve("type_a.jsonl"), row(0, "images/0.png"));
        Path categories = writeLines(dir.resolve("mine.csv"), "0,type_a,fraud");

        assertThatThrownBy(() -> plan(List.of(dir), Selection.ALL, null, categories))
                .isInstanceOf(UnusableDatasetException.class)
                .hasMessageContaining("id,split,category");
    }

    @Test
    void aFileThatIsNoTextIsNamedWithWhatItShouldBe() throws Exception {
        // Given a picture where a text is expected, and one in another encoding
        write(dir.resolve("type_a.jsonl"), row(0, "images/0.png"));
        Path picture = Files.write(dir.resolve("picture"),
                new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        Path wide = Files.writeString(dir.resolve("wide"), "id,split,category\n", StandardCharsets.UTF_16);

        // Then
        for (Path file : List.of(picture, wide)) {
            assertThatThrownBy(() -> plan(List.of(dir), Selection.ALL, file, null)).as("captions %s", file)
                    .isInstanceOf(UnusableDatasetException.class)
                    .hasMessageStartingWith(
                            file + ": the captions are no text in UTF-8; save them as such, and write one JSON object");
            assertThatThrownBy(() -> plan(List.of(dir), Selection.ALL, null, file)).as("categories %s", file)
                    .isInstanceOf(UnusableDatasetException.class)
                    .hasMessageStartingWith(
                            file + ": the categories are no text in UTF-8; save them as such, and begin with the line");
            Path rows = Files.copy(file, dir.resolve("type_b.jsonl"), StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(() -> plan(List.of(rows), Selection.ALL, null, null)).as("rows %s", file)
                    .isInstanceOf(UnusableDatasetException.class)
                    .hasMessageContaining("type_b.jsonl").hasMessageContaining("it is no text in UTF-8")
                    .hasMessageContaining(file.equals(wide) ? "save it as such" : "line 1: it is no text in UTF-8");
        }
    }

    @Test
    void aMarkBeforeTheTextIsPassedOver() throws Exception {
        write(dir.resolve("type_a.jsonl"), row(0, "images/0.png"));
        Files.writeString(dir.resolve("captions.json"), "\uFEFF{\"0\": \"A red field.\"}");
        Files.writeString(dir.resolve("categories.csv"), "\uFEFFid,split,category\r\n0,type_a,fraud\r\n");

        planWithoutCaptions();

        assertThat(heard.rejections()).isEmpty();
        assertThat(heard.dialogues()).allSatisfy(dialogue -> assertThat(dialogue.category()).isEqualTo("fraud"));
    }

    private Plan plan() throws Exception {
        Path captions = dir.resolve("captions.json");
        if (!Files.exists(captions)) {
            Files.writeString(captions,
                    "{\"0\":\"a\",\"1\":\"b\",\"2\":\"c\",\"3\":\"d\",\"4\":\"e\",\"7\":\"f\",\"8\":\"g\"}");
        }
        return planWithoutCaptions();
    }

    private Plan planWithoutCaptions() throws Exception {
        return plan(List.of(dir), Selection.ALL, null, null);
    }

    private Plan plan(List<Path> dataset, Selection selection, Path captions, Path categories) throws Exception {
        ImagePreparer preparer = new ImagePreparer(new ImageStore(dir.resolve("store")),
                new ImageLimits(1_000_000, 1_000_000));
        return new DatasetPlanner(preparer, 2, 1_000_000)
                .plan(new PlanRequest(dataset, captions, categories, selection, new ImageSettings.Jpeg(64, 80), true),
                        heard);
    }

    private List<String> turns(Modality modality, Intent intent) {
        return planned(modality, intent).userTurns();
    }

    private List<String> steps(Modality modality, Intent intent) {
        return planned(modality, intent).questions().stream().map(question -> question.step()).toList();
    }

    private PlannedDialogue planned(Modality modality, Intent intent) {
        return heard.dialogues().stream()
                .filter(dialogue -> dialogue.modality() == modality && dialogue.intent() == intent)
                .findFirst()
                .orElseThrow();
    }
}
