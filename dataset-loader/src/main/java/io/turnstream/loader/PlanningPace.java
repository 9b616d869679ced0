package io.turnstream.loader;

import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/// How fast a plan is written: what a run asks for first at once, the rest with pauses.
///
/// Whatever is planned is registered, too, which costs more than planning. Six thousand dialogues, written as fast as
/// possible, keep those who work for the first of them from the processor for seconds. So three quarters of the time
/// are left to them; in the last one more is planned than models answer meanwhile (`docs/decisions/0042`).
final class PlanningPace {

    /// How long a pause is, as a multiple of what writing a dialogue took.
    private static final int PAUSE = 3;

    private final int window;
    private final BooleanSupplier hurried;
    private final LongConsumer pause;
    private long written;

    /// @param window how many of the run's dialogues are under way at most: so many are written at once
    /// @param hurried whether somebody waits until all is planned
    /// @param pause waits for so many nanoseconds
    PlanningPace(int window, BooleanSupplier hurried, LongConsumer pause) {
        this.window = window;
        this.hurried = hurried;
        this.pause = pause;
    }

    /// A dialogue is written.
    ///
    /// @param nanos how long that took
    void written(long nanos) {
        written++;
        if (written > window && !hurried.getAsBoolean()) {
            pause.accept(PAUSE * nanos);
        }
    }
}
