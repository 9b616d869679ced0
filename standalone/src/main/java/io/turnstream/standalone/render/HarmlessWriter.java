package io.turnstream.standalone.render;

import io.turnstream.messaging.Escapes;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What goes to a terminal, with everything that a terminal would act on written as [Escapes] writes it. Models,
/// providers and data sets are hostile; whatever path their words take, they end here. The styles of [Terminal] pass,
/// so that a text can look bold, dim or like a warning; no text moves the cursor or takes away what is shown.
/// [LiveArea] alone does.
///
/// Text goes through whole: each write is taken by itself, so that a style must come in one.
public final class HarmlessWriter extends PrintWriter {

    /// The codes of [Terminal], and the end of a line where it has two characters.
    private static final Pattern PASSES = Pattern.compile("\u001b\\[(?:0|1|2|33)m|\r\n");

    private final Writer terminal;

    /// @param autoFlush whether each line is shown at once
    public HarmlessWriter(Writer terminal, boolean autoFlush) {
        super(new Filter(terminal), autoFlush);
        this.terminal = terminal;
    }

    /// The text, with escapes for what a terminal would act on.
    static String harmless(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        Matcher passing = PASSES.matcher(text);
        int from = 0;
        while (passing.find()) {
            safe.append(Escapes.lines(text.substring(from, passing.start()))).append(passing.group());
            from = passing.end();
        }
        return safe.append(Escapes.lines(text.substring(from))).toString();
    }

    /// Moves of the cursor, with texts that are harmless already, as they are.
    void draw(String drawing) {
        try {
            terminal.write(drawing);
            terminal.flush();
        } catch (IOException e) {
            setError();
        }
    }

    private static final class Filter extends FilterWriter {

        Filter(Writer out) {
            super(out);
        }

        @Override
        public void write(int c) throws IOException {
            write(String.valueOf((char) c));
        }

        @Override
        public void write(char[] characters, int offset, int length) throws IOException {
            write(new String(characters, offset, length));
        }

        @Override
        public void write(String text, int offset, int length) throws IOException {
            write(text.substring(offset, offset + length));
        }

        @Override
        public void write(String text) throws IOException {
            out.write(harmless(text));
        }
    }
}
