package io.turnstream.benchmark.pack;

/// Which user turns of a multimodal dialogue carry its image.
public enum ImagePlacement {
    /// The first one only; later turns see it through the history.
    FIRST_USER_TURN,
    /// Every one, for servers that look at the last message only.
    EVERY_USER_TURN
}
