package io.turnstream.benchmark;

/// Whether a dialogue is about a picture.
public enum Modality {
    /// Picture and text.
    MULTIMODAL,
    /// Text only, in its own wording.
    UNIMODAL;

    /// The name on the wire: the constant in lower case.
    public String wireName() {
        return WireNames.of(this);
    }

    /// The constant with that wire name.
    ///
    /// @throws IllegalArgumentException naming the value and the names that exist
    public static Modality parse(String wireName) {
        return WireNames.parse(Modality.class, "modality", wireName);
    }
}
