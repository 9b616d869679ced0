package io.turnstream.performance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A measurement that can be made again and again of one program, so that two programs can be measured in turn.
interface Trial {

    /// What is measured, as in tables.
    String what();

    /// What each measurement gives, in order.
    List<Quantity> quantities();

    /// Runs of which the median counts.
    default int runs(Bench bench) {
        return bench.runs();
    }

    /// Brings a program to where it can be measured: started and warm, if that is how it is measured.
    Course open(Bench bench, Checkout checkout) throws IOException;

    /// @param goal says, too, whether more or less of it is better
    record Quantity(String unit, int decimals, Goal goal) {

        boolean moreIsBetter() {
            return goal instanceof Goal.AtLeast;
        }
    }

    /// Measurements of one program.
    interface Course extends AutoCloseable {

        /// @param run counts from 1 on
        /// @return one value per quantity
        List<Double> measure(int run) throws IOException;

        @Override
        void close();
    }

    /// Measures the program that this benchmark belongs to.
    static List<Figure> measured(String benchmark, Trial trial, Bench bench) throws IOException {
        List<List<Double>> runs = new ArrayList<>();
        try (Course course = trial.open(bench, Checkout.here())) {
            for (int run = 1; run <= trial.runs(bench); run++) {
                runs.add(course.measure(run));
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < trial.quantities().size(); i++) {
            Quantity quantity = trial.quantities().get(i);
            figures.add(new Figure(benchmark, trial.what(), quantity.unit(), quantity.decimals(), quantity.goal(),
                    column(runs, i)));
        }
        return figures;
    }

    /// One quantity of several runs.
    static Samples column(List<List<Double>> runs, int quantity) {
        return new Samples(runs.stream().map(run -> run.get(quantity)).toList());
    }
}
