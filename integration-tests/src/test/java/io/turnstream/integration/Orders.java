package io.turnstream.integration;

import io.turnstream.console.RunOrder;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.Provenance.SelectionFacts;
import java.util.List;

/// What these tests ask for: some rows of the bundled data set, both splits and modalities, with questions and judge.
final class Orders {

    static final String MODEL = "sim/contextual";
    static final String JUDGE = "sim/judge";

    private Orders() {
    }

    /// @param rows the first so many of each split
    /// @param connections most calls in flight per worker, for model and judge each
    static RunOrder rows(int rows, int connections) {
        return new RunOrder(List.of(MODEL), JUDGE, List.of(Reactor.MINI.toString()), null, null,
                new SelectionFacts(List.of(), List.of(), List.of(), 0, rows, List.of(), false, 1), null, null,
                new Limits(connections, 5, 30_000), null, null, false, List.of(), "integration-tests");
    }
}
