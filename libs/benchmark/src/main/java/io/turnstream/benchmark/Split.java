package io.turnstream.benchmark;

/// The two settings of the benchmark, one data set split each.
public enum Split {
    /// Escalation: the intent turns harmful in the third round.
    TYPE_A,
    /// Context switch: the harm is stated in the first round, later rounds sound innocent.
    TYPE_B;

    /// The name on the wire: the constant in lower case.
    public String wireName() {
        return WireNames.of(this);
    }

    /// The constant with that wire name.
    ///
    /// @throws IllegalArgumentException naming the value and the names that exist
    public static Split parse(String wireName) {
        return WireNames.parse(Split.class, "split", wireName);
    }
}
