package io.turnstream.protocol.parsing;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;

/// An answer made ready for reading: reasoning removed, full-width and typographic characters made plain, mark-up taken away. What
/// stood in a box (`\boxed{B}`) or in `<answer>` tags is kept apart, since that is how a model marks its final answer.
///
/// @param plain the text without mark-up
/// @param marked the texts that were marked as final
/// @param unmarked the text with mark-up, for reading JSON
record AnswerText(String plain, List<String> marked, String unmarked) {

    private static final Pattern REASONING = Pattern.compile("<(think|thinking|reasoning)>.*?</\\1>", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final Pattern REASONING_END = Pattern.compile("</(?:think|thinking|reasoning)>", Pattern.CASE_INSENSITIVE);
    private static final Pattern REASONING_START = Pattern.compile("<(?:think|thinking|reasoning)>", Pattern.CASE_INSENSITIVE);
    private static final Pattern FENCE = Pattern.compile("(?m)^[ \\t]*```[\\w-]*[ \\t]*$");
    private static final Pattern TEX_TEXT = Pattern.compile("\\\\(?:text|textbf|textit|mathrm|mathbf|mathsf|mbox)\\s*\\{([^{}]*)}");
    private static final Pattern MARKED = Pattern.compile("\\\\(?:boxed|fbox)\\s*\\{([^{}]*)}|<answer>(.*?)</answer>", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final Pattern MARKUP = Pattern.compile("\\*+|`+|\\$+|\\\\[()\\[\\]]|(?<![\\p{L}\\p{N}])_+|_+(?![\\p{L}\\p{N}])|(?m:^[ \\t]*(?:#{1,6}|>|[-•])[ \\t]+)");
    private static final ObjectReader JSON = JsonMapper.builder().build().readerFor(JsonNode.class)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    AnswerText {
        marked = List.copyOf(marked);
    }

    static AnswerText of(String raw) {
        String unmarked = FENCE.matcher(plainCharacters(withoutReasoning(raw))).replaceAll("").strip();
        String text = TEX_TEXT.matcher(unmarked).replaceAll("$1");
        List<String> marked = new ArrayList<>();
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

    /// Removes `<think>...</think>` and its like. What precedes a lone end tag is reasoning too (some chat templates swallow the start
    /// tag), and so is what follows a start tag that is never closed.
    static String withoutReasoning(String raw) {
        String text = REASONING.matcher(raw).replaceAll("");
        Matcher end = REASONING_END.matcher(text);
        int from = 0;
        while (end.find()) {
            from = end.end();
        }
        text = text.substring(from);
        Matcher start = REASONING_START.matcher(text);
        return (start.find() ? text.substring(0, start.start()) : text).strip();
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

    /// Compatibility forms (full-width letters, circled letters) and typographic quotes made plain; invisible characters removed.
    static String plainCharacters(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .replaceAll("[\u2018\u2019\u02BC\u2032]", "'").replaceAll("[\u201C\u201D\u201E\u00AB\u00BB\u300C\u300D\u300E\u300F\u3010\u3011]", "\"")
                .replaceAll("\\p{Cf}", "").replace("\r\n", "\n").replace('\r', '\n');
    }

    /// The text in a form that differs only where wording differs: for comparing an answer with an option.
    static String comparable(String text) {
        return withoutMarkup(plainCharacters(text)).toLowerCase(Locale.ROOT).replaceAll("\\s+", " ")
                .replaceAll("^[\\s\"'(\\[]+|[\\s\"')\\].,;:!\u3002\u3001]+$", "");
    }

    static boolean anyFound(List<Pattern> patterns, String text) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(text).find());
    }

    private static String withoutMarkup(String text) {
        return MARKUP.matcher(text).replaceAll("").strip();
    }

    /// Lengths only: answers are not for logs.
    @Override
    public String toString() {
        return "AnswerText[%d characters, %d marked]".formatted(plain.length(), marked.size());
    }
}
