package io.turnstream.benchmark.parsing;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The part of a sentence in which a phrase stands, looked at for words that take the phrase back.
final class Clause {

    private static final String CLAUSE_ENDS = ".,;:!?\n\u3002\uFF0C\u3001";
    private static final String SENTENCE_ENDS = ".;:!?\n\u3002";
    private static final Set<String> NEGATIONS = Set.of("not", "never", "neither", "nor", "no", "cannot", "without",
            "unlikely", "incorrect", "wrong",
            "untrue", "if", "whether", "unless", "either");
    private static final Set<String> CONDITIONS = Set.of("if", "unless", "supposing", "assuming", "suppose", "assume",
            "provided");
    private static final Pattern TAKEN_BACK = Pattern.compile(
            "[)\\]\"']*\\s+(?:is\\s+|was\\s+|would\\s+be\\s+|seems\\s+)?(?:not|isn't|wasn't|wouldn't|can't|cannot|incorrect|wrong|false|unlikely)\\b",
            Pattern.CASE_INSENSITIVE);

    /// No clause is looked at further back than this many characters.
    private static final int LONGEST = 300;

    private Clause() {}

    /// Whether the clause denies or doubts a phrase that begins at `at` ("I don't think the answer is A"), or its
    /// sentence makes it depend on something ("If he wanted a song, the answer would be D").
    static boolean deniesBefore(String text, int at) {
        int clause = start(text, at, CLAUSE_ENDS);
        String previous = "";
        for (int from = start(text, at, SENTENCE_ENDS), to; from < at; from = to + 1) {
            to = from;
            while (to < at && isWord(text.charAt(to))) {
                to++;
            }
            String word = text.substring(from, to).toLowerCase(Locale.ROOT);
            boolean contraction = word.equals("t") && from >= 2 && text.charAt(from - 1) == '\''
                    && (text.charAt(from - 2) | ' ') == 'n';
            if (from >= clause && (contraction || NEGATIONS.contains(word))
                    || CONDITIONS.contains(word) && !previous.equals("even")) {
                return true;
            }
            previous = word;
        }
        return false;
    }

    /// Whether the words right behind a phrase that ends at `end` take it back: "B is wrong".
    static boolean deniesAfter(String text, int end) {
        return TAKEN_BACK.matcher(text).region(end, text.length()).lookingAt();
    }

    private static boolean isWord(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    private static int start(String text, int at, String ends) {
        int lowest = Math.max(0, at - LONGEST);
        int start = at;
        while (start > lowest && ends.indexOf(text.charAt(start - 1)) < 0) {
            start--;
        }
        return start;
    }
}
