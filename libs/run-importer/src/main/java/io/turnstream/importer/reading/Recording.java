package io.turnstream.importer.reading;

import io.turnstream.importer.reading.LeftOut.Part;
import io.turnstream.importer.reading.ResultFolder.ModelFolder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a folder holds of one model, and what of it cannot be imported.
///
/// @param rows rows of the data set of which any dialogue is imported
/// @param dialogues imported
/// @param questions imported
/// @param emptyTurns turns among them whose recorded answer is empty
/// @param verdicts imported
/// @param judged whether any judge's log is there
/// @param datasetDigest SHA-256 (hex) of what was asked
/// @param contentDigest SHA-256 (hex) of what was asked and answered
/// @param figuresCompared published figures that stand in the folder
/// @param figuresEqual those that the imported answers give again, to the fourth decimal
/// @param temperature of dialogue turns, where the folder says it
/// @param maxTokens of dialogue turns, where the folder says it
/// @param leftOut what is left out, and remarks, in the order of the files
public record Recording(
        ModelFolder folder,
        long rows,
        int dialogues,
        long questions,
        long emptyTurns,
        long verdicts,
        boolean judged,
        String datasetDigest,
        String contentDigest,
        int figuresCompared,
        int figuresEqual,
        @Nullable Double temperature,
        @Nullable Integer maxTokens,
        List<LeftOut> leftOut) {

    public Recording {
        leftOut = List.copyOf(leftOut);
    }

    /// How many things of a kind are left out.
    public long leftOut(Part what) {
        return leftOut.stream().filter(out -> out.what() == what).count();
    }
}
