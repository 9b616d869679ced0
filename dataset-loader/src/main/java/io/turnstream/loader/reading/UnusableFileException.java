package io.turnstream.loader.reading;

/// A file of a data set of which nothing can be read.
public final class UnusableFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient RowRejection rejection;

    public UnusableFileException(RowRejection rejection) {
        super(rejection.file() + ": " + rejection.problem());
        this.rejection = rejection;
    }

    /// What is wrong, where, and what to do.
    public RowRejection rejection() {
        return rejection;
    }
}
