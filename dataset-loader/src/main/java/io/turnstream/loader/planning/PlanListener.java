package io.turnstream.loader.planning;

import io.turnstream.loader.reading.RowRejection;

/// Takes a plan as it comes into being.
public interface PlanListener {

    /// A dialogue, in the order of the plan.
    void planned(PlannedDialogue dialogue);

    /// Something that is left out, or runs with a warning.
    void rejected(RowRejection rejection);

    /// Whether nobody wants the rest. Asked between rows.
    boolean isCancelled();
}
