package io.turnstream.embedded;

import java.nio.file.Path;

/// Runs the schema registry once and makes the ahead-of-time cache that its later starts use. The launcher calls it after a
/// build; without it everything works, and the registry takes about twice as long to start.
public final class RegistryTraining {

    private RegistryTraining() {
    }

    /// @param arguments a folder to use up
    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedRegistry.train(Path.of(arguments[0]));
    }
}
