package io.turnstream.importer.reading;

import java.io.IOException;
import java.io.Reader;

/// Finds where JSON values begin and end, and holds no more of one than it may have, however large it is. Whether it is
/// JSON in between is for a parser to say.
final class JsonScanner {

    private static final int END = -1;

    private final Reader reader;
    private final int longest;
    /// Of its own: a reader takes a lock for each character.
    private final char[] buffer = new char[1 << 14];
    private int position;
    private int end;
    private int current;
    private long line = 1;

    /// @param longest most characters of a value
    JsonScanner(Reader reader, int longest) throws IOException {
        this.reader = reader;
        this.longest = longest;
        this.current = read();
        if (current == '\uFEFF') {
            advance();
        }
    }

    /// A value as it stands.
    ///
    /// @param text up to what a value may have
    /// @param isWhole whether the file goes on behind it, or may have ended with it
    record Value(String text, boolean isTooLong, boolean isWhole) {

        /// Never the text.
        @Override
        public String toString() {
            return "Value[" + text.length() + ", " + isTooLong + ", " + isWhole + "]";
        }
    }

    /// The line that is being read, 1-based.
    long line() {
        return line;
    }

    /// Passes over blanks, and over this character if it is the next one.
    ///
    /// @return whether it was
    boolean take(char expected) throws IOException {
        if (next() != expected) {
            return false;
        }
        advance();
        return true;
    }

    /// The next character that is not blank; below 0 at the end.
    int next() throws IOException {
        while (current == ' ' || current == '\n' || current == '\r' || current == '\t') {
            advance();
        }
        return current;
    }

    /// The value that comes next.
    Value value() throws IOException {
        StringBuilder text = new StringBuilder();
        boolean tooLong = false;
        int depth = 0;
        boolean inString = false;
        boolean begun = false;
        next();
        while (current != END) {
            char c = (char) current;
            if (!inString && depth == 0 && begun
                    && (c == ',' || c == ']' || c == '}' || c == ':' || Character.isWhitespace(c))) {
                return new Value(text.toString(), tooLong, true);
            }
            tooLong |= keep(text, c);
            begun = true;
            advance();
            if (inString && c == '\\' && current != END) {
                tooLong |= keep(text, (char) current);
                advance();
            } else if (c == '"') {
                inString = !inString;
            } else if (!inString && (c == '{' || c == '[')) {
                depth++;
            } else if (!inString && (c == '}' || c == ']')) {
                depth--;
            }
            if (!inString && depth <= 0 && (c == '"' || c == '}' || c == ']')) {
                return new Value(text.toString(), tooLong, true);
            }
        }
        return new Value(text.toString(), tooLong, depth == 0 && !inString);
    }

    private boolean keep(StringBuilder text, char c) {
        if (text.length() >= longest) {
            return true;
        }
        text.append(c);
        return false;
    }

    private void advance() throws IOException {
        if (current == '\n') {
            line++;
        }
        current = read();
    }

    private int read() throws IOException {
        if (position == end) {
            end = reader.read(buffer, 0, buffer.length);
            position = 0;
            if (end <= 0) {
                end = 0;
                return END;
            }
        }
        return buffer[position++];
    }
}
