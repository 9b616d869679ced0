package io.turnstream.loader.planning;

import io.turnstream.loader.reading.RowRejection;
import org.jspecify.annotations.Nullable;

/// Takes a plan as it comes into being.
public interface PlanListener {

    /// Planning begins; called first.
    ///
    /// @param captionsDigest SHA-256 (hex) of the captions file; null where there is none
    void begun(@Nullable String captionsDigest);

    /// A dialogue, in the order of the plan.
    void planned(PlannedDialogue dialogue);

    /// Something that is left out, or runs with a warning.
    void rejected(RowRejection rejection);

    /// Whether nobody wants the rest. Asked between rows.
    boolean isCancelled();
}
