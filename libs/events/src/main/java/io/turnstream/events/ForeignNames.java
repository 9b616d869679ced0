package io.turnstream.events;

import java.util.regex.Pattern;

/// Names that somebody else gives: what a server calls its model, why it says that an answer ended, an image's path in
/// a data set.
///
/// They stand in events as plain strings, where `--redact` leaves them. So nothing stands there that could be a text,
/// such as a prompt that is quoted: a name has no blank, no quote, no sentence and an end.
public final class ForeignNames {

    /// Stands in the place of a text, which stands where it can be withheld.
    public static final String ELSEWHERE = "(see what the provider said)";

    private static final String ONE = "[A-Za-z0-9._:/@+~\\\\-]{1,128}";
    private static final Pattern NAME = Pattern.compile(ONE);
    private static final Pattern ADMITTED = Pattern
            .compile(ONE + "(: " + ONE + ")?|(" + ONE + " )?" + Pattern.quote(ELSEWHERE));

    private ForeignNames() {}

    /// Whether a text is a name, and nothing else.
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /// Whether a text is a name, a name and what it is about (`content_filter: hate`), or says that a text stood in its
    /// place.
    public static boolean isAdmitted(String text) {
        return ADMITTED.matcher(text).matches();
    }

    /// Whether what one of our lines quotes, between apostrophes, are names: earlier versions repeated paths as they
    /// stood.
    public static boolean quotesNamesAlone(String line) {
        String[] parts = line.split("'", -1);
        for (int i = 1; i < parts.length; i += 2) {
            if (!parts[i].isEmpty() && !isName(parts[i])) {
                return false;
            }
        }
        return true;
    }
}
