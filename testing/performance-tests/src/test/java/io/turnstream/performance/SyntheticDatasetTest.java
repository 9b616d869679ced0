package io.turnstream.performance;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.pack.ImageSettings;
import io.turnstream.loader.images.ImageLimits;
import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.loader.planning.DatasetPlanner;
import io.turnstream.loader.planning.PlanListener;
import io.turnstream.loader.planning.PlanRequest;
import io.turnstream.loader.planning.PlannedDialogue;
import io.turnstream.loader.planning.Selection;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.providers.images.ImageStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticDatasetTest {

    /// What the store notes about an image is shorter.
    private static final long NOTE = 1_000;

    @TempDir
    private Path dir;

    @Test
    void every_row_becomes_the_calls_of_a_published_one() throws Exception {
        // When
        Heard heard = planned(new SyntheticDataset(dir).pictures(1));

        // Then: 2 splits x 2 modalities x 2 intents; 36,096 calls of 752 rows are 48 of each
        assertThat(heard.rejections).isEmpty();
        assertThat(heard.dialogues).hasSize(8);
        assertThat(heard.dialogues.stream()
                .mapToInt(dialogue -> dialogue.userTurns().size() + dialogue.questions().size()).sum()).isEqualTo(48);
    }

    @Test
    void a_picture_is_prepared_to_about_300_kilobytes() throws Exception {
        // When
        planned(new SyntheticDataset(dir).pictures(1));

        // Then
        assertThat(sizes(dir.resolve("store"))).singleElement()
                .satisfies(size -> assertThat(size).isBetween(250_000L, 350_000L));
    }

    @Test
    void a_load_knows_its_dialogues_connections_and_ideal_time() {
        Load load = new Load(dir, 752, null, 1, 1_024, true);

        assertThat(load.dialogues()).isEqualTo(6_016);
        assertThat(load.judgeConnections()).isEqualTo(146);
        assertThat(load.modelConnections()).isEqualTo(878);
        // 42,112 calls of one second, 1,024 at a time: 41.125 s
        assertThat(load.idealSeconds(42_112, 1)).isEqualTo(41.125);
    }

    private Heard planned(Path dataset) throws InterruptedException {
        Heard heard = new Heard();
        new DatasetPlanner(new ImagePreparer(new ImageStore(dir.resolve("store")), ImageLimits.DEFAULT), 2, 100_000_000)
                .plan(new PlanRequest(List.of(dataset), null, null, Selection.ALL, new ImageSettings.Jpeg(1568, 90),
                        true), heard);
        return heard;
    }

    private static List<Long> sizes(Path store) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(Files::isRegularFile).map(file -> file.toFile().length()).filter(size -> size > NOTE)
                    .toList();
        }
    }

    private static final class Heard implements PlanListener {

        private final List<PlannedDialogue> dialogues = new ArrayList<>();
        private final List<RowRejection> rejections = new ArrayList<>();

        @Override
        public void begun(@Nullable String captionsDigest) {
            // nothing is counted yet
        }

        @Override
        public void planned(PlannedDialogue dialogue) {
            dialogues.add(dialogue);
        }

        @Override
        public void rejected(RowRejection rejection) {
            rejections.add(rejection);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    }
}
