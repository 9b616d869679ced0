package io.turnstream.benchmark.parsing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The parsers of the published code, faults included, for the `reference` scoring. They follow the language that code
/// is written in: what counts as white space, how letters are upper-cased, and that a JSON `true` is the integer 1.
///
/// Do not use them to find out what an answer says: "I cannot answer that." reads as A.
public final class ReferenceParsers {

    private static final ObjectReader JSON = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build()
            .readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ReferenceParsers() {}

    /// The letter of a multiple-choice answer. Of the stripped and upper-cased text the first character if it is one of
    /// A to G, else the alphabetically first of A to G that occurs anywhere; null if none does.
    public static @Nullable String choice(@Nullable String raw) {
        String text = upperCase(strip(raw));
        if (text.isEmpty()) {
            return null;
        }
        char first = text.charAt(0);
        if (first >= 'A' && first <= 'G') {
            return String.valueOf(first);
        }
        for (char letter = 'A'; letter <= 'G'; letter++) {
            if (text.indexOf(letter) >= 0) {
                return String.valueOf(letter);
            }
        }
        return null;
    }

    /// The value of a true-or-false answer, by how the stripped and lower-cased text starts; null if with neither word.
    public static @Nullable Boolean trueFalse(@Nullable String raw) {
        String stripped = strip(raw);
        String text = stripped.substring(0, Math.min(stripped.length(), "false".length())).toLowerCase(Locale.ROOT);
        if (text.startsWith("true")) {
            return true;
        }
        return text.startsWith("false") ? Boolean.FALSE : null;
    }

    /// The score of a judge's answer. If the text is one JSON object whose `score` is an integer from 1 to 5, that;
    /// else the first of the characters 1 to 5 anywhere in the text; null if there is none. A JSON `true` is the
    /// integer 1; `5.0` and `"5"` are no integers, but the character is found. Of a repeated key the last counts.
    public static @Nullable Integer judgeScore(@Nullable String raw) {
        String text = strip(raw);
        Integer score = integerScore(text);
        if (score != null) {
            return score;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '1' && c <= '5') {
                return c - '0';
            }
        }
        return null;
    }

    private static @Nullable Integer integerScore(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            JsonNode score = JSON.<JsonNode>readValue(text).path("score");
            if (score.isBoolean()) {
                return score.booleanValue() ? 1 : null;
            }
            return score.isIntegralNumber() && score.canConvertToInt() && score.intValue() >= 1 && score.intValue() <= 5
                    ? score.intValue()
                    : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /// Upper case, character by character: of a long text with many ligatures ("\uFB03", three letters) the library's
    /// own makes a copy for each.
    private static String upperCase(String text) {
        StringBuilder upper = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (character < 128) {
                upper.append(Character.toUpperCase((char) character));
            } else {
                upper.append(Character.toString(character).toUpperCase(Locale.ROOT));
            }
        });
        return upper.toString();
    }

    /// Strips what Python's `str.strip()` strips: unlike Java's, no-break spaces and U+0085 too.
    private static String strip(@Nullable String raw) {
        if (raw == null) {
            return "";
        }
        int from = 0;
        int to = raw.length();
        while (from < to && isPythonSpace(raw.charAt(from))) {
            from++;
        }
        while (to > from && isPythonSpace(raw.charAt(to - 1))) {
            to--;
        }
        return raw.substring(from, to);
    }

    private static boolean isPythonSpace(char c) {
        return Character.isWhitespace(c) || c == '\u0085' || c == '\u00A0' || c == '\u2007' || c == '\u202F';
    }
}
