package io.turnstream.audit.archive;

/// A run that cannot be brought in, because the log has it already.
public final class RunIsHereException extends RuntimeException {

    public RunIsHereException(String runId, String reason) {
        super("run " + runId + " is here already: " + reason);
    }
}
