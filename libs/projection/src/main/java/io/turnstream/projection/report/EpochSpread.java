package io.turnstream.projection.report;

import java.util.List;

/// How much a figure differs between the epochs of a run, each of which ran the same plan.
///
/// @param values the figure in each epoch that has samples, the first first
/// @param standardDeviation of these values, over their number less one
/// @param min the lowest
/// @param max the highest
public record EpochSpread(List<Double> values, double standardDeviation, double min, double max) {

    public EpochSpread {
        values = List.copyOf(values);
    }

    /// @param values at least two
    static EpochSpread of(List<Double> values) {
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
        return new EpochSpread(values, Math.sqrt(squares / (values.size() - 1)),
                values.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                values.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    }
}
