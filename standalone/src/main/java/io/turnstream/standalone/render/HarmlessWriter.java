package io.turnstream.standalone.render;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What goes to a terminal, with everything that a terminal would act on written as an escape: controls of both sets, and
/// marks that turn the direction of writing. Models, providers and data sets are hostile; whatever path their words take, they end
/// here. The few sequences that [Terminal] and [LiveArea] use pass; a text can at most look bold.
///
/// Text goes through whole: each write is taken by itself, so that a sequence must come in one.
public final class HarmlessWriter extends FilterWriter {

    private static final Pattern ACTED_ON = Pattern.compile(
            "(\\u001b\\[(?:\\d{0,3}m|K|J|\\d{1,3}A\\r))|[\\p{Cc}&&[^\\n\\r\\t]]|[\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}&&[^\\u200c\\u200d]]");

    public HarmlessWriter(Writer out) {
        super(out);
    }

    /// The text, with escapes for what a terminal would act on.
    public static String harmless(String text) {
        return ACTED_ON.matcher(text).replaceAll(found -> Matcher.quoteReplacement(found.group(1) != null ? found.group()
                : found.group().codePointAt(0) > 0xFFFF ? "\\U%08x".formatted(found.group().codePointAt(0))
                : "\\u%04x".formatted((int) found.group().charAt(0))));
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
        out.write(harmless(text.substring(offset, offset + length)));
    }

    @Override
    public void write(String text) throws IOException {
        out.write(harmless(text));
    }
}
