package io.turnstream.events;

/// How much of a data set may be asked for. Whoever takes an order refuses more, and so does the loader that plans it.
public final class PlanBounds {

    /// How often each dialogue may be run. More would be a mistake: 6,016 dialogues of the benchmark become six
    /// million.
    public static final int MOST_EPOCHS = 1000;

    private PlanBounds() {}
}
