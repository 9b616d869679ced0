package io.turnstream.loader.reading.jsonl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.benchmark.Modality;
import io.turnstream.loader.DatasetFixture;
import io.turnstream.loader.reading.DatasetFiles;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.ReadRequest;
import io.turnstream.loader.reading.RecordingSink;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.RowRejection.Scope;
import io.turnstream.loader.reading.UnusableFileException;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No row of a JSON-lines file is lost without a word, however its lines are written.
class JsonlRowsTest {

    @TempDir
    private Path dir;

    private final RecordingSink heard = new RecordingSink();

    @BeforeEach
    void draw_a_picture() {
        DatasetFixture.writePng(dir.resolve("0.png"), 4, 3, Color.RED);
    }

    @Test
    void two_rows_on_one_line_are_two_rows() {
        read(line(1) + line(2) + "\n" + line(3) + " " + line(4) + "\n");

        assertThat(heard.ids()).containsExactly(1, 2, 3, 4);
        assertThat(heard.rows()).extracting(RawRow::position).containsExactly(0L, 1L, 2L, 3L);
        assertThat(heard.rejections()).isEmpty();
    }

    @Test
    void rows_that_are_passed_over_are_counted_the_same_way_as_rows_that_are_read() {
        read(line(1) + line(2) + "\n" + line(3) + "\n", 1);

        assertThat(heard.skipped()).isEqualTo(1);
        assertThat(heard.ids()).containsExactly(2, 3);
        assertThat(heard.rows()).extracting(RawRow::position).containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void lines_end_in_any_of_the_three_ways(String end) {
        read(line(1) + end + end + line(2) + end + line(3));

        assertThat(heard.ids()).containsExactly(1, 2, 3);
        assertThat(heard.rejections()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {" and words behind it", ", {\"id\": 3}", " 17", "}", " [1]", " NaN", " \"text\"",
            " \u0000"})
    void what_stands_behind_a_row_rejects_it(String rest) {
        read(line(1) + rest + "\n" + line(2) + "\n");

        assertThat(heard.ids()).containsExactly(2);
        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.scope()).isEqualTo(Scope.ROW);
            assertThat(rejection.row()).isZero();
            assertThat(rejection.problem()).contains("line 1").contains("behind the row");
            assertThat(rejection.remedy()).isNotBlank();
        });
    }

    @Test
    void a_byte_order_mark_is_read_past() {
        read("\uFEFF" + line(1) + "\n" + line(2) + "\n");

        assertThat(heard.ids()).containsExactly(1, 2);
        assertThat(heard.rejections()).isEmpty();
    }

    @Test
    void rows_spread_over_several_lines_are_one_message_with_what_helps() throws IOException {
        String pretty = DatasetFixture.row(1, "0.png").toPrettyString();
        read(line(7) + "\n" + pretty + "\n" + pretty + "\n" + line(8) + "\n");

        assertThat(heard.ids()).containsExactly(7, 8);
        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.rows()).isEqualTo(2);
            assertThat(rejection.row()).isEqualTo(1);
            assertThat(rejection.problem()).contains("lines 2 to").contains("several lines");
            assertThat(rejection.expected()).contains("one line");
            assertThat(rejection.remedy()).contains("jq -c .");
        });
        assertThat(heard.rows().getLast().position()).isEqualTo(3);
    }

    @Test
    void a_row_that_breaks_off_does_not_take_the_next_ones_with_it() {
        read(line(1).substring(0, 200) + "\n" + line(2) + "\n" + line(3).substring(0, 100));

        assertThat(heard.ids()).containsExactly(2);
        assertThat(heard.rejections()).hasSize(2)
                .allSatisfy(rejection -> assertThat(rejection.problem()).contains("breaks off"))
                .extracting(RowRejection::row).containsExactly(0L, 2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\": 1, \"goal\": \"cut he", "{\"id\": 1, \"goal\": \"cut \\\\\\\"he",
            "{\"id\": 1, \"go"})
    void a_line_cut_inside_a_text_costs_its_row_alone_though_the_next_rows_are_indented(String cut) {
        read(cut + "\n  " + line(2) + "\n\t" + line(3) + "\n");

        assertThat(heard.ids()).containsExactly(2, 3);
        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.scope()).isEqualTo(Scope.ROW);
            assertThat(rejection.row()).isZero();
            assertThat(rejection.problem()).contains("line 1").contains("breaks off");
        });
    }

    @Test
    void a_spread_row_that_is_cut_inside_a_text_ends_there() {
        read("{\n  \"id\": 1,\n  \"goal\": \"cut he\n  " + line(2) + "\n " + line(3) + "\n");

        assertThat(heard.ids()).containsExactly(2, 3);
        assertThat(heard.rows()).extracting(RawRow::position).containsExactly(1L, 2L);
        assertThat(heard.rejections()).singleElement()
                .satisfies(rejection -> assertThat(rejection.problem()).contains("lines 1 to 3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\n", "{\n  \"id\": 1,\n"})
    void a_line_without_a_text_is_no_part_of_a_spread_row(String begun) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(begun.getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes((line(2).replace("goal", "für") + "\n").getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes((" " + line(3) + "\n").getBytes(StandardCharsets.UTF_8));
        Files.write(file(), bytes.toByteArray());

        readFile();

        assertThat(heard.ids()).containsExactly(3);
        assertThat(heard.rejections()).hasSize(2).last()
                .satisfies(rejection -> assertThat(rejection.problem()).contains("no text in UTF-8"));
        assertThat(heard.rows().getLast().position()).isEqualTo(2);
    }

    @Test
    void a_file_that_is_one_array_is_refused_with_what_helps() {
        assertThatThrownBy(() -> read("[\n" + line(1) + ",\n" + line(2) + "\n]\n"))
                .isInstanceOfSatisfying(UnusableFileException.class, e -> {
                    assertThat(e.rejection().problem()).contains("JSON array");
                    assertThat(e.rejection().remedy()).contains("jq -c '.[]'");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "x-UTF-16LE-BOM", "UTF-32", "UTF-32LE"})
    void a_file_in_another_encoding_is_refused_as_a_whole(String charset) throws IOException {
        for (String row : java.util.List.of(line(1), line(1).replace("goal", "für"))) {
            Files.write(file(), (row + "\n").getBytes(charset));

            assertThatThrownBy(this::readFile)
                    .isInstanceOfSatisfying(UnusableFileException.class,
                            e -> assertThat(e.rejection().problem()).contains("no text in UTF-8"));
        }
    }

    @Test
    void a_file_that_is_no_text_at_all_is_refused_as_a_whole() throws IOException {
        try (var packed = new java.util.zip.GZIPOutputStream(Files.newOutputStream(file()))) {
            packed.write((line(1) + "\n").getBytes(StandardCharsets.UTF_8));
        }

        assertThatThrownBy(this::readFile).isInstanceOf(UnusableFileException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_line_that_is_not_utf8_rejects_that_row_and_the_others_are_read(int bad) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id = 1; id <= 3; id++) {
            bytes.writeBytes(id == bad
                    ? (line(id).replace("goal", "für") + "\n").getBytes(StandardCharsets.ISO_8859_1)
                    : (line(id) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        Files.write(file(), bytes.toByteArray());

        readFile();

        assertThat(heard.ids()).hasSize(2).doesNotContain(bad);
        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.row()).isEqualTo(bad - 1);
            assertThat(rejection.problem()).contains("line " + bad).contains("UTF-8");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "/unsafe_intent", "/multimodal_dialogue/r1", "/unimodal_dialogue/safe_r3", "/unimodal_mcq/1/question",
            "/multimodal_mcq/0/options/2", "/multimodal_tf/1/question"
    })
    void half_a_character_rejects_the_row_and_names_the_field(String pointer) throws IOException {
        var row = DatasetFixture.row(1, "0.png");
        var json = new com.fasterxml.jackson.databind.ObjectMapper();
        String field = pointer.substring(pointer.lastIndexOf('/') + 1);
        var parent = row.at(pointer.substring(0, pointer.lastIndexOf('/')));
        if (parent instanceof com.fasterxml.jackson.databind.node.ObjectNode object) {
            object.put(field, "PLACE");
        } else {
            ((com.fasterxml.jackson.databind.node.ArrayNode) parent).set(Integer.parseInt(field), "PLACE");
        }
        read(json.writeValueAsString(row).replace("PLACE", "before \\ud83d after") + "\n"
                + json.writeValueAsString(row).replace("PLACE", "a whole \\ud83d\\ude00 one") + "\n");

        assertThat(heard.rows()).hasSize(1);
        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            String dotted = pointer.substring(1).replaceAll("/([0-9])", "[$1]").replace('/', '.');
            assertThat(rejection.field()).isEqualTo(dotted);
            assertThat(rejection.rowId()).isEqualTo(1);
            assertThat(rejection.problem()).contains("half a character");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"4294967295", "-2147483649", "1.5", "\"7\"", "null", "true",
            "123456789012345678901234567890"})
    void an_id_that_is_no_int32_is_named_with_what_it_should_be(String id) {
        read(line(1).replace("\"id\":1", "\"id\":" + id) + "\n" + line(2) + "\n");

        assertThat(heard.ids()).containsExactly(2);
        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.field()).isEqualTo("id");
            assertThat(rejection.expected()).contains("-2147483648 to 2147483647");
        });
    }

    @Test
    void a_turn_of_another_type_than_text_is_named_and_not_taken_for_an_empty_one() {
        read(line(1).replace("\"r3\":\"\"", "\"r3\":5") + "\n");

        assertThat(heard.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.field()).isEqualTo("multimodal_dialogue.r3");
            assertThat(rejection.problem()).contains("JSON number");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"id\": NaN}", "{\"id\": hunter2}", "hunter2", "{\"hunter2\": 1, \"hunter2\": 2}", "{\"id\": 1 hunter2}",
            "{'hunter2': 1}",
            "{\"id\": 007}", "{\"a\": \"tab\there hunter2\"}", "{\"a\": \"\\hunter2\"}", "{hunter2: 1}", "hunter2=abc",
            "\"hunter2\"", "{\"id\": 1"
    })
    void nothing_of_a_line_that_is_no_row_is_repeated_and_no_word_of_a_library_is_shown(String line) {
        read(line(1) + "\n" + line + "\n");

        assertThat(heard.ids()).containsExactly(1);
        assertThat(heard.rejections()).singleElement().satisfies(rejection -> assertThat(rejection.toString())
                .contains("line 2").doesNotContain("hunter2").doesNotContain("Jackson")
                .doesNotContain("JsonReadFeature")
                .doesNotContain("Source").doesNotContain("token").doesNotContain("CTRL"));
    }

    @Test
    void nesting_without_end_rejects_the_line_alone() {
        read("{\"a\":".repeat(200_000) + "\n" + "[".repeat(1_000_000) + "\n" + line(1) + "\n");

        assertThat(heard.ids()).containsExactly(1);
        assertThat(heard.heardOf()).isEqualTo(3);
    }

    @Test
    void the_files_that_came_from_the_field_lose_no_row() {
        String data = System.getenv("TURNSTREAM_TEST_DATA");
        Assumptions.assumeTrue(data != null,
                "TURNSTREAM_TEST_DATA is not set: no data outside the repository to test with");

        assertThat(rowsOf(data, "type_a-01bom")).hasSize(2);
        assertThat(rowsOf(data, "type_a-concat")).hasSize(4);
        assertThat(rowsOf(data, "type_a-04nan")).containsExactly(41);
        assertThat(rowsOf(data, "type_a-19trail")).hasSize(1);
        assertThat(rowsOf(data, "type_a-08pretty")).isEmpty();
    }

    private static java.util.List<Integer> rowsOf(String data, String name) {
        RecordingSink sink = new RecordingSink();
        readFile(Path.of(data, "field-reports", "jsonl", name + ".jsonl"), 0, sink);
        return sink.ids();
    }

    private String line(int id) {
        return DatasetFixture.row(id, "0.png").toString();
    }

    private Path file() {
        return dir.resolve("type_a.jsonl");
    }

    private void read(String text) {
        read(text, 0);
    }

    private void read(String text, long rowsToSkip) {
        try {
            Files.writeString(file(), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        readFile(file(), rowsToSkip, heard);
        assertThat(heard.rows()).allSatisfy(row -> assertThat(row.sides()).containsKey(Modality.UNIMODAL));
    }

    private void readFile() {
        readFile(file(), 0, heard);
    }

    private static void readFile(Path file, long rowsToSkip, RecordingSink sink) {
        var source = DatasetFiles.find(java.util.List.of(file)).files().getFirst();
        source.format().rows().read(source, new ReadRequest(false, rowsToSkip, 1), sink);
    }
}
