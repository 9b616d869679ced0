package io.turnstream.projection.document;

import org.jspecify.annotations.Nullable;

/// A row, question or file that could not be run: a document of `rejected_rows`.
///
/// @param split wire name, where known
/// @param row position in the file, 0-based; null for a whole file
/// @param rowId the row's id, where it could be read
/// @param warning true where the row runs all the same
public record RejectedRow(
        String runId, String file, @Nullable String split, @Nullable Long row, @Nullable Integer rowId,
        @Nullable String field,
        String problem, String expected, String remedy, boolean warning) {}
