package io.turnstream.importer.reading;

import io.turnstream.benchmark.Split;
import org.jspecify.annotations.Nullable;

/// Something of a folder that is not imported, or that is imported with a remark: where it stands, what is wrong, what
/// to do.
///
/// @param what how much it concerns
/// @param file relative to the folder, with forward slashes
/// @param record position in the file, 0-based; null where it concerns the file as a whole
/// @param rowId the record's id, where it could be read
/// @param field the field; null where it concerns the record as a whole
/// @param problem what is wrong, in one line that repeats no prompt or answer
/// @param expected what was expected
/// @param remedy what to do
public record LeftOut(
        Part what,
        String file,
        @Nullable Split split,
        @Nullable Long record,
        @Nullable Integer rowId,
        @Nullable String field,
        String problem,
        String expected,
        String remedy) {

    /// How much is left out.
    public enum Part {
        /// A file, or the rest of one from a record on.
        FILE,
        /// A dialogue with its questions.
        DIALOGUE,
        /// A question of a dialogue that is imported.
        QUESTION,
        /// A judge's verdict; its dialogue, if there is one, is imported.
        VERDICT,
        /// Nothing.
        REMARK
    }

    /// Where it stands, for people: `type_a/multimodal_safe.json, record 3 (id 7), mcq[1].options`.
    public String where() {
        return file + (record == null ? "" : ", record " + record) + (rowId == null ? "" : " (id " + rowId + ")")
                + (field == null ? "" : ", " + field);
    }

    /// A record's place in a file, from which what is wrong with it is told.
    record Place(String file, @Nullable Split split, @Nullable Long record, @Nullable Integer rowId) {

        Place ofRow(@Nullable Integer id) {
            return new Place(file, split, record, id);
        }

        LeftOut without(Part what, @Nullable String field, String problem, String expected, String remedy) {
            return new LeftOut(what, file, split, record, rowId, field, problem, expected, remedy);
        }
    }
}
