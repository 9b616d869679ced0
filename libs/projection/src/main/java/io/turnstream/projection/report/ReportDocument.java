package io.turnstream.projection.report;

import java.util.List;

/// What `--json` prints: the reports of one or more runs, see `schemas/report.schema.json`.
///
/// @param formatVersion 1; raised when a field goes or changes its meaning
public record ReportDocument(int formatVersion, List<RunReport> runs) {

    /// The format this code writes.
    public static final int FORMAT_VERSION = 1;

    public ReportDocument {
        runs = List.copyOf(runs);
    }

    /// A document in the current format.
    public static ReportDocument of(List<RunReport> runs) {
        return new ReportDocument(FORMAT_VERSION, runs);
    }
}
