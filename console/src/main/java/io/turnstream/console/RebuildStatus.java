package io.turnstream.console;

import io.turnstream.projection.store.ProjectionComparison;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a rebuild stands.
///
/// @param read records of the log that were read, markers of transactions among them
/// @param total records that the log has
/// @param seconds how long it has taken
/// @param documents by collection how many documents there are, once it is done
/// @param comparison what differs from the projection before; null while it is not known, and where that one was
///         damaged
/// @param removed remains of earlier rebuilds that were broken off
/// @param problem why it failed
public record RebuildStatus(
        Phase phase, long read, long total, double seconds, Map<String, Long> documents,
        ProjectionComparison.@Nullable Result comparison, int removed,
        @Nullable String problem) {

    /// What is being done.
    public enum Phase {
        NONE, READING, COMPARING, DONE, STOPPED, FAILED;

        /// Whether something is being done.
        public boolean isGoingOn() {
            return this == READING || this == COMPARING;
        }
    }

    public RebuildStatus {
        documents = Map.copyOf(documents);
    }

    /// There was no rebuild.
    public static RebuildStatus none() {
        return new RebuildStatus(Phase.NONE, 0, 0, 0, Map.of(), null, 0, null);
    }

    /// The same in another phase.
    public RebuildStatus in(Phase next, double after, @Nullable String why) {
        return new RebuildStatus(next, read, total, after, documents, comparison, removed, why);
    }
}
