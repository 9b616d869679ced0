package io.turnstream.loader.planning;

import static io.turnstream.loader.DatasetFixture.row;
import static io.turnstream.loader.DatasetFixture.write;
import static io.turnstream.loader.DatasetFixture.writePng;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.StepKind;
import io.turnstream.benchmark.pack.ImageSettings;
import io.turnstream.events.EventDigests;
import io.turnstream.loader.images.ImageLimits;
import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.providers.images.ImageStore;
import java.awt.Color;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetPlannerTest {

    private static final int ROWS = 5;

    @TempDir
    private Path dir;

    private RecordingListener heard = new RecordingListener();
    private byte[] firstPicture = {};

    @BeforeEach
    void writeDataset() {
        for (int i = 0; i < ROWS; i++) {
            byte[] picture = writePng(dir.resolve("images/" + i + ".png"), 20 + i, 20, Color.RED);
            firstPicture = i == 0 ? picture : firstPicture;
            writePng(dir.resolve("images/" + i + "_1.png"), 20 + i, 30, Color.BLUE);
            writePng(dir.resolve("images/" + i + "_2.png"), 20 + i, 40, Color.GREEN);
        }
        write(dir.resolve("type_a.jsonl"), rows());
        write(dir.resolve("type_b.jsonl"), rows());
    }

    @Test
    void eachRowBecomesTwoTwinsInEachModality() throws Exception {
        Plan plan = plan(Selection.ALL);

        // 2 splits x 5 rows x 2 modalities x 2 intents; 3 turns, 2 + 2 MCQ and 2 TF for each pair
        assertThat(plan.counts().dialogues()).isEqualTo(40);
        assertThat(plan.counts().total(StepKind.TURN)).isEqualTo(120);
        assertThat(plan.counts().total(StepKind.MCQ)).isEqualTo(80);
        assertThat(plan.counts().total(StepKind.TF)).isEqualTo(40);
        assertThat(plan.counts().total(StepKind.JUDGE)).isEqualTo(40);
        assertThat(plan.rows()).isEqualTo(10);
        assertThat(heard.dialogues()).extracting(PlannedDialogue::ordinal).containsExactlyElementsOf(
                IntStream.range(0, 40).boxed().toList());
    }

    @Test
    void theUnsafeTwinIsAskedItsQuestionsAndTheStatementsTheSafeTwinItsOwn() throws Exception {
        plan(Selection.ALL);

        assertThat(first(Modality.MULTIMODAL, Intent.UNSAFE).questions()).extracting(question -> question.step())
                .containsExactly("mcq-0", "mcq-2", "tf-0", "tf-1");
        assertThat(first(Modality.MULTIMODAL, Intent.SAFE).questions()).extracting(question -> question.step())
                .containsExactly("mcq-1", "mcq-3");
    }

    @Test
    void theCellsPartitionThePlan() throws Exception {
        Plan plan = plan(Selection.ALL);

        assertThat(plan.counts().steps()).containsEntry(
                new PlanCounts.Cell(Split.TYPE_A, Modality.UNIMODAL, Intent.UNSAFE, Categories.NONE, StepKind.TF), 10L);
        assertThat(plan.counts().steps()).doesNotContainKey(
                new PlanCounts.Cell(Split.TYPE_A, Modality.UNIMODAL, Intent.SAFE, Categories.NONE, StepKind.TF));
        assertThat(plan.counts().steps().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(120 + 80 + 40 + 40);
    }

    @Test
    void aRunWithoutJudgePlansNoJudgeSteps() throws Exception {
        Plan plan = plan(Selection.ALL, heard, false);

        assertThat(plan.counts().total(StepKind.JUDGE)).isZero();
        assertThat(plan.warnings()).isZero();
    }

    @Test
    void variantsAddTheirMultimodalDialoguesAndQuestionsUnderTheRowsOwnCluster() throws Exception {
        Plan plan = plan(new Selection(EnumSet.of(Split.TYPE_A), EnumSet.allOf(Modality.class),
                EnumSet.allOf(Intent.class), 0, 1L, Set.of(), true, 1));

        // (3 images + 1 unimodal) x 2 twins
        assertThat(plan.counts().dialogues()).isEqualTo(8);
        assertThat(plan.counts().total(StepKind.MCQ)).isEqualTo(16);
        assertThat(heard.dialogues()).extracting(PlannedDialogue::imageVariant).containsExactly(0, 0, 1, 1, 2, 2, 0, 0);
        assertThat(heard.dialogues()).extracting(PlannedDialogue::imageCluster)
                .containsOnly(EventDigests.sha256Hex(firstPicture));
        assertThat(heard.dialogues().stream().map(PlannedDialogue::image).distinct()).hasSize(4);
    }

    @Test
    void theSameImageInBothSplitsIsPreparedOnce() throws Exception {
        Plan plan = plan(Selection.ALL);

        assertThat(plan.imagesPrepared()).isEqualTo(ROWS);
        assertThat(plan.imagesReused()).isEqualTo(ROWS);
    }

    @Test
    void aLimitTakesTheFirstRowsOfEachSplitFromAnyRowOn() throws Exception {
        plan(new Selection(EnumSet.allOf(Split.class), EnumSet.of(Modality.UNIMODAL), EnumSet.of(Intent.SAFE), 1, 2L,
                Set.of(), false, 1));

        assertThat(heard.dialogues()).extracting(dialogue -> dialogue.split() + " " + dialogue.rowId())
                .containsExactly("TYPE_A 1", "TYPE_A 2", "TYPE_B 1", "TYPE_B 2");
        assertThat(heard.dialogues()).allSatisfy(dialogue -> assertThat(dialogue.image()).isNull());
    }

    @Test
    void sampleIdsTakeTheseRowsAndMissingOnesAreNamed() throws Exception {
        Plan plan = plan(new Selection(EnumSet.of(Split.TYPE_B), EnumSet.of(Modality.UNIMODAL),
                EnumSet.of(Intent.UNSAFE), 0, null, Set.of(3, 99), false, 1));

        assertThat(heard.dialogues()).extracting(PlannedDialogue::rowId).containsExactly(3);
        assertThat(plan.rows()).isEqualTo(1);
        assertThat(heard.rejections()).singleElement().satisfies(
                rejection -> assertThat(rejection.problem()).contains("[99]"));
    }

    @Test
    void epochsRepeatEachDialogue() throws Exception {
        plan(new Selection(EnumSet.of(Split.TYPE_A), EnumSet.of(Modality.UNIMODAL), EnumSet.of(Intent.SAFE), 0, 1L,
                Set.of(), false, 3));

        assertThat(heard.dialogues()).extracting(PlannedDialogue::epoch).containsExactly(1, 2, 3);
    }

    @Test
    void theSamePlanComesOutAgain() throws Exception {
        Plan first = plan(Selection.ALL);
        List<PlannedDialogue> before = List.copyOf(heard.dialogues());
        heard = new RecordingListener();

        Plan again = plan(Selection.ALL);

        assertThat(heard.dialogues()).isEqualTo(before);
        assertThat(again.datasetDigest()).isEqualTo(first.datasetDigest());
        assertThat(again.imagesPrepared()).isZero();
    }

    @Test
    void theSplitMayStandInAFieldOrInTheFoldersName() throws Exception {
        Path other = dir.resolve("other");
        ObjectNode[] rows = rows();
        for (int i = 0; i < ROWS; i++) {
            rows[i].put("image", "images/" + i + ".png").put("split", i < 2 ? "type_a" : "type_b");
            writePng(other.resolve("images/" + i + ".png"), 20 + i, 20, Color.RED);
        }
        write(other.resolve("rows.jsonl"), rows);
        ObjectNode inFolder = row(70, "../images/0.png");
        write(other.resolve("type_b/rows.jsonl"), inFolder);

        planner().plan(new PlanRequest(List.of(other), null, null, Selection.ALL, new ImageSettings.Original(), false),
                heard);

        assertThat(heard.rejections()).isEmpty();
        assertThat(heard.dialogues()).filteredOn(dialogue -> dialogue.split() == Split.TYPE_B)
                .extracting(PlannedDialogue::rowId).containsOnly(70, 2, 3, 4);
    }

    @Test
    void planningStopsSoonAfterItIsCancelled() throws Exception {
        RecordingListener impatient = new RecordingListener(1);

        Plan plan = planner().plan(request(Selection.ALL, true), impatient);

        assertThat(plan.cutShort()).isTrue();
        assertThat(plan.counts().dialogues()).isEqualTo(impatient.dialogues().size());
        assertThat(impatient.dialogues()).hasSizeLessThan(40);
    }

    private Plan plan(Selection selection) throws Exception {
        return plan(selection, heard, true);
    }

    private Plan plan(Selection selection, PlanListener listener, boolean judged) throws Exception {
        return planner().plan(request(selection, judged), listener);
    }

    private PlanRequest request(Selection selection, boolean judged) {
        return new PlanRequest(List.of(dir.resolve("type_a.jsonl"), dir.resolve("type_b.jsonl")), null, null, selection,
                new ImageSettings.Jpeg(64, 80), judged);
    }

    private DatasetPlanner planner() {
        return new DatasetPlanner(
                new ImagePreparer(new ImageStore(dir.resolve("store")), ImageLimits.DEFAULT), 2, 1_000_000);
    }

    private PlannedDialogue first(Modality modality, Intent intent) {
        return heard.dialogues().stream()
                .filter(dialogue -> dialogue.modality() == modality && dialogue.intent() == intent)
                .findFirst()
                .orElseThrow();
    }

    private static ObjectNode[] rows() {
        return IntStream.range(0, ROWS)
                .mapToObj(i -> {
                    ObjectNode row = row(i, "images/" + i + ".png");
                    row.putArray("variant_images").add("images/" + i + "_1.png").add("images/" + i + "_2.png");
                    return row;
                })
                .toArray(ObjectNode[]::new);
    }
}
