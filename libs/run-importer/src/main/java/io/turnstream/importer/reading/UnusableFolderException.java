package io.turnstream.importer.reading;

/// A folder from which nothing can be imported: says what is wrong, where, and what to do.
public final class UnusableFolderException extends RuntimeException {

    private final String problem;
    private final String where;
    private final String remedy;

    public UnusableFolderException(String problem, String where, String remedy) {
        super(where + ": " + problem + "; " + remedy);
        this.problem = problem;
        this.where = where;
        this.remedy = remedy;
    }

    /// What is wrong.
    public String problem() {
        return problem;
    }

    /// The folder or file.
    public String where() {
        return where;
    }

    /// What to do.
    public String remedy() {
        return remedy;
    }
}
