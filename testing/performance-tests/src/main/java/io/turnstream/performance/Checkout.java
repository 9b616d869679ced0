package io.turnstream.performance;

import io.turnstream.cluster.Reactor;
import java.nio.file.Path;
import java.util.List;

/// A folder with a version of the program, which is started by its own launcher.
///
/// @param name as in tables
record Checkout(String name, Path root) {

    /// The version that this benchmark belongs to.
    static Checkout here() {
        return new Checkout("HERE", Reactor.ROOT);
    }

    /// Its launcher.
    Path launcher() {
        return root.resolve("turnstream");
    }

    /// A process of the launcher, without what the environment tells this one.
    ///
    /// @param keep variables that begin with `TURNSTREAM_` and stay all the same
    ProcessBuilder command(List<String> arguments, String... keep) {
        List<String> kept = List.of(keep);
        ProcessBuilder builder = new ProcessBuilder();
        builder.command().add(launcher().toString());
        builder.command().addAll(arguments);
        builder.environment().keySet().removeIf(name -> name.startsWith("TURNSTREAM_") && !kept.contains(name));
        return builder;
    }
}
