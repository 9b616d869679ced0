package io.turnstream.loader.planning;

import org.jspecify.annotations.Nullable;

/// What was planned.
///
/// @param cutShort whether the listener wanted no more: then this is the plan so far
/// @param rows rows read within the selection, rejected ones included
/// @param rejectedRows rows left out
/// @param rejectedQuestions questions left out of rows that run
/// @param warnings rows, or lines of files beside the data set, that run or are passed over with a warning
/// @param datasetDigest see [DatasetDigest]
/// @param captionsDigest SHA-256 (hex) of the captions file; null where there is none
/// @param imagesPrepared images decoded and encoded for this plan
/// @param imagesReused images that were prepared before
public record Plan(
        boolean cutShort,
        PlanCounts counts,
        long rows,
        long rejectedRows,
        long rejectedQuestions,
        long warnings,
        String datasetDigest,
        @Nullable String captionsDigest,
        long imagesPrepared,
        long imagesReused) {}
