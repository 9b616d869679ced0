package io.turnstream.loader.reading.jsonl;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The lines of a file one after the other, each bounded and decoded on its own, so that one bad line costs that line alone.
///
/// A line ends with a line feed, a carriage return or both. A byte order mark at the beginning is passed over.
final class Utf8Lines implements AutoCloseable {

    /// Bytes of a line; a row of the public data set has about 10,000.
    static final int LONGEST = 8 * 1024 * 1024;

    private static final String NO_UTF8 = "it is no text in UTF-8";
    private static final int BUFFER = 64 * 1024;
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(BUFFER);
    private long number;

    private Utf8Lines(InputStream in) {
        this.in = in;
    }

    static Utf8Lines open(Path file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        in.mark(MARK.length);
        if (!java.util.Arrays.equals(in.readNBytes(MARK.length), MARK)) {
            in.reset();
        }
        return new Utf8Lines(in);
    }

    /// @param number 1-based
    /// @param text null where there is none, see `problem`
    /// @param problem why there is no text, such as `it is no text in UTF-8`
    record Line(long number, @Nullable String text, @Nullable String problem) {

        boolean isBlank() {
            return text != null && text.isBlank();
        }

        /// Whether a value begins at the very beginning of the line, as it does where rows stand on one line each.
        boolean beginsValue() {
            return text != null && (text.startsWith("{") || text.startsWith("["));
        }

        /// Whether the line is in another encoding, as far as its beginning shows.
        boolean isNoUtf8() {
            return NO_UTF8.equals(problem) || text != null && text.substring(0, Math.min(2, text.length())).indexOf('\0') >= 0;
        }
    }

    /// The next line; null where there are no more.
    @Nullable Line next() throws IOException {
        bytes.reset();
        boolean any = false;
        boolean tooLong = false;
        for (int b = in.read(); b >= 0; b = in.read()) {
            any = true;
            if (b == '\n' || b == '\r') {
                passLineFeedAfter(b);
                break;
            }
            if (bytes.size() < LONGEST) {
                bytes.write(b);
            } else {
                tooLong = true;
            }
        }
        if (!any) {
            return null;
        }
        number++;
        return tooLong ? new Line(number, null, "it is longer than " + LONGEST + " bytes") : decoded();
    }

    private void passLineFeedAfter(int end) throws IOException {
        if (end == '\r') {
            in.mark(1);
            if (in.read() != '\n') {
                in.reset();
            }
        }
    }

    private Line decoded() {
        try {
            return new Line(number, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString(), null);
        } catch (CharacterCodingException e) {
            return new Line(number, null, NO_UTF8);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
