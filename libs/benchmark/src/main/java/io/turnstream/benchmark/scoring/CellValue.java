package io.turnstream.benchmark.scoring;

import org.jspecify.annotations.Nullable;

/// The value of one cell of the table.
///
/// @param value a fraction 0 to 1 for questions, a mean 1 to 5 for verdicts; null where it rests on nothing
/// @param n how many steps it rests on
public record CellValue(@Nullable Double value, long n) {

    public CellValue {
        if (n < 0 || (n == 0) != (value == null)) {
            throw new IllegalArgumentException("A cell has a value if, and only if, it rests on something; n is " + n);
        }
    }
}
