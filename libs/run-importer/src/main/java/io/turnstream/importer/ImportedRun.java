package io.turnstream.importer;

/// A run that is being brought in: its requests are answered until this is closed.
public interface ImportedRun extends AutoCloseable {

    /// The run's id.
    String runId();

    /// False once requests are not answered any more because of a failure.
    boolean isAlive();

    @Override
    void close();
}
