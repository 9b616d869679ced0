package io.turnstream.embedded;

import org.jspecify.annotations.Nullable;

/// A part of the platform cannot start or cannot go on: what is wrong, where, and what the user can do about it.
///
/// The message is one line, fit to be shown to a person as it stands.
public sealed class CannotStartException extends RuntimeException permits DamagedFileException, DamagedLogException {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final String where;
    private final String remedy;

    /// @param what   what is wrong, without a full stop, e.g. `The home is in use by another platform (pid 4711)`
    /// @param where  the file, folder, address or flag concerned
    /// @param remedy what to do, as a full sentence
    public CannotStartException(String what, String where, String remedy) {
        this(what, where, remedy, null);
    }

    /// As above, with the failure that brought it to light.
    public CannotStartException(String what, String where, String remedy, @Nullable Throwable cause) {
        super(oneLine(what) + ": " + oneLine(where) + ". " + oneLine(remedy), cause);
        this.what = oneLine(what);
        this.where = oneLine(where);
        this.remedy = oneLine(remedy);
    }

    /// What is wrong.
    public String what() {
        return what;
    }

    /// The file, folder, address or flag concerned.
    public String where() {
        return where;
    }

    /// What to do about it.
    public String remedy() {
        return remedy;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
