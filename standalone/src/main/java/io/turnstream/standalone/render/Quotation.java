package io.turnstream.standalone.render;

import io.turnstream.messaging.Escapes;

/// A model's or judge's text on one line of a terminal: shortened, and with nothing in it that a terminal would act on.
public final class Quotation {

    private Quotation() {}

    /// The text between quotation marks, at most so many characters of it; characters that do not print are written as
    /// escapes.
    ///
    /// @param characters most characters of the text that are shown
    public static String of(String text, int characters, Terminal terminal) {
        StringBuilder shown = new StringBuilder("\"");
        int[] codePoints = text.codePoints().limit(characters + 1L).toArray();
        for (int i = 0; i < Math.min(characters, codePoints.length); i++) {
            append(shown, codePoints[i], terminal);
        }
        return shown.append(codePoints.length > characters ? terminal.either("…", "...") : "").append('"').toString();
    }

    /// The whole text, for a line of its own: only characters that do not print are written as escapes.
    public static String printable(String text, Terminal terminal) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> {
            if (codePoint == '"' || codePoint == '\\') {
                shown.appendCodePoint(codePoint);
            } else {
                append(shown, codePoint, terminal);
            }
        });
        return shown.toString();
    }

    private static void append(StringBuilder shown, int codePoint, Terminal terminal) {
        switch (codePoint) {
            case '\n' -> shown.append("\\n");
            case '\r' -> shown.append("\\r");
            case '\t' -> shown.append("\\t");
            case '"' -> shown.append("\\\"");
            case '\\' -> shown.append("\\\\");
            default -> {
                if (Escapes.isHarmless(codePoint) && (codePoint < 128 || terminal.unicode())) {
                    shown.appendCodePoint(codePoint);
                } else {
                    shown.append(Escapes.of(codePoint));
                }
            }
        }
    }
}
