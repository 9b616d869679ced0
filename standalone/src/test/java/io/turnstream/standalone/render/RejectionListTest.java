package io.turnstream.standalone.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.projection.document.RejectedRow;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RejectionListTest {

    private static RejectedRow row(long row, boolean warning) {
        return new RejectedRow("01RUN", "/data/type_a.parquet", "type_a", row, 7, "r2", "the turn is empty", "a text",
                "Fill it in", warning);
    }

    @Test
    void a_bad_row_names_file_row_id_field_problem_and_remedy() {
        assertThat(new RejectionList(Terminal.plain(100, true)).lines(List.of(row(2, false), row(3, true))))
                .containsExactly("    type_a.parquet, row 3 (id 7), r2: the turn is empty. Fill it in");
    }

    @Test
    void many_bad_rows_are_counted() {
        assertThat(new RejectionList(Terminal.plain(100, true))
                .lines(IntStream.range(0, 9).mapToObj(n -> row(n, false)).toList()))
                .hasSize(6).endsWith("    and 4 more; 'turnstream export' lists them all");
    }
}
