package io.turnstream.projection.store;

/// One making of the projection. A rebuild makes the next one beside the live one; what belongs to a generation
/// (database, application id, topics of scores) goes by its number, so that two never share anything.
///
/// @param number 1 for the one that a deployment begins with
public record ProjectionGeneration(int number) {

    /// The one that a deployment begins with.
    public static final ProjectionGeneration FIRST = new ProjectionGeneration(1);

    public ProjectionGeneration {
        if (number < 1) {
            throw new IllegalArgumentException("generations of the projection are numbered from 1, not " + number);
        }
    }

    /// What something is called in this generation: by its own name in the first, `name-N` in the Nth.
    public String named(String name) {
        return number == 1 ? name : name + '-' + number;
    }
}
