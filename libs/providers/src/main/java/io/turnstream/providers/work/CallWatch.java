package io.turnstream.providers.work;

import io.turnstream.providers.ModelReply.Failed;
import java.util.function.Supplier;

/// Who waits for a call: says whether it may go on and what came of it before, and hears why it takes its time.
@FunctionalInterface
public interface CallWatch extends Supplier<Permission> {

    /// An attempt failed while the model serves nobody, and another will be made.
    default void troubled(Failed failed) {}

    /// Whether the run was halted over this call before, and has been resumed since.
    default boolean hasHaltedRun() {
        return false;
    }
}
