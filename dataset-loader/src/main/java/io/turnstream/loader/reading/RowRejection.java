package io.turnstream.loader.reading;

import io.turnstream.benchmark.Split;
import org.jspecify.annotations.Nullable;

/// Something in a data set that cannot be run, or runs with a warning: where it stands, what is wrong and what to do.
///
/// @param file the file, as [SourceFile#name()] says it
/// @param split the split, where known
/// @param row position in the file, 0-based; null where it is not about one row
/// @param rowId the row's id, where it could be read
/// @param field the field, dotted (`multimodal_dialogue.r2`)
/// @param problem what is wrong
/// @param expected what was expected
/// @param remedy what to do
/// @param rows how many rows this concerns; 0 where that is not known
public record RowRejection(
        Scope scope,
        String file,
        @Nullable Split split,
        @Nullable Long row,
        @Nullable Integer rowId,
        @Nullable String field,
        String problem,
        String expected,
        String remedy,
        long rows) {

    /// What is left out.
    public enum Scope {
        /// A whole file.
        FILE,
        /// The rows of one row group.
        ROW_GROUP,
        /// One row.
        ROW,
        /// One question; the rest of its row runs.
        QUESTION,
        /// Nothing: it runs all the same.
        WARNING
    }

    /// Where a row stands.
    public record Place(String file, @Nullable Split split, long row, @Nullable Integer rowId) {

        /// This row cannot be run.
        public RowRejection rejectRow(String field, String problem, String expected, String remedy) {
            return new RowRejection(Scope.ROW, file, split, row, rowId, field, problem, expected, remedy, 1);
        }

        /// A question of this row cannot be run.
        public RowRejection rejectQuestion(String field, String problem, String expected, String remedy) {
            return new RowRejection(Scope.QUESTION, file, split, row, rowId, field, problem, expected, remedy, 1);
        }

        /// This row runs, but somebody should know.
        public RowRejection warn(String field, String problem, String expected, String remedy) {
            return new RowRejection(Scope.WARNING, file, split, row, rowId, field, problem, expected, remedy, 1);
        }
    }

    /// A whole file cannot be run.
    public static RowRejection ofFile(
            SourceFile file, @Nullable String field, String problem, String expected, String remedy, long rows) {
        return new RowRejection(
                Scope.FILE, file.name(), file.split(), null, null, field, problem, expected, remedy, rows);
    }

    /// A warning about a file as a whole.
    public static RowRejection warnOfFile(
            String file, String field, String problem, String expected, String remedy, long rows) {
        return new RowRejection(Scope.WARNING, file, null, null, null, field, problem, expected, remedy, rows);
    }

    /// Whether everything runs all the same.
    public boolean isWarning() {
        return scope == Scope.WARNING;
    }
}
