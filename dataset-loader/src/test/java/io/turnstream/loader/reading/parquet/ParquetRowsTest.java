package io.turnstream.loader.reading.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.loader.reading.DatasetFiles;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.RawRow.RawMcq;
import io.turnstream.loader.reading.ReadRequest;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.RowRejection.Scope;
import io.turnstream.loader.reading.RowSink;
import io.turnstream.loader.reading.UnusableFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetRowsTest {

    private static final long PLENTY = 100_000_000;
    private static final int IMAGE = 10_000;

    @TempDir
    private Path dir;

    private int files;
    private final Recording heard = new Recording(Integer.MAX_VALUE);

    @Test
    void aRowComesAsItStandsInTheFile() throws IOException {
        read(write(1, PLENTY, UnaryOperator.identity()), new ReadRequest(true, 0, PLENTY), heard);

        RawRow row = heard.rows.getFirst();
        assertThat(row.id()).isZero();
        assertThat(row.split()).isEqualTo(Split.TYPE_A);
        assertThat(row.image().bytes()).hasSize(IMAGE);
        assertThat(row.image().path()).isEqualTo("0.png");
        assertThat(row.variantImages()).hasSize(1);
        assertThat(row.unsafeIntent()).isEmpty();
        assertThat(row.sides().get(Modality.UNIMODAL).turn("unsafe_r3")).isEqualTo("bad");
        assertThat(row.sides().get(Modality.UNIMODAL).turn("safe_r3")).isEmpty();
        assertThat(row.sides().get(Modality.MULTIMODAL).mcq())
                .containsExactly(new RawMcq("Which?", "safe_intent", List.of("first", "second"), "B"));
        assertThat(row.sides().get(Modality.MULTIMODAL).tf().getFirst().groundTruth()).isTrue();
    }

    @Test
    void variantImagesAreOnlyReadWhenAskedFor() throws IOException {
        Path file = write(3, PLENTY, UnaryOperator.identity());

        read(file, new ReadRequest(false, 0, PLENTY), heard);

        assertThat(heard.rows).hasSize(3).allSatisfy(row -> assertThat(row.variantImages()).isEmpty());
    }

    @Test
    void aFileWithoutVariantImagesIsFineUnlessTheyAreAskedFor() throws IOException {
        Path file = write(1, PLENTY, schema -> schema.replace("variant_images", "other_images"));

        read(file, new ReadRequest(false, 0, PLENTY), heard);

        assertThat(heard.rows).hasSize(1);
        assertRefused(file, true, "variant_images", "missing");
    }

    @Test
    void aRowGroupThatNeedsMoreThanTheBudgetIsAnnouncedFromTheFooterAndNotRead() throws IOException {
        // Given row groups of a few rows, each with 10,000 bytes of image, which count as stored and as decompressed
        Path file = write(8, 70_000, UnaryOperator.identity());

        read(file, new ReadRequest(false, 0, 30_000), heard);

        assertThat(heard.rows).isEmpty();
        assertThat(heard.rejections).isNotEmpty().allSatisfy(rejection -> {
            assertThat(rejection.scope()).isEqualTo(Scope.ROW_GROUP);
            assertThat(rejection.problem()).contains("needs 1 MB of memory");
            assertThat(rejection.remedy()).contains("TURNSTREAM_LOADER_ROW_GROUP_MEMORY");
        });
        assertThat(heard.rejections.stream().mapToLong(RowRejection::rows).sum()).isEqualTo(8);
    }

    @Test
    void theVariantsCountForTheMemoryOnlyWhereTheyAreRead() throws IOException {
        Path file = write(4, PLENTY, UnaryOperator.identity());
        long enoughWithoutVariants = 100_000;

        read(file, new ReadRequest(false, 0, enoughWithoutVariants), heard);
        assertThat(heard.rows).hasSize(4);

        Recording withVariants = new Recording(Integer.MAX_VALUE);
        read(file, new ReadRequest(true, 0, enoughWithoutVariants), withVariants);
        assertThat(withVariants.rows).isEmpty();
        assertThat(withVariants.rejections).hasSize(1);
    }

    @Test
    void readingStopsWhenTheSinkHasEnough() throws IOException {
        Recording two = new Recording(2);

        read(write(8, 70_000, UnaryOperator.identity()), new ReadRequest(false, 0, PLENTY), two);

        assertThat(two.rows).extracting(RawRow::id).containsExactly(0, 1);
    }

    @Test
    void wholeRowGroupsBeforeTheFirstWantedRowArePassedOver() throws IOException {
        read(write(8, 70_000, UnaryOperator.identity()), new ReadRequest(false, 7, PLENTY), heard);

        assertThat(heard.skipped).isPositive().isLessThanOrEqualTo(7);
        assertThat(heard.rows).hasSize((int) (8 - heard.skipped));
        assertThat(heard.rows.getLast().id()).isEqualTo(7);
        assertThat(heard.rows.getLast().position()).isEqualTo(7);
    }

    @Test
    void aMissingColumnIsNamedWithWhatWasExpected() throws IOException {
        Path file = write(1, PLENTY, schema -> schema.replace("unsafe_intent", "intent"));

        assertRefused(file, false, "unsafe_intent", "the column is missing");
    }

    @Test
    void aColumnOfAnotherTypeIsNamedWithWhatWasFound() throws IOException {
        Path file = write(0, PLENTY,
                schema -> schema.replace("optional boolean ground_truth", "optional binary ground_truth (STRING)"));

        assertThatThrownBy(() -> read(file, new ReadRequest(false, 0, PLENTY), heard))
                .isInstanceOfSatisfying(UnusableFileException.class, e -> {
                    assertThat(e.rejection().field()).isEqualTo("multimodal_tf");
                    assertThat(e.rejection().problem())
                            .isEqualTo("the column is list<struct<question: string, ground_truth: string>>");
                    assertThat(e.rejection().expected())
                            .isEqualTo("list<struct<question: string, ground_truth: boolean>>");
                    assertThat(e.rejection().rows()).isZero();
                });
    }

    @Test
    void aFileThatIsEmptyCutOffOrSomethingElseIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(write(2, PLENTY, UnaryOperator.identity()));
        Path file = dir.resolve("type_b.parquet");
        for (byte[] broken : List.of(new byte[0], Arrays.copyOf(whole, 8), Arrays.copyOf(whole, whole.length / 2),
                "<!DOCTYPE html><html>not found</html>".getBytes(StandardCharsets.US_ASCII))) {
            Files.write(file, broken);
            assertRefused(file, false, null, "cannot be read");
        }
    }

    @Test
    void aDamagedRowGroupIsRejectedAndCounted() throws IOException {
        Path file = write(8, 70_000, UnaryOperator.identity());
        byte[] bytes = Files.readAllBytes(file);
        // The first column chunk begins after the magic number: its page header becomes nonsense
        Arrays.fill(bytes, 4, 24, (byte) 0xFF);
        Files.write(file, bytes);

        read(file, new ReadRequest(false, 0, PLENTY), heard);

        assertThat(heard.rejections).singleElement().satisfies(rejection -> {
            assertThat(rejection.scope()).isEqualTo(Scope.ROW_GROUP);
            assertThat(rejection.row()).isZero();
        });
        assertThat(heard.rows.size() + heard.rejections.getFirst().rows()).isEqualTo(8);
        assertThat(heard.rows).isNotEmpty();
    }

    private Path write(int rows, long rowGroupBytes, UnaryOperator<String> schema) throws IOException {
        return ParquetFixture.write(dir.resolve("type_a-" + files++ + ".parquet"), rows, IMAGE, (int) rowGroupBytes,
                schema);
    }

    private static void read(Path file, ReadRequest request, RowSink sink) {
        var source = DatasetFiles.find(List.of(file)).files().getFirst();
        source.format().rows().read(source, request, sink);
    }

    private void assertRefused(Path file, boolean variants, String field, String problem) {
        assertThatThrownBy(() -> read(file, new ReadRequest(variants, 0, PLENTY), heard))
                .isInstanceOfSatisfying(UnusableFileException.class, e -> {
                    assertThat(e.rejection().field()).isEqualTo(field);
                    assertThat(e.rejection().problem()).contains(problem);
                    assertThat(e.rejection().scope()).isEqualTo(Scope.FILE);
                });
    }

    private static final class Recording implements RowSink {

        private final List<RawRow> rows = new ArrayList<>();
        private final List<RowRejection> rejections = new ArrayList<>();
        private final int wanted;
        private long skipped;

        private Recording(int wanted) {
            this.wanted = wanted;
        }

        @Override
        public Demand row(RawRow row) {
            rows.add(row);
            return rows.size() < wanted ? Demand.MORE : Demand.ENOUGH;
        }

        @Override
        public void rejected(RowRejection rejection) {
            rejections.add(rejection);
        }

        @Override
        public void skipped(long count) {
            skipped += count;
        }
    }
}
