package io.turnstream.audit.archive;

import org.jspecify.annotations.Nullable;

/// A file that is no archive of a run, is damaged, or asks for more than is allowed.
public final class UnusableArchiveException extends RuntimeException {

    public UnusableArchiveException(String file, String where, String problem) {
        this(file, where, problem, null);
    }

    public UnusableArchiveException(String file, String where, String problem, @Nullable Throwable cause) {
        super(file + ", " + where + ": " + problem, cause);
    }
}
