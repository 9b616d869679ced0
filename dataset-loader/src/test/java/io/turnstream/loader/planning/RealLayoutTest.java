package io.turnstream.loader.planning;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.StepKind;
import io.turnstream.benchmark.pack.ImageSettings;
import io.turnstream.loader.images.ImageLimits;
import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.providers.images.ImageStore;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Data sets in the public data set's own layout: the bundled one, and the one outside the repository.
class RealLayoutTest {

    private static final Path MINI = Path.of("..", "datasets", "mini");

    @TempDir
    private Path dir;

    private final RecordingListener heard = new RecordingListener();

    @Test
    void theBundledDataSetLoadsWithoutRejectionsAndGivesTheWholePlan() throws Exception {
        Plan plan = plan(MINI, false);

        // 40 rows x 2 modalities x 2 intents, each row with 8 MCQ and 4 TF
        assertThat(heard.rejections()).isEmpty();
        assertThat(plan.rows()).isEqualTo(40);
        assertThat(plan.counts().dialogues()).isEqualTo(160);
        assertThat(plan.counts().total(StepKind.TURN)).isEqualTo(480);
        assertThat(plan.counts().total(StepKind.MCQ)).isEqualTo(320);
        assertThat(plan.counts().total(StepKind.TF)).isEqualTo(160);
        assertThat(plan.counts().total(StepKind.JUDGE)).isEqualTo(160);
        assertThat(plan.imagesPrepared()).isEqualTo(20);
        assertThat(plan.imagesReused()).isEqualTo(20);
        assertThat(plan.counts().steps().keySet().stream().map(PlanCounts.Cell::category).distinct()).hasSize(10);
        assertThat(heard.dialogues().stream().map(PlannedDialogue::imageCluster).distinct()).hasSize(20);
        assertThat(heard.dialogues()).filteredOn(dialogue -> dialogue.modality() == Modality.MULTIMODAL)
                .allSatisfy(dialogue -> assertThat(dialogue.caption()).isNotBlank());
    }

    @Test
    void theBundledDataSetsVariantsCanBePlanned() throws Exception {
        planner().plan(new PlanRequest(List.of(MINI), null, null,
                new Selection(EnumSet.of(Split.TYPE_A), EnumSet.of(Modality.MULTIMODAL), EnumSet.allOf(Intent.class), 2,
                        2L,
                        Set.of(), true, 1),
                new ImageSettings.Original(), false), heard);

        assertThat(heard.rejections()).isEmpty();
        // 2 rows x (1 + 3 images) x 2 intents
        assertThat(heard.dialogues()).hasSize(16);
        assertThat(heard.dialogues()).extracting(PlannedDialogue::rowId).containsOnly(2, 3);
        assertThat(heard.dialogues().stream().map(PlannedDialogue::image).distinct()).hasSize(8);
    }

    @Test
    void theRealLayoutLoads() throws Exception {
        String data = System.getenv("TURNSTREAM_TEST_DATA");
        Assumptions.assumeTrue(data != null,
                "TURNSTREAM_TEST_DATA is not set: no data outside the repository to test with");

        Plan plan = plan(Path.of(data, "parquet"), true);

        assertThat(plan.rows()).isEqualTo(4);
        assertThat(plan.rejectedRows()).isZero();
        assertThat(plan.rejectedQuestions()).isZero();
        assertThat(plan.warnings()).isZero();
        assertThat(plan.counts().dialogues()).isEqualTo(16);
        assertThat(plan.imagesPrepared() + plan.imagesReused()).isEqualTo(4);
        Map<Intent, List<String>> firstRow = heard.dialogues().stream()
                .filter(dialogue -> dialogue.split() == Split.TYPE_A && dialogue.rowId() == 0)
                .filter(dialogue -> dialogue.modality() == Modality.MULTIMODAL)
                .collect(Collectors.toMap(PlannedDialogue::intent, PlannedDialogue::userTurns));
        assertThat(firstRow.get(Intent.SAFE).subList(0, 2)).isEqualTo(firstRow.get(Intent.UNSAFE).subList(0, 2));
        assertThat(firstRow.get(Intent.UNSAFE).get(2)).endsWith("without being noticed?");
        assertThat(firstRow.get(Intent.SAFE).get(2)).endsWith("for safety or maintenance?");
    }

    private Plan plan(Path dataset, boolean captionsBesideFolder) throws Exception {
        Path captions = captionsBesideFolder ? dataset.resolveSibling("captions.json") : null;
        return planner().plan(
                new PlanRequest(List.of(dataset), captions, null, Selection.ALL, new ImageSettings.Jpeg(256, 85), true),
                heard);
    }

    private DatasetPlanner planner() {
        return new DatasetPlanner(new ImagePreparer(new ImageStore(dir), ImageLimits.DEFAULT), 2, 200_000_000);
    }
}
