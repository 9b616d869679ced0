package io.turnstream.events;

import io.turnstream.contracts.ModelTarget;

/// The provider that stands for answers which somebody else recorded. Nobody calls it: whoever brought a recording in
/// answers the requests of its run, and workers leave them alone.
public final class RecordedProvider {

    /// Its name. No configuration may give it to another.
    public static final String NAME = "recorded";

    private RecordedProvider() {}

    /// Whether a model or judge is a recorded one.
    public static boolean hasAnswered(ModelTarget target) {
        return target.getProvider().equals(NAME);
    }
}
