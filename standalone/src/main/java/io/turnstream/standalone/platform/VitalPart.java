package io.turnstream.standalone.platform;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// A part without which runs stand still, as its own health sees it.
///
/// @param name    what people know it by
/// @param trouble why it does not go on; empty while it does
record VitalPart(String name, Supplier<Optional<String>> trouble) {

    /// One that says no more than whether it goes on.
    static VitalPart of(String name, BooleanSupplier alive) {
        return new VitalPart(name, () -> alive.getAsBoolean() ? Optional.empty() : Optional.of("it has stopped"));
    }
}
