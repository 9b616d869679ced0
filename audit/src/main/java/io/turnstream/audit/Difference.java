package io.turnstream.audit;

/// Something in a log that is not as it must be.
///
/// @param place the record that is wrong or, where one is missing, the record that proves it
/// @param problem what is wrong
/// @param expected what would be right
/// @param found what is there instead
public record Difference(Place place, String problem, String expected, String found) {

    @Override
    public String toString() {
        return place + ": " + problem + " (expected " + expected + ", found " + found + ')';
    }
}
