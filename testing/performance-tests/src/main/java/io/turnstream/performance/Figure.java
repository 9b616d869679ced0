package io.turnstream.performance;

/// One line of the table.
///
/// @param benchmark its name on the command line
/// @param what is measured
/// @param unit of goal and samples
/// @param decimals to print
/// @param samples of several runs
record Figure(String benchmark, String what, String unit, int decimals, Goal goal, Samples samples) {

    /// `met`, `missed`, or nothing where nothing is promised.
    String verdict() {
        Boolean met = goal.isMetBy(samples.median());
        return met == null ? "" : met ? "met" : "MISSED";
    }
}
