package io.turnstream.standalone.cli;

/// Hears Ctrl-C. The first one is told to whoever asks; a second one ends the process at once.
public interface Interrupts {

    /// Whether Ctrl-C was pressed.
    boolean interrupted();

    /// Waits, but not after Ctrl-C.
    void pause(long millis);
}
