package io.turnstream.standalone.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A file that `--output` names: written whole or not at all. What is no plain file, a pipe say, is written to as it
/// is.
record OutputFile(Path path) {

    /// What goes into the file.
    interface Content<T> {

        T write(OutputStream out) throws IOException;
    }

    /// @return what `content` returned
    /// @throws UsageException if the file cannot be written; then nothing is left of it
    <T> T write(Content<T> content) {
        boolean plain = !Files.exists(path) || Files.isRegularFile(path);
        Path unfinished = plain ? path.resolveSibling(path.getFileName() + ".unfinished") : path;
        try {
            try {
                T result;
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished))) {
                    result = content.write(out);
                }
                if (plain) {
                    Files.move(unfinished, path, StandardCopyOption.REPLACE_EXISTING);
                }
                return result;
            } finally {
                if (plain) {
                    Files.deleteIfExists(unfinished);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new UsageException("--output", path + " cannot be written (" + e.getMessage() + ")",
                    "Check the folder, its permissions and the room on the disk.");
        }
    }
}
