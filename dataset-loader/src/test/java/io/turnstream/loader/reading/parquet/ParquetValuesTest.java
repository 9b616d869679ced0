package io.turnstream.loader.reading.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.benchmark.Modality;
import io.turnstream.loader.reading.DatasetFiles;
import io.turnstream.loader.reading.ReadRequest;
import io.turnstream.loader.reading.RecordingSink;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.RowRejection.Scope;
import io.turnstream.loader.reading.UnusableFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Values of a Parquet file are read as they were meant, or their row is rejected: none is altered without a word.
class ParquetValuesTest {

    private static final String INT32 = "int32 id (INTEGER(32,true))";
    private static final Binary LATIN1 = Binary.fromConstantByteArray("für".getBytes(StandardCharsets.ISO_8859_1));

    @TempDir
    private Path dir;

    private final RecordingSink heard = new RecordingSink();

    @Test
    void an_unsigned_id_is_read_as_what_it_is() throws IOException {
        read(schema -> schema.replace(INT32, "int32 id (INTEGER(32,false))"), row -> {
            if (row.getInteger("id", 0) == 1) {
                set(row, "id", -1);
            }
        });

        assertThat(heard.ids()).containsExactly(0, 2);
        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.field()).isEqualTo("id");
            assertThat(rejection.row()).isEqualTo(1);
            assertThat(rejection.problem()).contains("4294967295");
            assertThat(rejection.expected()).contains("2147483647");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"int32 id", "int32 id (INTEGER(8,true))", "int32 id (INTEGER(16,false))", "int64 id",
            "int64 id (INTEGER(64,false))"})
    void ids_in_any_width_are_read(String column) throws IOException {
        read(schema -> schema.replace(INT32, column), row -> { /* ids 0 to 2 */ });

        assertThat(heard.ids()).containsExactly(0, 1, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"int32 id (DATE)", "int32 id (DECIMAL(9,2))", "int64 id (TIMESTAMP(MILLIS,true))"})
    void a_number_that_stands_for_something_else_is_no_id(String column) {
        assertThatThrownBy(() -> read(schema -> schema.replace(INT32, column), row -> { /* as it is */ }))
                .isInstanceOfSatisfying(UnusableFileException.class, e -> {
                    assertThat(e.rejection().field()).isEqualTo("id");
                    assertThat(e.rejection().problem()).contains(column.replaceAll(".*\\(([A-Z]+).*", "$1"));
                });
    }

    @Test
    void a_missing_id_rejects_its_row() throws IOException {
        read(UnaryOperator.identity(), row -> remove(row, "id", 1));

        assertThat(heard.ids()).containsExactly(0, 2);
        assertThat(heard.rejections()).singleElement()
                .satisfies(rejection -> assertThat(rejection.problem()).isEqualTo("the id is missing"));
    }

    @ParameterizedTest
    @CsvSource({"unsafe_intent", "multimodal_dialogue.r2", "unimodal_mcq[0].question", "multimodal_mcq[0].options[1]",
            "unimodal_tf[0].question"})
    void a_text_that_is_not_utf8_rejects_its_row_and_names_the_field(String field) throws IOException {
        read(UnaryOperator.identity(), row -> {
            if (row.getInteger("id", 0) == 1) {
                spoil(row, field);
            }
        });

        assertThat(heard.ids()).containsExactly(0, 2);
        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.scope()).isEqualTo(Scope.ROW);
            assertThat(rejection.field()).isEqualTo(field);
            assertThat(rejection.rowId()).isEqualTo(1);
            assertThat(rejection.problem()).contains("not UTF-8");
        });
    }

    @Test
    void a_question_that_is_null_keeps_its_place_so_that_it_is_left_out_by_name() throws IOException {
        read(UnaryOperator.identity(), row -> row.getGroup("unimodal_mcq", 0).addGroup(0));

        assertThat(heard.rows()).allSatisfy(row -> {
            assertThat(row.sides().get(Modality.UNIMODAL).mcq()).hasSize(2);
            assertThat(row.sides().get(Modality.UNIMODAL).mcq().getLast().question()).isEmpty();
        });
    }

    @Test
    void no_message_shows_the_inside_of_the_library() throws IOException {
        byte[] whole = Files.readAllBytes(
                ParquetFixture.write(dir.resolve("type_a.parquet"), 3, 1000, 1 << 20, UnaryOperator.identity()));
        byte[] badFooter = whole.clone();
        Arrays.fill(badFooter, whole.length - 200, whole.length - 100, (byte) 0xFF);
        byte[] badPage = whole.clone();
        Arrays.fill(badPage, 4, 40, (byte) 0xFF);
        for (byte[] damaged : List.of(badFooter, badPage, Arrays.copyOf(whole, whole.length - 20),
                Arrays.copyOfRange(whole, 10, whole.length))) {
            assertThat(said(damaged)).doesNotContain("FileBytes").doesNotContain("parquet.").doesNotContain("thrift")
                    .doesNotContain("Exception")
                    .doesNotContain("[80, 65").doesNotContain("null)");
        }
        assertThat(said(Arrays.copyOf(whole, whole.length - 20))).contains("cut short");
        assertThat(said("<!DOCTYPE html><html>not found</html>".getBytes(StandardCharsets.US_ASCII)))
                .contains("HTML page");
        assertThat(
                said("version https://git-lfs.github.com/spec/v1\noid sha256:00".getBytes(StandardCharsets.US_ASCII)))
                .contains("Git LFS pointer");
        assertThat(said("hunter2 hunter2 hunter2".getBytes(StandardCharsets.US_ASCII))).contains("no Parquet file")
                .doesNotContain("hunter2");
    }

    @Test
    void the_id_that_came_from_the_field_is_not_read_as_minus_one() {
        String data = System.getenv("TURNSTREAM_TEST_DATA");
        Assumptions.assumeTrue(data != null,
                "TURNSTREAM_TEST_DATA is not set: no data outside the repository to test with");

        read(Path.of(data, "field-reports", "parquet", "type_a-14bigid.parquet"));

        assertThat(heard.ids()).doesNotContain(-1);
        assertThat(heard.rejections()).extracting(RowRejection::problem).singleElement().asString()
                .contains("4294967295");
    }

    private String said(byte[] bytes) throws IOException {
        Path file = Files.write(dir.resolve("type_b.parquet"), bytes);
        RecordingSink sink = new RecordingSink();
        try {
            read(file, sink);
            return sink.rejections().toString();
        } catch (UnusableFileException e) {
            return e.rejection().toString();
        }
    }

    private void read(UnaryOperator<String> schema, Consumer<Group> change) throws IOException {
        read(ParquetFixture.write(dir.resolve("type_a.parquet"), 3, 100, 1 << 20, schema, change));
    }

    private void read(Path file) {
        read(file, heard);
    }

    private static void read(Path file, RecordingSink sink) {
        var source = DatasetFiles.find(List.of(file)).files().getFirst();
        source.format().rows().read(source, new ReadRequest(true, 0, 100_000_000), sink);
    }

    private static void set(Group row, String field, int value) {
        values(row, field).clear();
        row.append(field, value);
    }

    private static void remove(Group row, String field, int id) {
        if (row.getInteger(field, 0) == id) {
            values(row, field).clear();
        }
    }

    private static void spoil(Group row, String field) {
        Group at = row;
        String[] parts = field.split("\\.");
        for (int i = 0; i < parts.length - 1; i++) {
            at = parts[i].endsWith("]")
                    ? at.getGroup(parts[i].substring(0, parts[i].indexOf('[')), 0).getGroup(0, 0).getGroup(0, 0)
                    : at.getGroup(parts[i], 0);
        }
        String last = parts[parts.length - 1];
        if (last.startsWith("options")) {
            at = at.getGroup("options", 0).getGroup(0, 1);
            last = "element";
        }
        values(at, last).clear();
        at.append(last, LATIN1);
    }

    /// The library's own groups can be added to, not changed.
    @SuppressWarnings("unchecked")
    private static List<Object> values(Group group, String field) {
        try {
            var data = org.apache.parquet.example.data.simple.SimpleGroup.class.getDeclaredField("data");
            data.setAccessible(true);
            return (List<Object>) ((List<?>[]) data.get(group))[group.getType().getFieldIndex(field)];
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
