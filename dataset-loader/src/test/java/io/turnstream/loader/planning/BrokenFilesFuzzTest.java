package io.turnstream.loader.planning;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.fuzzing.Bounds;
import io.turnstream.fuzzing.Fuzz;
import io.turnstream.loader.DatasetFixture;
import io.turnstream.loader.images.ImageFuzz;
import io.turnstream.loader.reading.BrokenBytes;
import io.turnstream.loader.reading.DatasetFiles;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.ReadRequest;
import io.turnstream.loader.reading.ReadableFolders;
import io.turnstream.loader.reading.RecordingSink;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.UnusableDatasetException;
import io.turnstream.loader.reading.UnusableFileException;
import io.turnstream.loader.reading.parquet.ParquetFuzz;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files broken at random end in rows and rejections, never in another exception, and each in little time and memory.
class BrokenFilesFuzzTest {

    private static final double SECONDS = 2;
    private static final long BUDGET = 10_000_000;

    @TempDir
    private Path dir;

    @BeforeEach
    void draw_a_picture() {
        DatasetFixture.writePng(dir.resolve("0.png"), 4, 3, Color.RED);
    }

    @Test
    void json_lines() {
        byte[] good = (DatasetFixture.row(1, "0.png") + "\n" + DatasetFixture.row(2, "0.png") + "\r\n"
                + DatasetFixture.row(3, "0.png"))
                .getBytes(StandardCharsets.UTF_8);

        Fuzz.read(SECONDS, Bounds.usual(), random -> BrokenBytes.of(good, random), broken -> {
            RecordingSink read = rows("type_a.jsonl", broken, 0);
            RecordingSink skipping = rows("type_a.jsonl", null, 2);
            // what is passed over is counted as what is read
            assertThat(skipping.heardOf()).isEqualTo(read.heardOf());
        });
    }

    @Test
    void parquet() throws IOException {
        byte[] good = Files.readAllBytes(ParquetFuzz.file(dir.resolve("good.parquet")));

        Fuzz.read(SECONDS, Bounds.usual(), random -> {
            // the footer is small and what matters most
            boolean footer = random.nextBoolean();
            int from = footer ? Math.max(0, good.length - ParquetFuzz.footerLength(good)) : 0;
            byte[] tail = BrokenBytes.of(java.util.Arrays.copyOfRange(good, from, good.length), random);
            byte[] broken = java.util.Arrays.copyOf(good, from + tail.length);
            System.arraycopy(tail, 0, broken, from, tail.length);
            return broken;
        }, broken -> rows("type_a.parquet", broken, 0));
    }

    @Test
    void captions_and_categories() {
        byte[] captions = "{\"0\": \"A red field.\", \"1\": \"\\ud83d\\ude00 und \u00fc\", \"-7\": \"\"}"
                .getBytes(StandardCharsets.UTF_8);
        byte[] categories = "id,split,category\n0,type_a,fraud\r\n1,type_b,privacy\n-7,type_a,a b\n"
                .getBytes(StandardCharsets.UTF_8);

        Fuzz.read(SECONDS, Bounds.usual(),
                random -> BrokenBytes.of(random.nextBoolean() ? captions : categories, random), broken -> {
                    Path file = write("beside", broken);
                    try {
                        Captions.load(file, List.of(), ReadableFolders.EVERYWHERE);
                    } catch (UnusableDatasetException e) {
                        assertThat(e.getMessage()).contains("beside").doesNotContain("Jackson");
                    }
                    try {
                        Categories.load(file, List.of(), ReadableFolders.EVERYWHERE);
                    } catch (UnusableDatasetException e) {
                        assertThat(e.getMessage()).contains("beside");
                    }
                });
    }

    @Test
    void pictures() {
        List<byte[]> good = ImageFuzz.pictures();

        Fuzz.read(SECONDS, Bounds.usual(), random -> BrokenBytes.of(good.get(random.nextInt(good.size())), random),
                broken -> ImageFuzz.prepare(broken, dir));
    }

    /// @param bytes null to read the file as it is
    private RecordingSink rows(String name, byte[] bytes, long rowsToSkip) {
        RecordingSink sink = new RecordingSink();
        Path file = bytes == null ? dir.resolve(name) : write(name, bytes);
        var source = DatasetFiles.find(List.of(file)).files().getFirst();
        try {
            source.format().rows().read(source, new ReadRequest(true, rowsToSkip, BUDGET), sink);
        } catch (UnusableFileException e) {
            assertThat(e.rejection().remedy()).isNotBlank();
        }
        assertThat(sink.rejections()).allSatisfy(rejection -> assertThat(rejection.remedy()).isNotBlank());
        assertThat(sink.rows()).extracting(RawRow::id).doesNotContainNull();
        assertThat(sink.rejections()).extracting(RowRejection::rows).allSatisfy(rows -> assertThat(rows).isPositive());
        return sink;
    }

    private Path write(String name, byte[] bytes) {
        try {
            return Files.write(dir.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
