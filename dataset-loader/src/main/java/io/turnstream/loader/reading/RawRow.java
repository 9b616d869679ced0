package io.turnstream.loader.reading;

import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A row as its file has it, not judged yet. Texts that are missing are empty.
///
/// @param file name of the file for messages
/// @param position position in the file, 0-based
/// @param split what the row or its file says; null where neither does
/// @param image the row's own image; null where it is missing
/// @param variantImages empty unless they were asked for
/// @param sides the dialogue and its questions, by modality
public record RawRow(
        String file,
        long position,
        @Nullable Split split,
        @Nullable Integer id,
        @Nullable RawImage image,
        List<RawImage> variantImages,
        String unsafeIntent,
        Map<Modality, RawSide> sides) {

    /// Fields of a dialogue, in the order of the data set. All are user turns.
    public static final List<String> TURN_FIELDS = List.of("r1", "unsafe_r1", "safe_r1", "r2", "r3", "unsafe_r3",
            "safe_r3");

    public RawRow {
        variantImages = List.copyOf(variantImages);
        sides = Map.copyOf(sides);
    }

    /// Where this row stands.
    public RowRejection.Place place() {
        return new RowRejection.Place(file, split, position, id);
    }

    @Override
    public String toString() {
        return "RawRow[" + file + ", row " + position + ", id " + id + "]";
    }

    /// One modality of a row.
    ///
    /// @param turns user turns by field name, see [#TURN_FIELDS]
    public record RawSide(Map<String, String> turns, List<RawMcq> mcq, List<RawTf> tf) {

        public RawSide {
            turns = Map.copyOf(turns);
            mcq = List.copyOf(mcq);
            tf = List.copyOf(tf);
        }

        /// A turn, empty where there is none.
        public String turn(String field) {
            return turns.getOrDefault(field, "");
        }

        @Override
        public String toString() {
            return "RawSide[" + mcq.size() + " mcq, " + tf.size() + " tf]";
        }
    }

    /// A multiple-choice question.
    public record RawMcq(String question, String questionType, List<String> options, String groundTruth) {

        public RawMcq {
            options = List.copyOf(options);
        }

        @Override
        public String toString() {
            return "RawMcq[" + questionType + ", " + options.size() + " options]";
        }
    }

    /// A statement that is true or false.
    ///
    /// @param groundTruth null where it is missing or no boolean
    public record RawTf(String question, @Nullable Boolean groundTruth) {

        @Override
        public String toString() {
            return "RawTf[" + groundTruth + "]";
        }
    }
}
