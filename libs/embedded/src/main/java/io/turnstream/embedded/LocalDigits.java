package io.turnstream.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A broker writes the offsets in the names of its files with the digits of its JVM's language:
/// `٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠.log` in Egypt. One of another language does not find these files and begins anew beside them.
/// Here they get the names that they have everywhere else.
final class LocalDigits {

    private static final String SEGMENT = ".log";

    private LocalDigits() {}

    /// Renames the files of all logs in a broker's folder. Nothing is changed where records stand under both names.
    ///
    /// @return how many had other digits
    /// @throws CannotStartException if records of the same offsets stand under both names
    static int spellOut(Path folder) throws IOException {
        List<Path> foreign = new ArrayList<>();
        for (Path log : list(folder)) {
            if (Files.isDirectory(log)) {
                list(log).stream().filter(LocalDigits::isForeign).forEach(foreign::add);
            }
        }
        List<Path> segments = foreign.stream().filter(file -> file.toString().endsWith(SEGMENT)).toList();
        for (Path segment : segments) {
            if (size(segment) > 0 && size(spelled(segment)) > 0) {
                throw new CannotStartException("A part of the log stands there twice, in the digits of two languages",
                        segment.toString(),
                        "Keep one of " + segment.getFileName() + " and " + spelled(segment).getFileName()
                                + ", with the files of its name, and move the other away.");
            }
        }
        for (Path segment : segments) {
            if (size(segment) == 0 && Files.exists(spelled(segment))) {
                giveWay(segment, foreign);
            }
        }
        // what holds records first: where this is cut short, the next time the rest takes the places of what was made
        // for none
        for (Path segment : segments) {
            takePlace(segment);
        }
        for (Path file : foreign) {
            takePlace(file);
        }
        return foreign.size();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static boolean isForeign(Path file) {
        return file.getFileName().toString().codePoints().anyMatch(c -> c > 127 && Character.isDigit(c));
    }

    private static Path spelled(Path file) {
        StringBuilder name = new StringBuilder();
        file.getFileName().toString().codePoints()
                .forEach(c -> name.appendCodePoint(Character.isDigit(c) ? '0' + Character.digit(c, 10) : c));
        return file.resolveSibling(name.toString());
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /// The segment itself last, by which the others are known.
    private static void giveWay(Path segment, List<Path> foreign) throws IOException {
        String base = segment.toString().substring(0, segment.toString().length() - SEGMENT.length());
        for (Path file : foreign) {
            if (!file.equals(segment) && file.toString().startsWith(base + ".") && Files.exists(spelled(file))) {
                Files.delete(file);
            }
        }
        Files.delete(segment);
    }

    private static void takePlace(Path file) throws IOException {
        if (Files.exists(file)) {
            Files.move(file, spelled(file), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
