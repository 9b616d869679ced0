package io.turnstream.projection.store;

import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// A record of a topic, as a writer takes it.
///
/// @param event null for a tombstone
public record Entry(String key, @Nullable SpecificRecord event) {}
