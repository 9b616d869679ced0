package io.turnstream.protocol.parsing;

import java.util.regex.Pattern;

/// The part of a sentence in which a phrase stands, looked at for words that take the phrase back.
final class Clause {

    private static final Pattern START = Pattern.compile(".*[.,;:!?\\n\u3002\uFF0C\u3001]", Pattern.DOTALL);
    private static final Pattern NEGATION = Pattern.compile(
            "\\b(?:not|never|neither|nor|no|cannot|without|unlikely|incorrect|wrong|untrue|if|whether|unless|either)\\b|n't\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern TAKEN_BACK = Pattern.compile(
            "[)\\]\"']*\\s+(?:is\\s+|was\\s+|would\\s+be\\s+|seems\\s+)?(?:not|isn't|wasn't|wouldn't|can't|cannot|incorrect|wrong|false|unlikely)\\b", Pattern.CASE_INSENSITIVE);

    /// No clause is looked at further back than this many characters.
    private static final int LONGEST = 300;

    private Clause() {
    }

    /// Whether the clause denies or doubts a phrase that begins at `at`: "I don't think the answer is A".
    static boolean deniesBefore(String text, int at) {
        String before = START.matcher(text.substring(Math.max(0, at - LONGEST), at)).replaceFirst("");
        return NEGATION.matcher(before).find();
    }

    /// Whether the words right behind a phrase that ends at `end` take it back: "B is wrong".
    static boolean deniesAfter(String text, int end) {
        return TAKEN_BACK.matcher(text).region(end, text.length()).lookingAt();
    }
}
