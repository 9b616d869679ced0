package io.turnstream.loader.reading.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turnstream.loader.reading.DatasetFiles;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.ReadRequest;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.RowSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads a data set in row groups of about 100 MB, as the hub's writer makes them, in a process of its own, and asks
/// the system for that process's highest memory. What is needed follows from the row group, not from the file: three
/// groups show it, and `-Dturnstream.soak=N` reads the 3 GB of the whole public set.
class ParquetMemoryIT {

    private static final int IMAGE_BYTES = 1 << 20;
    private static final int ROW_GROUP_BYTES = 100 << 20;
    private static final long GIGABYTE = 1L << 30;
    private static final Path STATUS = Path.of("/proc/self/status");

    @TempDir
    private Path folder;

    @Test
    void row_groups_of_100_megabytes_are_read_within_a_gigabyte_of_process_memory() throws Exception {
        // Given: rows of an image and a variant, 1 MB each
        assumeTrue(Files.isReadable(STATUS),
                "the highest memory of a process is read from " + STATUS + ", which is not here");
        int rows = Integer.getInteger("turnstream.soak", 0) > 0 ? 1_500 : 150;
        Path file = ParquetFixture.write(folder.resolve("type_a-0.parquet"), rows, IMAGE_BYTES, ROW_GROUP_BYTES,
                UnaryOperator.identity());

        // When
        Process reader = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp", System.getProperty("java.class.path"), ParquetMemoryIT.class.getName(), file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        // Then
        assertThat(reader.waitFor()).isZero();
        String[] counts = said.split(" ");
        System.out.printf("parquet: %,d bytes in row groups of 100 MB, %s rows read, highest memory %,d bytes%n",
                Files.size(file), counts[0],
                Long.parseLong(counts[3]));
        assertThat(Integer.parseInt(counts[0])).as("rows").isEqualTo(rows);
        assertThat(Integer.parseInt(counts[1])).as("rejections").isZero();
        assertThat(Long.parseLong(counts[2])).as("bytes of images").isEqualTo(2L * rows * IMAGE_BYTES);
        assertThat(Long.parseLong(counts[3])).as("highest memory").isBetween(1L, GIGABYTE);
    }

    /// Reads a file and prints rows, rejections, bytes of images, and the process's highest resident memory in bytes.
    public static void main(String[] arguments) throws IOException {
        var source = DatasetFiles.find(List.of(Path.of(arguments[0]))).files().getFirst();
        Counting counting = new Counting();
        source.format().rows().read(source, new ReadRequest(true, 0, Runtime.getRuntime().maxMemory() * 6 / 10),
                counting);
        String highest = Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmHWM:")).findFirst()
                .orElseThrow();
        System.out.println(counting.rows + " " + counting.rejections + " " + counting.imageBytes + " "
                + Long.parseLong(highest.replaceAll("\\D", "")) * 1024);
    }

    private static final class Counting implements RowSink {

        private int rows;
        private int rejections;
        private long imageBytes;

        @Override
        public Demand row(RawRow row) {
            rows++;
            imageBytes += row.image().bytes().length;
            row.variantImages().forEach(variant -> imageBytes += variant.bytes().length);
            return Demand.MORE;
        }

        @Override
        public void rejected(RowRejection rejection) {
            rejections++;
        }

        @Override
        public void skipped(long count) {
            throw new AssertionError("nothing was to be skipped");
        }
    }
}
