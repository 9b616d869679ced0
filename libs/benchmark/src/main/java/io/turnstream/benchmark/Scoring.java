package io.turnstream.benchmark;

/// How recorded answers become scores. Both are always available on the same run.
public enum Scoring {
    /// Strict, documented parsers; an answer that cannot be read, or is a refusal, counts as not correct.
    CORRECTED,
    /// The published parsers and denominators on the first raw answer, rounded to four decimals, to be laid beside
    /// published figures.
    REFERENCE;

    /// The name on the wire: the constant in lower case.
    public String wireName() {
        return WireNames.of(this);
    }

    /// The constant with that wire name.
    ///
    /// @throws IllegalArgumentException naming the value and the names that exist
    public static Scoring parse(String wireName) {
        return WireNames.parse(Scoring.class, "scoring", wireName);
    }
}
