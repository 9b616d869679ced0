package io.turnstream.performance;

import org.jspecify.annotations.Nullable;

/// What a figure should come to.
sealed interface Goal {

    /// This much or more.
    record AtLeast(double value) implements Goal {}

    /// This much or less.
    record AtMost(double value) implements Goal {}

    /// Measured for what it tells; nothing is promised.
    record None() implements Goal {}

    /// Whether a figure comes to it; null where nothing is promised.
    default @Nullable Boolean isMetBy(double figure) {
        return switch (this) {
            case AtLeast(double value) -> figure >= value;
            case AtMost(double value) -> figure <= value;
            case None() -> null;
        };
    }
}
