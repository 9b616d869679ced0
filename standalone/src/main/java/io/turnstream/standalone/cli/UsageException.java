package io.turnstream.standalone.cli;

/// Something about what the user gave is wrong: what, where, and what to do. Ends the command with
/// [ExitCode#WRONG_INPUT].
public final class UsageException extends RuntimeException {

    /// @param where flag, file or variable
    /// @param what what is wrong with it, without a full stop
    /// @param remedy what to do, as a full sentence
    public UsageException(String where, String what, String remedy) {
        super(where + ": " + what + ". " + remedy);
    }
}
