package io.turnstream.integration;

import io.turnstream.cluster.Reactor;
import io.turnstream.console.RunOrder;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.Provenance.SelectionFacts;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What these tests ask for: some rows of the bundled data set, both splits and modalities, with questions and judge.
final class Orders {

    static final String MODEL = "sim/contextual";
    static final String JUDGE = "sim/judge";

    private Orders() {}

    /// @param rows the first so many of each split
    /// @param connections most calls in flight per worker, for model and judge each
    static RunOrder rows(int rows, int connections) {
        return rows(rows, new Limits(connections, 5, 30_000));
    }

    static RunOrder rows(int rows, Limits limits) {
        return of(MODEL, JUDGE, rows, limits);
    }

    /// The same of other models.
    static RunOrder of(String model, String judge, int rows, Limits limits) {
        return order(model, judge, Reactor.MINI,
                new SelectionFacts(List.of(), List.of(), List.of(), 0, rows, List.of(), false, 1), limits, null);
    }

    /// @param window most dialogues under way; null follows from the connections
    static RunOrder order(String model, String judge, Path dataset, SelectionFacts selection, Limits limits,
            @Nullable Integer window) {
        return new RunOrder(List.of(model), judge, List.of(dataset.toString()), null, null, selection, null, null,
                limits, null, window,
                false, null, List.of(), "integration-tests");
    }
}
