package io.turnstream.projection.report;

import java.util.Set;

/// Wire names of the states in which a run stays until somebody retries it.
public final class RunStates {

    /// A run that was asked for and of which nothing else is known yet.
    public static final String REQUESTED = "requested";

    private static final Set<String> FINAL = Set.of("completed", "incomplete", "cancelled", "failed");

    private static final Set<String> WAITING = Set.of("paused", "halted");

    private RunStates() {}

    /// Whether nothing more happens to a run in that state.
    public static boolean isFinal(String state) {
        return FINAL.contains(state);
    }

    /// Whether nothing happens to a run in that state until somebody asks for it.
    public static boolean isAtRest(String state) {
        return isFinal(state) || WAITING.contains(state);
    }
}
