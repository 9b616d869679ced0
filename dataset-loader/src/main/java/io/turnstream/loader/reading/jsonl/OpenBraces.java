package io.turnstream.loader.reading.jsonl;

/// Follows braces and brackets over lines, so as to tell where a row ends that is spread over several.
final class OpenBraces {

    private int depth;
    private boolean inText;
    private boolean escaped;

    /// Takes one more line, and says whether a value is still open behind it.
    boolean areOpenAfter(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (escaped) {
                escaped = false;
            } else if (inText) {
                escaped = c == '\\';
                inText = c != '"';
            } else {
                switch (c) {
                    case '"' -> inText = true;
                    case '{', '[' -> depth++;
                    case '}', ']' -> depth--;
                    default -> {
                        /* nothing that opens or closes */ }
                }
            }
        }
        return depth > 0;
    }

    /// Whether a text is open behind the lines so far. No row goes on from there: JSON has no line end within a text.
    boolean isInText() {
        return inText;
    }
}
