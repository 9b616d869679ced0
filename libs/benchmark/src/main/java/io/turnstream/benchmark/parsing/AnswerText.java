package io.turnstream.benchmark.parsing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An answer made ready for reading: reasoning removed, full-width and typographic characters made plain, mark-up taken
/// away. What stood in a box (`\boxed{B}`, `<|begin_of_box|>`) or in `<answer>` tags is kept apart, since that is how a
/// model marks its final answer.
///
/// @param plain the text without mark-up
/// @param marked the texts that were marked as final
/// @param unmarked the text with mark-up, for reading JSON
record AnswerText(String plain, List<String> marked, String unmarked) {

    /// No answer to a question is longer than this, in characters: what is, is not read at all.
    static final int LONGEST = 1 << 15;

    private static final Pattern FENCE = Pattern.compile("(?m)^[ \\t]*```[\\w-]*[ \\t]*$");
    private static final Pattern TEX_TEXT = Pattern
            .compile("\\\\(?:text|textbf|textit|mathrm|mathbf|mathsf|mbox)\\s*\\{([^{}]*)}");
    private static final Pattern MARKED = Pattern.compile(
            "\\\\(?:boxed|fbox)\\s*\\{([^{}]*)}|<answer>([^<]{0,2000}+)</answer>",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final Pattern MARKUP = Pattern.compile(
            "\\*+|`+|\\$+|\\\\[()\\[\\]]|(?<![\\p{L}\\p{N}])_+|_+(?![\\p{L}\\p{N}])|(?m:^[ \\t]*(?:#{1,6}|>|[-•])[ \\t]+)");
    private static final Pattern SPACES = Pattern.compile("[^\\S\n]+");
    private static final Pattern LINES = Pattern.compile(" ?\n\\s*");
    private static final Pattern EDGES = Pattern
            .compile("^[\\s\"'(\\[]+|(?<![\\s\"')\\].,;:!\u3002\u3001])[\\s\"')\\].,;:!\u3002\u3001]+$");
    private static final Pattern SINGLE_QUOTES = Pattern.compile("[\u2018\u2019\u02BC\u2032]");
    private static final Pattern DOUBLE_QUOTES = Pattern
            .compile("[\u201C\u201D\u201E\u00AB\u00BB\u300C\u300D\u300E\u300F\u3010\u3011]");
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\\p{Cc}&&[^\n\t\r]]");
    private static final int FIRST_BEYOND_ASCII = 127;
    private static final ObjectReader JSON = JsonMapper.builder().enable(JsonReadFeature.ALLOW_SINGLE_QUOTES).build()
            .readerFor(JsonNode.class)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    AnswerText {
        marked = List.copyOf(marked);
    }

    /// @param said what is said outside of reasoning, at most [#LONGEST] characters
    /// @param boxed what a model's own box tokens enclosed
    static AnswerText of(String said, List<String> boxed) {
        String unmarked = FENCE.matcher(plainCharacters(said)).replaceAll("").strip();
        String text = TEX_TEXT.matcher(unmarked).replaceAll("$1");
        List<String> marked = new ArrayList<>();
        boxed.forEach(content -> marked.add(withoutMarkup(plainCharacters(content))));
        Matcher matcher = MARKED.matcher(text);
        StringBuilder rest = new StringBuilder();
        while (matcher.find()) {
            String content = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            marked.add(withoutMarkup(content));
            matcher.appendReplacement(rest, Matcher.quoteReplacement(content));
        }
        matcher.appendTail(rest);
        return new AnswerText(withoutMarkup(rest.toString()), marked, unmarked);
    }

    /// The object, if the text as a whole is one, without repeated keys.
    Optional<JsonNode> json() {
        if (!unmarked.startsWith("{") || !unmarked.endsWith("}")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(unmarked));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /// Compatibility forms (full-width letters, circled letters) and typographic quotes made plain; invisible
    /// characters removed.
    static String plainCharacters(String text) {
        // what is ASCII is plain already, and most answers are
        String plain = text.chars().allMatch(AnswerText::isPlain) ? text : withoutTypography(text);
        return plain.replace("\r\n", "\n").replace('\r', '\n');
    }

    private static boolean isPlain(int character) {
        return character >= ' ' && character < FIRST_BEYOND_ASCII || character == '\n' || character == '\t'
                || character == '\r';
    }

    private static String withoutTypography(String text) {
        String compatible = Normalizer.normalize(text, Normalizer.Form.NFKC);
        return INVISIBLE
                .matcher(DOUBLE_QUOTES.matcher(SINGLE_QUOTES.matcher(compatible).replaceAll("'")).replaceAll("\""))
                .replaceAll("");
    }

    /// The text in a form that differs only where wording differs: for comparing an answer with an option.
    static String comparable(String text) {
        return EDGES.matcher(withoutMarkup(plainCharacters(text)).toLowerCase(Locale.ROOT).replace('\n', ' '))
                .replaceAll("");
    }

    static boolean anyFound(List<RefusalPattern> patterns, String text) {
        String searched = text.substring(0, Math.min(text.length(), LONGEST));
        return patterns.stream().anyMatch(pattern -> pattern.isIn(searched));
    }

    private static String withoutMarkup(String text) {
        return LINES.matcher(SPACES.matcher(MARKUP.matcher(text).replaceAll("")).replaceAll(" ")).replaceAll("\n")
                .strip();
    }

    /// Lengths only: answers are not for logs.
    @Override
    public String toString() {
        return "AnswerText[%d characters, %d marked]".formatted(plain.length(), marked.size());
    }
}
