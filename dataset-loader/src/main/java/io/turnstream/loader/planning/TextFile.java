package io.turnstream.loader.planning;

import io.turnstream.loader.reading.UnusableDatasetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A text file beside a data set, read whole.
///
/// @param bytes as they stand in the file
/// @param text what they say, without a byte order mark
record TextFile(byte[] bytes, String text) {

    private static final String MARK = "\uFEFF";

    /// What a file holds, for messages.
    ///
    /// @param name in the plural, such as `captions`; so is the flag that names the file
    /// @param layout what to write into it
    record Content(String name, String layout) {}

    /// Reads the file.
    ///
    /// @throws UnusableDatasetException if it cannot be read, or is no text in UTF-8
    static TextFile read(Path file, Content content) {
        String the = "the " + content.name();
        try {
            byte[] bytes = Files.readAllBytes(file);
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return new TextFile(bytes, text.startsWith(MARK) ? text.substring(MARK.length()) : text);
        } catch (CharacterCodingException e) {
            throw new UnusableDatasetException(the + " are no text in UTF-8", file.toString(), "save them as such, and " + content.layout());
        } catch (NoSuchFileException e) {
            throw new UnusableDatasetException("there is no such file", file.toString(), "check the path given with --" + content.name());
        } catch (IOException e) {
            throw new UnusableDatasetException(the + " cannot be read: " + e.getMessage(), file.toString(), "check the file and its permissions");
        }
    }
}
