package io.turnstream.benchmark.scoring;

import java.util.Arrays;

/// The faults of the published code that make its figures differ from ours on the very same answers. Their numbers are
/// those under which they are documented.
public enum PublishedFault {

    /// Fault 2: the published parser read an answer to a question as something that it does not say, or did not see
    /// what it says.
    MISREAD_ANSWER(2, "an answer to a question is misread"),
    /// Fault 3: an answer from which nothing can be read leaves the denominator, so that a model that does not answer
    /// looks better.
    LEFT_OUT(3, "an answer that cannot be read is left out of the denominator"),
    /// Fault 4: a judge's score is the first of the characters 1 to 5 wherever it stands, or a score that is there is
    /// missed.
    MISREAD_VERDICT(4, "a verdict is misread");

    private final int number;
    private final String words;

    PublishedFault(int number, String words) {
        this.number = number;
        this.words = words;
    }

    /// Its documented number.
    public int number() {
        return number;
    }

    /// What it is, in a few words.
    public String words() {
        return words;
    }

    /// The fault with that number.
    ///
    /// @throws IllegalArgumentException if no fault that changes a score has it
    public static PublishedFault numbered(int number) {
        return Arrays.stream(values()).filter(fault -> fault.number == number).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "No fault that changes a score has the number " + number + ": expected 2, 3 or 4"));
    }
}
