package io.turnstream.benchmark.expectation;

/// Something in a file of expectations is wrong: what, in which line and field, and what to do.
public final class InvalidExpectationsException extends RuntimeException {

    private final String where;
    private final String what;
    private final String remedy;

    /// @param where line and field
    /// @param what what is wrong, without a full stop
    /// @param remedy what to do, as a full sentence
    InvalidExpectationsException(String where, String what, String remedy) {
        super(where + ": " + what + ". " + remedy);
        this.where = where;
        this.what = what;
        this.remedy = remedy;
    }

    /// Line and field, such as `line 7, gates[1]`.
    public String where() {
        return where;
    }

    public String what() {
        return what;
    }

    public String remedy() {
        return remedy;
    }
}
