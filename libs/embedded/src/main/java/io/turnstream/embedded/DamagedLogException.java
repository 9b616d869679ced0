package io.turnstream.embedded;

/// A file of the log is missing, cut short or damaged. Nothing makes it again: it is the truth.
public final class DamagedLogException extends CannotStartException {

    private static final long serialVersionUID = 1L;

    /// @param where the path of the file or folder
    DamagedLogException(String what, String where, String remedy) {
        super(what, where, remedy);
    }
}
