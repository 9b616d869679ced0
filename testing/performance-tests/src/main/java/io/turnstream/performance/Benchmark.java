package io.turnstream.performance;

import java.io.IOException;
import java.util.List;

/// One measurement, with the goals for it.
interface Benchmark {

    /// As on the command line.
    String name();

    /// One sentence on what is measured.
    String description();

    /// @return its lines of the table
    List<Figure> measure(Bench bench) throws IOException;

    /// What can be measured of two versions of the program in turn; empty where nothing can.
    default List<Trial> trials() {
        return List.of();
    }
}
