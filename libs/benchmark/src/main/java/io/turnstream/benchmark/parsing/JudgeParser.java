package io.turnstream.benchmark.parsing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.turnstream.benchmark.parsing.ParsedVerdict.JudgeRefused;
import io.turnstream.benchmark.parsing.ParsedVerdict.Scored;
import io.turnstream.benchmark.parsing.ParsedVerdict.Unparseable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a judge's verdict, strictly. Part of the parser set `strict-v2`.
///
/// Reasoning is removed ([ReasonedText]: never within a text that is JSON, whatever it quotes). Then the text must hold
/// exactly one JSON object with a field `score`, possibly in a code fence or with words around it; objects without that
/// field are passed over. No number outside of JSON is ever read: "On a 1-5 scale I give 4" is unparseable.
///
/// | `score` | read as |
/// |---|---|
/// | `4` | 4 |
/// | `4.0`, `"4"`, a full-width digit as text | 4: a slip of type that leaves no doubt |
/// | a field `Score`; a comma behind the last field; a backslash before any character | as if it were written right |
/// | `4.5`, `"4/5"`, `"four"`, `true`, `null`, `[4]`, `0`, `6` | unparseable |
/// | two objects with a score, even the same; one field twice; an object that is cut off | unparseable |
///
/// A missing explanation is read as empty, and one with raw line feeds is accepted: neither changes the score. A text
/// without any such object is refused if one of the pack's patterns is found in it, and unparseable otherwise.
public final class JudgeParser {

    private static final JsonMapper JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS).enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER).build();
    private static final Pattern OBJECT_START = Pattern.compile("\\{\\s*[\"'}]|\\{\\s*score\\s*:");
    /// A number given as a score outside of JSON: no verdict, and no refusal either.
    private static final Pattern PLAIN_SCORE = Pattern.compile("\\b(?:score|rating)\\b[\\W_]{1,5}[0-9]",
            Pattern.CASE_INSENSITIVE);

    private final List<RefusalPattern> refusals;

    /// @param refusals patterns that, found anywhere in a text without a verdict, mark it as a refusal
    public JudgeParser(List<RefusalPattern> refusals) {
        this.refusals = List.copyOf(refusals);
    }

    /// Reads a judge's answer.
    public ParsedVerdict parse(String answer) {
        return parse(ReasonedText.of(answer));
    }

    /// The same of a text that was taken apart already.
    public ParsedVerdict parse(ReasonedText said) {
        String text = said.text();
        if (text.isBlank()) {
            return new Unparseable("no text besides reasoning");
        }
        List<JsonNode> verdicts = new ArrayList<>();
        char[] characters = text.toCharArray();
        Matcher start = OBJECT_START.matcher(text);
        int at = 0;
        while (start.find(at)) {
            ObjectAt found = objectAt(characters, start.start());
            if (found == null) {
                return new Unparseable("a JSON object is malformed or cut off");
            }
            if (scores(found.object()).size() > 1) {
                return new Unparseable("a JSON object has more than one score");
            }
            if (!scores(found.object()).isEmpty()) {
                verdicts.add(found.object());
            }
            at = found.end();
        }
        if (verdicts.isEmpty()) {
            return !PLAIN_SCORE.matcher(text).find() && AnswerText.anyFound(refusals, AnswerText.plainCharacters(text))
                    ? new JudgeRefused()
                    : new Unparseable("no JSON object with a score");
        }
        if (verdicts.size() > 1) {
            return new Unparseable("more than one JSON object with a score");
        }
        return read(verdicts.getFirst());
    }

    private static ParsedVerdict read(JsonNode verdict) {
        Integer score = score(scores(verdict).getFirst());
        if (score == null) {
            return new Unparseable("the score is no whole number");
        }
        if (score < 1 || score > 5) {
            return new Unparseable("the score is not from 1 to 5");
        }
        List<JsonNode> explanations = named("explanation", verdict);
        JsonNode explanation = explanations.isEmpty() ? MissingNode.getInstance() : explanations.getFirst();
        return new Scored(score,
                explanation.isTextual()
                        ? explanation.textValue()
                        : explanation.isMissingNode() || explanation.isNull() ? "" : explanation.toString());
    }

    private static @Nullable Integer score(JsonNode score) {
        if (score.isNumber()) {
            double value = score.doubleValue();
            return value == Math.rint(value) && Math.abs(value) < 1000 ? (Integer) (int) value : null;
        }
        String text = score.isTextual() ? AnswerText.plainCharacters(score.textValue()).strip() : "";
        return text.length() == 1 && text.charAt(0) >= '0' && text.charAt(0) <= '9'
                ? (Integer) (text.charAt(0) - '0')
                : null;
    }

    private static List<JsonNode> scores(JsonNode object) {
        return named("score", object);
    }

    private static List<JsonNode> named(String name, JsonNode object) {
        return object.properties().stream().filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue).toList();
    }

    /// An object within a text, and where it ends.
    private record ObjectAt(JsonNode object, int end) {}

    private static @Nullable ObjectAt objectAt(char[] text, int start) {
        try (JsonParser parser = JSON.createParser(text, start, text.length - start)) {
            JsonNode object = parser.readValueAsTree();
            return object.isObject()
                    ? new ObjectAt(object, start + (int) parser.currentLocation().getCharOffset())
                    : null;
        } catch (IOException e) {
            return null;
        }
    }
}
