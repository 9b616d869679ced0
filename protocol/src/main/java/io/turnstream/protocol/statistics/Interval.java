package io.turnstream.protocol.statistics;

/// A confidence interval.
///
/// @param low its lower end
/// @param high its upper end, not below the lower
public record Interval(double low, double high) {

    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("An interval from " + low + " to " + high);
        }
    }

    /// The part of it that lies on the scale from `lowest` to `highest`.
    Interval clippedTo(double lowest, double highest) {
        return new Interval(Math.clamp(low, lowest, highest), Math.clamp(high, lowest, highest));
    }
}
