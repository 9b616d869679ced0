package io.turnstream.loader;

import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/// What the loader and the connector's [PlanCommits] share. The connector asks for it as channels start, when the
/// loader, whose emitter has yet to be connected, cannot be made.
@ApplicationScoped
class Intake {

    private final PendingRuns runs = new PendingRuns();
    private volatile @Nullable PlanCommits commits;

    PendingRuns runs() {
        return runs;
    }

    void attach(PlanCommits handler) {
        commits = handler;
    }

    /// Null where the channel does not run.
    @Nullable
    PlanCommits commits() {
        return commits;
    }
}
