package io.turnstream.projection.report;

import java.util.List;

/// A prefix fits several runs.
public final class AmbiguousRunException extends RuntimeException {

    private static final int SHOWN = 5;

    private final List<String> runIds;

    /// @param runIds the runs it fits
    public AmbiguousRunException(String prefix, List<String> runIds) {
        super("'%s' fits %d runs: %s%s. Give more of the id, or 'last' for the newest".formatted(prefix, runIds.size(),
                String.join(", ", runIds.subList(0, Math.min(SHOWN, runIds.size()))),
                runIds.size() > SHOWN ? ", ..." : ""));
        this.runIds = List.copyOf(runIds);
    }

    /// The runs it fits.
    public List<String> runIds() {
        return runIds;
    }
}
