package io.turnstream.messaging;

import java.util.Locale;

/// Text of unknown making, for a terminal: what could move a cursor, hide characters or turn the direction of writing
/// is written as its code. The two joiners stay: Persian is spelt with one, and many emoji are made with the other.
///
/// The one place that says what a terminal acts on, also for texts that are recorded. The regular expression's `Cntrl`
/// is not: it knows ASCII alone, and a terminal takes U+009B for the beginning of an escape sequence.
public final class Escapes {

    private static final int NON_JOINER = 0x200c;
    private static final int JOINER = 0x200d;

    private Escapes() {}

    /// On one line: controls, formats, surrogates without a partner and what stands for unreadable bytes become their
    /// code, line breaks, too.
    public static String line(String text) {
        return written(text, false);
    }

    /// The same, with line breaks and tabs as they are.
    public static String lines(String text) {
        return written(text, true);
    }

    /// Without all that [#line] would write as a code.
    public static String leftOut(String text) {
        return text.codePoints().filter(Escapes::isHarmless)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    private static String written(String text, boolean layout) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (layout && (point == '\n' || point == '\t') || isHarmless(point)) {
                safe.appendCodePoint(point);
            } else {
                safe.append(of(point));
            }
        });
        return safe.toString();
    }

    /// A character as its code: a backslash, `u` and four hex digits, or `n` for a line feed.
    public static String of(int point) {
        if (point == '\n') {
            return "\\n";
        }
        return point > 0xFFFF
                ? String.format(Locale.ROOT, "\\U%08x", point)
                : String.format(Locale.ROOT, "\\u%04x", point);
    }

    /// Whether a character shows as itself and does nothing else.
    public static boolean isHarmless(int point) {
        return point == NON_JOINER || point == JOINER || switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }
}
