package io.turnstream.standalone.cli;

import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;

/// Finds the run that a person means.
final class KnownRuns {

    private KnownRuns() {}

    /// @throws UsageException if there is none
    static RunReport report(Reports reports, String wanted, Place place) {
        return reports.run(wanted).orElseThrow(() -> unknown(wanted, place));
    }

    /// @throws UsageException if there is none
    static String id(Reports reports, String wanted, Place place) {
        return reports.runId(wanted).orElseThrow(() -> unknown(wanted, place));
    }

    private static UsageException unknown(String wanted, Place place) {
        return wanted.equals(Reports.LAST)
                ? new UsageException(place.name(), "there is no run yet",
                        "Start one with 'turnstream eval', or try 'turnstream demo'.")
                : new UsageException("RUN", "there is no run '" + wanted + "' in " + place.name(),
                        "'turnstream list' shows those there are.");
    }
}
