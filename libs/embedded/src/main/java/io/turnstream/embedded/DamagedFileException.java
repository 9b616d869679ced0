package io.turnstream.embedded;

/// A file cannot be read any more that can be made again from the log.
public final class DamagedFileException extends CannotStartException {

    private static final long serialVersionUID = 1L;

    /// @param where the file's path
    DamagedFileException(String what, String where, String remedy, Throwable cause) {
        super(what, where, remedy, cause);
    }

    /// The same with what those can do whom it is told.
    public DamagedFileException withRemedy(String remedy) {
        return new DamagedFileException(what(), where(), remedy, this);
    }
}
