package io.turnstream.loader.planning;

import io.turnstream.loader.reading.ReadableFolders;
import io.turnstream.loader.reading.UnusableDatasetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A text file beside a data set, read whole.
///
/// @param bytes as they stand in the file
/// @param text what they say, without a byte order mark
record TextFile(byte[] bytes, String text) {

    private static final int MEBI = 1024 * 1024;

    /// Captions of 100,000 rows at 300 bytes each. The bytes, their text and what is parsed of it are in memory
    /// together, several times as much, and a loader's heap is a few hundred megabytes.
    private static final int LARGEST = 32 * MEBI;

    private static final String MARK = "\uFEFF";

    /// What a file holds, for messages.
    ///
    /// @param name in the plural, such as `captions`; so is the flag that names the file
    /// @param layout what to write into it
    record Content(String name, String layout) {}

    /// Reads the file.
    ///
    /// @throws UnusableDatasetException if it cannot be read, or is no text in UTF-8
    static TextFile read(Path file, Content content, ReadableFolders readable) {
        String the = "the " + content.name();
        readable.requireFile(file, "--" + content.name());
        try {
            if (Files.size(file) > LARGEST) {
                throw new UnusableDatasetException(the + " are larger than " + LARGEST / MEBI + " MB", file.toString(),
                        "keep to the rows that are run, and " + content.layout());
            }
            byte[] bytes = Files.readAllBytes(file);
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return new TextFile(bytes, text.startsWith(MARK) ? text.substring(MARK.length()) : text);
        } catch (CharacterCodingException e) {
            throw new UnusableDatasetException(the + " are no text in UTF-8", file.toString(),
                    "save them as such, and " + content.layout());
        } catch (IOException e) {
            throw new UnusableDatasetException(the + " cannot be read", file.toString(),
                    "check the file and its permissions");
        }
    }
}
