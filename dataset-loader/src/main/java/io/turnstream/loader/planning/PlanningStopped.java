package io.turnstream.loader.planning;

/// Leaves the reading of a file midway because the run was cancelled or the service stops.
final class PlanningStopped extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean interruption;

    PlanningStopped(boolean interruption) {
        super(interruption ? "interrupted" : "cancelled", null, false, false);
        this.interruption = interruption;
    }

    boolean isInterruption() {
        return interruption;
    }
}
