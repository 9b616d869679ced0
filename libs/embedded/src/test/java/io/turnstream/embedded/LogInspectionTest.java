package io.turnstream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A log of ten batches of two records, as a broker leaves it, and what may have happened to it.
class LogInspectionTest {

    private static final int BATCHES = 10;
    private static final int END = 2 * BATCHES;

    @TempDir
    Path folder;

    private Path file;
    private byte[] whole;
    private int batchSize;

    @BeforeEach
    void small() throws IOException {
        log(10);
    }

    private void log(int bytesOfValue) throws IOException {
        String value = "v".repeat(bytesOfValue);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int batch = 0; batch < BATCHES; batch++) {
            MemoryRecords records = MemoryRecords.withRecords(2L * batch, Compression.NONE,
                    new SimpleRecord(("one " + batch + value).getBytes(StandardCharsets.UTF_8)),
                    new SimpleRecord(("two " + batch + value).getBytes(StandardCharsets.UTF_8)));
            byte[] written = new byte[records.sizeInBytes()];
            records.buffer().duplicate().get(written);
            bytes.write(written);
        }
        whole = bytes.toByteArray();
        batchSize = whole.length / BATCHES;
        file = Files.createDirectories(folder.resolve("events-0")).resolve("00000000000000000000.log");
        Files.write(file, whole);
        reached(END);
        Files.write(folder.resolve(".kafka_cleanshutdown"), new byte[0]);
    }

    private void reached(long offset) throws IOException {
        Files.writeString(folder.resolve("recovery-point-offset-checkpoint"),
                "0\n2\nevents 0 " + offset + "\ntables 3 7\n");
    }

    private void killed() throws IOException {
        Files.deleteIfExists(folder.resolve(".kafka_cleanshutdown"));
    }

    private void inspect() {
        new LogInspection(folder, topic -> topic.equals("events")).requireWhole();
    }

    @Test
    void a_log_as_it_was_left_is_whole_after_a_clean_stop_and_after_a_kill() throws IOException {
        assertThatCode(this::inspect).doesNotThrowAnyException();
        killed();
        reached(6);
        assertThatCode(this::inspect).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 60, 70})
    void what_a_kill_left_half_written_is_no_damage(int bytes) throws IOException {
        // Given
        killed();
        reached(6);
        Files.write(file, Arrays.copyOf(whole, 5 * batchSize + bytes));

        assertThatCode(this::inspect).doesNotThrowAnyException();
    }

    @Test
    void a_small_log_is_looked_through_after_a_clean_stop_too() throws IOException {
        byte[] changed = whole.clone();
        changed[2 * batchSize + 70] ^= 0x55;
        Files.write(file, changed);

        assertThatThrownBy(this::inspect).isInstanceOf(CannotStartException.class)
                .hasMessageContaining("damaged at byte " + 2 * batchSize);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 16, 40, 65})
    void bytes_that_were_changed_with_records_behind_them_are_damage_that_is_left_as_it_is(int at) throws IOException {
        // Given: the fifth batch, whose first offset is 8
        killed();
        reached(6);
        byte[] changed = whole.clone();
        changed[4 * batchSize + at] ^= 0x55;
        Files.write(file, changed);

        // When, Then
        assertThatThrownBy(this::inspect).isInstanceOf(CannotStartException.class)
                .hasMessageContaining("damaged at byte " + 4 * batchSize
                        + " (offset 8), with records behind it from byte " + 5 * batchSize + " on")
                .hasMessageContaining(file.toString()).hasMessageContaining("from a copy").message()
                .doesNotContain("\n");
        assertThat(Files.readAllBytes(file)).isEqualTo(changed);
    }

    @Test
    void a_file_that_ends_before_what_had_reached_the_disk_is_cut_short_also_after_a_clean_stop() throws IOException {
        // Given
        Files.write(file, Arrays.copyOf(whole, 3 * batchSize + 5));

        // When, Then
        assertThatThrownBy(this::inspect).isInstanceOf(CannotStartException.class)
                .hasMessageContaining("cut short in the middle of a record, behind offset 6: " + file);
        killed();
        assertThatThrownBy(this::inspect).isInstanceOf(CannotStartException.class)
                .hasMessageContaining("cut short: it ends at offset 6 and had reached 20: " + file);
    }

    @Test
    void of_a_large_log_that_was_left_cleanly_the_end_is_looked_at_and_not_the_rest() throws IOException {
        // Given: the index names the ninth batch; the third is changed, which nobody looks at after a clean stop
        log(300_000);
        byte[] changed = whole.clone();
        changed[2 * batchSize + 20] ^= 0x55;
        Files.write(file, changed);
        Files.write(file.resolveSibling("00000000000000000000.index"),
                java.nio.ByteBuffer.allocate(24).putInt(16).putInt(8 * batchSize).array());

        assertThatCode(this::inspect).doesNotThrowAnyException();
    }

    @Test
    void a_missing_file_or_folder_is_damage() throws IOException {
        Files.delete(file);
        assertThatThrownBy(this::inspect).isInstanceOf(CannotStartException.class)
                .hasMessageContaining("missing, which had reached offset 20");

        Files.delete(file.getParent());
        assertThatThrownBy(this::inspect).isInstanceOf(CannotStartException.class)
                .hasMessageContaining("A part of the log is missing: " + file.getParent());
    }

    @Test
    void what_can_be_made_again_from_other_topics_is_not_looked_at() throws IOException {
        // Given: tables-3 is missing, and another is no log at all
        killed();
        Files.write(Files.createDirectories(folder.resolve("tables-0")).resolve("00000000000000000000.log"),
                new byte[500]);

        assertThatCode(this::inspect).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\n", "0\n", "0\n5\nevents 0 20\n", "0\n1\nevents zero 20\n", "1\n0\n"})
    void a_damaged_note_of_the_broker_is_named_and_can_be_deleted(String content) throws IOException {
        Path note = folder.resolve("recovery-point-offset-checkpoint");
        Files.writeString(note, content);

        assertThatThrownBy(this::inspect).isInstanceOf(CannotStartException.class)
                .hasMessageContaining(note + ". Delete this one file");

        Files.delete(note);
        assertThatCode(this::inspect).doesNotThrowAnyException();
    }
}
