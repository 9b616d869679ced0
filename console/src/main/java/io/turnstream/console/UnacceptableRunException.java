package io.turnstream.console;

/// Something about an order of runs is wrong: what, where and what to do about it. The message is one line for people.
public final class UnacceptableRunException extends RuntimeException {

    private final String what;
    private final String where;
    private final String remedy;

    /// @param what what is wrong, without a full stop
    /// @param where the field or flag concerned
    /// @param remedy what to do, as a full sentence
    public UnacceptableRunException(String what, String where, String remedy) {
        super(where + ": " + what + ". " + remedy);
        this.what = what;
        this.where = where;
        this.remedy = remedy;
    }

    public String what() {
        return what;
    }

    public String where() {
        return where;
    }

    public String remedy() {
        return remedy;
    }
}
