package io.turnstream.audit;

/// The log has no event of a run.
public final class NoSuchRunException extends RuntimeException {

    public NoSuchRunException(String runId) {
        super("the log has no run " + runId);
    }
}
