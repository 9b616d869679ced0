package io.turnstream.loader.planning;

import org.jspecify.annotations.Nullable;

/// How planning ended, unless the data set could not be used.
public sealed interface Plan {

    /// Everything was planned.
    ///
    /// @param rows rows read within the selection, rejected ones included
    /// @param rejectedRows rows left out
    /// @param rejectedQuestions questions left out of rows that run
    /// @param warnings rows, or lines of files beside the data set, that run or are passed over with a warning
    /// @param datasetDigest see [DatasetDigest]
    /// @param captionsDigest SHA-256 (hex) of the captions file; null where there is none
    /// @param imagesPrepared images decoded and encoded for this plan
    /// @param imagesReused images that were prepared before
    record Complete(
            PlanCounts counts,
            long rows,
            long rejectedRows,
            long rejectedQuestions,
            long warnings,
            String datasetDigest,
            @Nullable String captionsDigest,
            long imagesPrepared,
            long imagesReused)
            implements Plan {}

    /// The listener wanted no more.
    record Cancelled() implements Plan {}
}
