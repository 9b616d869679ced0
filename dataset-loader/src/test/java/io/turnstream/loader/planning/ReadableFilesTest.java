package io.turnstream.loader.planning;

import static io.turnstream.loader.DatasetFixture.row;
import static io.turnstream.loader.DatasetFixture.write;
import static io.turnstream.loader.DatasetFixture.writePng;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.pack.ImageSettings;
import io.turnstream.loader.images.ImageLimits;
import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.loader.reading.ReadableFolders;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.UnusableDatasetException;
import io.turnstream.providers.images.ImageStore;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever names a file learns nothing of what stands in it, and a service reads below its folders alone.
@Timeout(60)
class ReadableFilesTest {

    private static final String SECRET = "hunter2-0123456789";

    @TempDir
    private Path dir;

    private Path dataset;
    private Path outside;
    private final RecordingListener heard = new RecordingListener();

    @BeforeEach
    void write_a_data_set() throws IOException {
        dataset = Files.createDirectories(dir.resolve("datasets/mine"));
        outside = Files.createDirectories(dir.resolve("outside"));
        writePng(dataset.resolve("0.png"), 4, 3, Color.RED);
        write(dataset.resolve("type_a.jsonl"), row(0, "0.png"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            SECRET, "KEY=" + SECRET, "{\"0\": " + SECRET + "}", "{\"" + SECRET + "\": \"x\"}",
            "{\"0\": {\"key\": \"" + SECRET + "\"}}", "[\"" + SECRET + "\"]",
            "\"" + SECRET + "\"", "{\"" + SECRET + "\": \"a\", \"" + SECRET + "\": \"b\"}", "{\"0\": \"" + SECRET,
            "{\"0\": \"a\"} " + SECRET, "",
            "-----BEGIN PRIVATE KEY-----\n" + SECRET + "\n-----END PRIVATE KEY-----\n",
    })
    void nothing_of_a_file_that_was_named_by_mistake_is_repeated(String content) throws IOException {
        Path file = Files.writeString(outside.resolve("key"), content);
        Path rows = Files.writeString(outside.resolve("type_b.jsonl"), content);

        for (Throwable refused : List.of(failure(dataset, file, null), failure(dataset, null, file),
                failure(rows, null, null))) {
            assertThat(refused).isInstanceOf(UnusableDatasetException.class);
            assertThat(String.valueOf(refused.getMessage())).doesNotContain("hunter2").doesNotContain("Jackson")
                    .doesNotContain("token");
        }
        assertThat(heard.rejections().toString()).doesNotContain("hunter2");
    }

    @Test
    void captions_with_something_behind_them_or_with_half_a_character_are_refused() throws IOException {
        for (String content : List.of("{\"0\": \"a\"} {\"1\": \"b\"}", "{\"0\": \"half \\ud83d\"}")) {
            assertThat(failure(dataset, Files.writeString(outside.resolve("c.json"), content), null)).as(content)
                    .isInstanceOf(UnusableDatasetException.class);
        }
    }

    @Test
    void a_file_beside_a_data_set_that_does_not_fit_into_memory_is_refused_before_it_is_read() throws IOException {
        Path large = outside.resolve("large");
        try (var file = new java.io.RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(32 * 1024 * 1024 + 1);
        }

        assertThat(failure(dataset, large, null)).hasMessageContaining("the captions are larger than 32 MB");
        assertThat(failure(dataset, null, large)).hasMessageContaining("the categories are larger than 32 MB");
    }

    @Test
    void ids_of_ten_digits_have_captions_and_categories_too() throws Exception {
        write(dataset.resolve("type_a.jsonl"), row(2147483647, "0.png"));
        Files.writeString(dataset.resolve("captions.json"), "{\"2147483647\": \"red\"}");
        Files.writeString(dataset.resolve("categories.csv"),
                "id,split,category\n2147483647,type_a,fraud\n2147483648,type_a,fraud\n");

        plan(dataset, null, null, ReadableFolders.EVERYWHERE);

        assertThat(heard.dialogues()).allSatisfy(dialogue -> assertThat(dialogue.category()).isEqualTo("fraud"));
        assertThat(heard.rejections()).singleElement()
                .satisfies(rejection -> assertThat(rejection.field()).isEqualTo("line 3"));
    }

    @Test
    void a_service_reads_below_its_folders_wherever_links_lead() throws Exception {
        ReadableFolders folders = ReadableFolders.below(List.of(dir.resolve("nowhere"), dir.resolve("datasets")));
        Path captions = Files.writeString(outside.resolve("captions.json"), "{\"0\": \"red\"}");
        Path link = Files.createSymbolicLink(dataset.resolve("link.json"), captions);
        Path out = Files.createSymbolicLink(dir.resolve("datasets/out"), outside);
        write(outside.resolve("type_b.jsonl"), row(1, "0.png"));

        plan(dataset, null, null, folders);
        assertThat(heard.dialogues()).isNotEmpty();
        List<Throwable> refused = List.of(
                failure(outside, null, null, folders), failure(out, null, null, folders),
                failure(outside.resolve("type_b.jsonl"), null, null, folders),
                failure(dataset.resolve("../../outside"), null, null, folders),
                failure(dataset, captions, null, folders),
                failure(dataset, link, null, folders), failure(dataset, null, link, folders),
                failure(dataset, outside.resolve("none"), null, folders),
                failure(dir.resolve("datasetsmore"), null, null, folders));
        assertThat(refused).allSatisfy(e -> assertThat(e).isInstanceOf(UnusableDatasetException.class)
                .hasMessageContaining("below the folders that this platform reads")
                .hasMessageContaining("TURNSTREAM_DATASET_FOLDERS"));
        assertThat(failure(dataset.resolve("none"), null, null, folders)).hasMessageContaining("no such file");
    }

    @Test
    void a_file_beside_a_data_set_that_is_a_link_out_is_refused_by_a_service() throws IOException {
        Files.createSymbolicLink(dataset.resolve("captions.json"),
                Files.writeString(outside.resolve("c.json"), "{\"0\": \"red\"}"));

        assertThat(failure(dataset, null, null, ReadableFolders.below(List.of(dir.resolve("datasets")))))
                .isInstanceOf(UnusableDatasetException.class);
    }

    @Test
    void a_picture_that_is_a_link_out_of_the_data_set_is_refused_by_everybody() throws Exception {
        writePng(outside.resolve("1.png"), 4, 3, Color.BLUE);
        Files.createSymbolicLink(dataset.resolve("1.png"), outside.resolve("1.png"));
        Files.createSymbolicLink(dataset.resolve("2.png"), dataset.resolve("0.png"));
        write(dataset.resolve("type_a.jsonl"), row(1, "1.png"), row(2, "2.png"));

        plan(dataset, null, null, ReadableFolders.EVERYWHERE);

        assertThat(heard.rejections()).filteredOn(rejection -> !rejection.isWarning()).singleElement()
                .satisfies(rejection -> assertThat(rejection.problem()).contains("link that leads out"));
    }

    @Test
    void the_links_of_a_hubs_cache_are_followed() throws Exception {
        Path cache = dir.resolve("datasets--mine");
        Path snapshot = Files.createDirectories(cache.resolve("snapshots/0123"));
        writePng(cache.resolve("blobs/aa"), 4, 3, Color.BLUE);
        write(cache.resolve("blobs/bb"), row(1, "1.png"));
        Files.createSymbolicLink(snapshot.resolve("1.png"), Path.of("../../blobs/aa"));
        Files.createSymbolicLink(snapshot.resolve("type_a.jsonl"), Path.of("../../blobs/bb"));
        Path link = Files.createSymbolicLink(dir.resolve("main"), snapshot);

        for (Path given : List.of(snapshot, link)) {
            RecordingListener listener = new RecordingListener();
            plan(given, null, null, ReadableFolders.EVERYWHERE, listener);
            assertThat(listener.dialogues()).as("%s: %s", given, listener.rejections()).isNotEmpty();
        }
    }

    @Test
    void pipes_and_what_the_kernel_makes_up_are_no_files() throws Exception {
        Path pipe = dir.resolve("pipe.jsonl");
        int code = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        Assumptions.assumeTrue(code == 0 && Files.exists(Path.of("/proc/self/environ")),
                "this system has no pipes or no /proc");
        Files.createSymbolicLink(dataset.resolve("1.png"), pipe);
        Files.createSymbolicLink(dataset.resolve("2.png"), Path.of("/proc/self/environ"));
        write(dataset.resolve("type_a.jsonl"), row(1, "1.png"), row(2, "2.png"), row(3, "0.png"));
        Path environment = Files.createSymbolicLink(dir.resolve("type_b.jsonl"), Path.of("/proc/self/environ"));

        for (Path file : List.of(pipe, Path.of("/proc/self/environ"), Path.of("/dev/zero"), environment)) {
            assertThat(failure(dataset, file, null)).as("captions %s", file).hasMessageContaining("no file on a disk");
            assertThat(failure(dataset, null, file)).as("categories %s", file)
                    .hasMessageContaining("no file on a disk");
            assertThat(failure(file, null, null)).as("data set %s", file).isInstanceOf(UnusableDatasetException.class);
        }
        plan(dataset, null, null, ReadableFolders.EVERYWHERE);
        assertThat(heard.rejections()).filteredOn(rejection -> !rejection.isWarning()).extracting(RowRejection::rowId)
                .contains(1, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1001, Integer.MAX_VALUE})
    void as_many_epochs_as_nobody_means_are_refused(int epochs) {
        assertThatThrownBy(() -> new Selection(EnumSet.allOf(Split.class), EnumSet.allOf(Modality.class),
                EnumSet.allOf(Intent.class), 0, null, Set.of(),
                false, epochs)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1 to 1000");
    }

    private Throwable failure(Path path, @Nullable Path captions, @Nullable Path categories) {
        return failure(path, captions, categories, ReadableFolders.EVERYWHERE);
    }

    private Throwable failure(Path path, @Nullable Path captions, @Nullable Path categories, ReadableFolders folders) {
        return org.assertj.core.api.Assertions.catchThrowable(() -> plan(path, captions, categories, folders));
    }

    private void plan(Path path, @Nullable Path captions, @Nullable Path categories, ReadableFolders folders)
            throws InterruptedException {
        plan(path, captions, categories, folders, heard);
    }

    private void plan(Path path, @Nullable Path captions, @Nullable Path categories, ReadableFolders folders,
            RecordingListener listener)
            throws InterruptedException {
        new DatasetPlanner(new ImagePreparer(new ImageStore(dir.resolve("store")), ImageLimits.DEFAULT), 1, 1_000_000,
                folders)
                .plan(new PlanRequest(List.of(path), captions, categories, Selection.ALL,
                        new ImageSettings.Jpeg(64, 80), true), listener);
    }
}
