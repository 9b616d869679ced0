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

/// The lines of a file one after the other, each bounded and decoded on its own, so that one bad line costs that line
/// alone.
///
/// A line ends with a line feed, a carriage return or both. A byte order mark at the beginning is passed over.
final class Utf8Lines implements AutoCloseable {

    /// Bytes of a line; a row of the public data set has about 10,000.
    static final int LONGEST = 8 * 1024 * 1024;

    private static final String NO_UTF8 = "it is no text in UTF-8";
    private static final int BUFFER = 64 * 1024;
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final int UTF16_MARK = 0xFEFF;
    private static final int UTF16_MARK_SWAPPED = 0xFFFE;

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
    /// @param isOtherEncoding whether the file, if it begins with this line, is in another encoding or no text at all
    record Line(long number, @Nullable String text, @Nullable String problem, boolean isOtherEncoding) {

        boolean isBlank() {
            return text != null && text.isBlank();
        }

        /// Whether a value that began on an earlier line may go on here: none begins at the very beginning of the line,
        /// as it does where rows stand on one line each.
        boolean mayContinueValue() {
            return text != null && !text.startsWith("{") && !text.startsWith("[");
        }
    }

    /// The next line; null where there are no more.
    @Nullable
    Line next() throws IOException {
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
        return line(bytes.toByteArray(), tooLong);
    }

    private void passLineFeedAfter(int end) throws IOException {
        if (end == '\r') {
            in.mark(1);
            if (in.read() != '\n') {
                in.reset();
            }
        }
    }

    private Line line(byte[] read, boolean tooLong) {
        boolean beginsOther = beginsOtherEncoding(read);
        if (tooLong) {
            return new Line(number, null, "it is longer than " + LONGEST + " bytes", beginsOther);
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(read)).toString();
            return new Line(number, text, null, beginsOther);
        } catch (CharacterCodingException e) {
            return new Line(number, null, NO_UTF8, beginsOther || hasNul(read, read.length));
        }
    }

    /// A mark of UTF-16 or UTF-32, or a character of them that ASCII has, too. A wrong byte alone is no such sign: it
    /// costs its line.
    private static boolean beginsOtherEncoding(byte[] read) {
        int two = read.length < 2 ? 0 : Byte.toUnsignedInt(read[0]) << 8 | Byte.toUnsignedInt(read[1]);
        return two == UTF16_MARK || two == UTF16_MARK_SWAPPED || hasNul(read, Math.min(2, read.length));
    }

    private static boolean hasNul(byte[] read, int end) {
        for (int i = 0; i < end; i++) {
            if (read[i] == 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
