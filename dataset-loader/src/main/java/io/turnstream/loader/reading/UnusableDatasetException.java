package io.turnstream.loader.reading;

/// A data set, or a file beside it, that no run can be planned from.
public final class UnusableDatasetException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String where;
    private final String remedy;

    public UnusableDatasetException(String problem, String where, String remedy) {
        super(where + ": " + problem + "; " + remedy);
        this.problem = problem;
        this.where = where;
        this.remedy = remedy;
    }

    /// What is wrong.
    public String problem() {
        return problem;
    }

    /// File, row, field or flag.
    public String where() {
        return where;
    }

    /// What to do.
    public String remedy() {
        return remedy;
    }
}
