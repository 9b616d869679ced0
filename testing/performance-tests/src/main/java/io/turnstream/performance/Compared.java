package io.turnstream.performance;

import io.turnstream.performance.Trial.Course;
import io.turnstream.performance.Trial.Quantity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A quantity of two versions of the program, measured in turn: there, here, there, here.
///
/// @param benchmark its name on the command line
/// @param there what the other version gave
/// @param here what this one gave, as often
record Compared(String benchmark, String what, Quantity quantity, Samples there, Samples here) {

    Compared {
        if (there.values().size() != here.values().size()) {
            throw new IllegalArgumentException(
                    there.values().size() + " measurements there and " + here.values().size() + " here");
        }
    }

    /// What it costs here over what it costs there, of each two measurements that followed one another: above 1 is
    /// worse.
    Samples costs() {
        return new Samples(IntStream.range(0, here.values().size()).mapToObj(run -> {
            double mine = here.values().get(run);
            double others = there.values().get(run);
            return quantity.moreIsBetter() ? others / mine : mine / others;
        }).toList());
    }

    /// Measures both. Each is brought to where it can be measured first; then they take turns, so that what the machine
    /// does meanwhile meets both alike.
    static List<Compared> measured(String benchmark, Trial trial, Bench bench, Checkout other) throws IOException {
        List<List<Double>> there = new ArrayList<>();
        List<List<Double>> here = new ArrayList<>();
        try (Course theirs = trial.open(bench, other); Course ours = trial.open(bench, Checkout.here())) {
            for (int run = 1; run <= trial.runs(bench); run++) {
                there.add(theirs.measure(run));
                here.add(ours.measure(run));
            }
        }
        return IntStream.range(0, trial.quantities().size())
                .mapToObj(i -> new Compared(benchmark, trial.what(), trial.quantities().get(i),
                        Trial.column(there, i), Trial.column(here, i)))
                .toList();
    }
}
