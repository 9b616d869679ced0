package io.turnstream.projection.store;

import java.util.List;

/// Writes the events of one topic into the projection. Writing them again, or older ones, changes nothing.
public interface EventWriter {

    /// Writes a batch; returns when the store has it.
    ///
    /// @param entries in the order of the log, as far as they have the same key
    /// @throws com.mongodb.MongoException if the store did not take it; the batch can be written again
    void write(List<Entry> entries);

    /// Forgets what it remembers of the store, because somebody else may have written since.
    default void forget() {}
}
