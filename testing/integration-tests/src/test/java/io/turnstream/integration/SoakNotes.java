package io.turnstream.integration;

import io.turnstream.cluster.Reactor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a soak has found, as Markdown for `docs/reliability.md`: one file a subject in `target/soak`, which
/// `./turnstream test --soak N` prints at its end. Each file is whole after every note, so that a soak that is broken
/// off leaves what it knew.
final class SoakNotes {

    /// Whether this is one (`-Dturnstream.soak=N`), with long cases and random kills.
    static final boolean SOAK = Integer.getInteger("turnstream.soak", 0) > 0;

    private final Path file;
    private final List<String> lines = new ArrayList<>();

    SoakNotes(String subject) {
        this.file = Reactor.TARGET.resolve("soak").resolve(subject + ".md");
    }

    /// Prints a finding and, in a soak, keeps it.
    void add(String format, Object... arguments) {
        String line = format.formatted(arguments);
        System.out.println(line);
        lines.add("- " + line);
        write(lines);
    }

    /// Puts these lines in the place of all before, without printing them.
    void write(List<String> markdown) {
        if (!SOAK) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, markdown);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
