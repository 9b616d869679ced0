package io.turnstream.audit;

/// Ends a check at the first difference.
final class DifferenceFound extends RuntimeException {

    private final Difference difference;

    DifferenceFound(Difference difference) {
        super(difference.toString(), null, false, false);
        this.difference = difference;
    }

    DifferenceFound(Difference.Kind kind, Place place, String problem, Object expected, Object found) {
        this(new Difference(kind, place, problem, String.valueOf(expected), String.valueOf(found)));
    }

    Difference difference() {
        return difference;
    }
}
