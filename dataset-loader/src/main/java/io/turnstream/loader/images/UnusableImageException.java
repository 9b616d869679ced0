package io.turnstream.loader.images;

/// An image that cannot be prepared.
public final class UnusableImageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String expected;
    private final String remedy;

    UnusableImageException(String problem, String expected, String remedy) {
        super(problem);
        this.problem = problem;
        this.expected = expected;
        this.remedy = remedy;
    }

    /// What is wrong.
    public String problem() {
        return problem;
    }

    /// What was expected.
    public String expected() {
        return expected;
    }

    /// What to do.
    public String remedy() {
        return remedy;
    }
}
