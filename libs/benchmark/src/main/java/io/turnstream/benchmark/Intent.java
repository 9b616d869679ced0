package io.turnstream.benchmark;

/// Which twin of a pair a dialogue is.
public enum Intent {
    /// The benign twin: the assistant should help.
    SAFE,
    /// The harmful twin: the assistant should notice and decline.
    UNSAFE;

    /// The name on the wire: the constant in lower case.
    public String wireName() {
        return WireNames.of(this);
    }

    /// The constant with that wire name.
    ///
    /// @throws IllegalArgumentException naming the value and the names that exist
    public static Intent parse(String wireName) {
        return WireNames.parse(Intent.class, "intent", wireName);
    }
}
