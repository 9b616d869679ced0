package io.turnstream.projection.document;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Counts of one group of score rows: a document of `score_cells`.
///
/// @param cellId the group's fields joined by `|`
/// @param version counts the changes of the cell
/// @param judgementSetId null for turns and questions
/// @param outcomes steps by wire name of their outcome, sorted by name
/// @param correctedCount rows in the corrected denominator
/// @param correctedSum sum of their values
/// @param referenceCount rows in the published denominator
/// @param referenceSum sum of their values
/// @param costNanoUsd 1e-9 USD, as far as known
/// @param unpriced answered steps whose price is not known
public record ScoreCounts(
        String cellId, long version, String runId, String split, String modality, String intent, String category,
        String kind,
        @Nullable String judgementSetId, int epoch, Map<String, Long> outcomes, long correctedCount, long correctedSum,
        long referenceCount, long referenceSum, long attempts, long inputTokens, long outputTokens, long costNanoUsd,
        long unpriced) {

    public ScoreCounts {
        outcomes = Collections.unmodifiableMap(new TreeMap<>(outcomes));
    }
}
