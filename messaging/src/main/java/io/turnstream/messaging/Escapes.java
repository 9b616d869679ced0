package io.turnstream.messaging;

import java.util.Locale;

/// Text of unknown making, for a terminal: what could move a cursor, hide or reorder characters is written as its code.
final class Escapes {

    private Escapes() {}

    /// On one line: controls, formats, surrogates without a partner and what stands for unreadable bytes become `\\uXXXX`, line breaks `\\n`.
    static String line(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (point == '\n') {
                safe.append("\\n");
            } else if (isHarmless(point)) {
                safe.appendCodePoint(point);
            } else {
                safe.append(String.format(Locale.ROOT, "\\u%04x", point));
            }
        });
        return safe.toString();
    }

    private static boolean isHarmless(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
