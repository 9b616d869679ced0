package io.turnstream.benchmark.parsing;

import com.fasterxml.jackson.databind.JsonNode;
import io.turnstream.benchmark.parsing.ParsedAnswer.Chosen;
import io.turnstream.benchmark.parsing.ParsedAnswer.Refused;
import io.turnstream.benchmark.parsing.ParsedAnswer.Unparseable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads whether an answer says True or False, strictly. Part of the parser set `strict-v2`. In order:
///
/// 1. Reasoning, mark-up and typographic characters are treated as by [ChoiceParser]; an echo of "True or False" is
///    dropped.
/// 2. A text that as a whole is a JSON object says what its field `answer` (or `final_answer`, `verdict`, `value`,
///    `result`) says: a boolean, or a text read likewise.
/// 3. What is boxed, in `<answer>` tags or behind "final answer" decides alone, if there is any.
/// 4. Else these count, and must agree: a sentence that begins with the word and goes no further, or goes on behind
///    punctuation or "because" ("True.", "False, since ..."), and a cue with the word behind it ("Answer: False", "The
///    statement is true.", "That's false").
/// 5. If nothing counts, the pack's refusal patterns decide between refused and unparseable.
///
/// `T` and `F` count where a whole answer or a cue's object is expected. "Yes" and "No" do not answer the question that
/// was put and are unparseable, and so are qualified ("partly true"), denied ("not true") and conditional ("true if")
/// answers.
public final class TrueFalseParser {

    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS;
    private static final Pattern ECHO = Pattern.compile("\\btrue\\s*(?:or|/|\\|)\\s*false\\b\\s*[:?]?", FLAGS);
    private static final Pattern ENTIRE = Pattern.compile("[(\\[\"']*([TF])[)\\]\"'.!]*", FLAGS);
    private static final String QUALIFIED = "(?:not|only|partly|partially|mostly|mainly|largely|somewhat|sometimes|if|unless|when|in part|at least|to some|depending|true|false|or|and)\\b";
    private static final String END = "[)\\]\"']*(?=\\s*(?:$|[.,:;!)\\n\u3002\u3001]|\\((?!\\s*" + QUALIFIED
            + ")|[-\u2013\u2014]+(?:\\s|$)|\\b(?:because|since|as|given|based)\\b))";
    private static final Pattern SENTENCE_START = Pattern.compile(
            "[\\s(\\[\"']*+(?:no\\s?[:,]\\s?(?=[(\\[\"']*false)|yes\\s?[:,]\\s?(?=[(\\[\"']*true))?[(\\[\"']*+(true|false)"
                    + END,
            FLAGS);
    private static final String SENTENCE_ENDS = ".!?\n\u3002";
    private static final Pattern CUE = Pattern.compile(
            "(?<final>\\bfinal\\s+)?(?:\\bI(?:'d|\\s+would)?\\s+(?:say|answer|choose|pick)\\s+|(?:\\b(?:answer|verdict|respuesta|réponse|antwort|risposta|resposta|ответ)\\b|答案|答え|回答|正解|정답|답)"
                    + "\\s*(?:\\bis\\b|[:=\u2014\u2013]|-(?=\\s)|是|为|は)++\\s*:?\\s*)[(\\[\"']*(true|false|[TF](?![\\p{L}']))"
                    + END,
            FLAGS);
    private static final Pattern SUBJECT = Pattern.compile(
            "\\b(?:it|this|that|(?:statement|claim|assertion|sentence|proposition)(?:\\s+(?:above|given))?(?:\\s+\"[^\"\\n]{1,400}\")?)(?:'s|\\s+(?:is|would be|must be|seems|appears)(?:\\s+to\\s+be)?)"
                    + "(?:\\s+(?:clearly|definitely|indeed|therefore|most likely|likely|probably))?\\s*:?\\s*[(\\[\"']*(true|false)"
                    + END,
            FLAGS);
    private static final Set<String> FIELDS = Set.of("answer", "final_answer", "verdict", "value", "result");

    private final List<RefusalPattern> refusals;

    /// @param refusals patterns that, found anywhere in a text that says neither, mark it as a refusal
    public TrueFalseParser(List<RefusalPattern> refusals) {
        this.refusals = List.copyOf(refusals);
    }

    /// Reads an answer: the boolean that the model's text gives, or why there is none.
    public ParsedAnswer<Boolean> parse(String answer) {
        return parse(ReasonedText.of(answer));
    }

    /// The same of a text that was taken apart already.
    public ParsedAnswer<Boolean> parse(ReasonedText said) {
        Optional<String> outside = said.outsideBlocks();
        if (outside.isEmpty()) {
            return new Unparseable<>("a marker of reasoning stands alone in the answer");
        }
        if (outside.get().length() > AnswerText.LONGEST) {
            return new Unparseable<>("the text is longer than any answer: " + outside.get().length() + " characters");
        }
        return parse(AnswerText.of(outside.get(), said.boxed()));
    }

    private ParsedAnswer<Boolean> parse(AnswerText text) {
        if (text.plain().isEmpty()) {
            return new Unparseable<>("no text besides reasoning");
        }
        if (text.json().isPresent()) {
            return parseObject(text.json().get());
        }
        String plain = ECHO.matcher(text.plain()).replaceAll("").strip();
        Matcher entire = ENTIRE.matcher(plain);
        if (entire.matches()) {
            return new Chosen<>(isTrue(entire.group(1)));
        }
        Set<Boolean> said = new TreeSet<>();
        for (String marked : text.marked()) {
            Matcher letter = ENTIRE.matcher(marked);
            if (letter.matches()) {
                said.add(isTrue(letter.group(1)));
            } else {
                readSentences(marked, said);
            }
        }
        readPhrases(CUE, plain, true, said);
        if (said.isEmpty()) {
            readPhrases(CUE, plain, false, said);
            readPhrases(SUBJECT, plain, false, said);
            readSentences(plain, said);
        }
        if (said.size() == 1) {
            return new Chosen<>(said.iterator().next());
        }
        if (said.isEmpty() && AnswerText.anyFound(refusals, text.plain())) {
            return new Refused<>();
        }
        return new Unparseable<>(said.isEmpty() ? "neither True nor False is given" : "both True and False are given");
    }

    private ParsedAnswer<Boolean> parseObject(JsonNode object) {
        List<JsonNode> values = new ArrayList<>();
        object.properties().forEach(field -> {
            if (FIELDS.contains(field.getKey().toLowerCase(Locale.ROOT))) {
                values.add(field.getValue());
            }
        });
        if (values.size() == 1 && values.getFirst().isBoolean()) {
            return new Chosen<>(values.getFirst().booleanValue());
        }
        if (values.size() == 1 && values.getFirst().isTextual()) {
            return parse(values.getFirst().textValue());
        }
        return new Unparseable<>("the JSON object has no single boolean or text under 'answer'");
    }

    private static void readPhrases(Pattern phrases, String text, boolean finalOnly, Set<Boolean> said) {
        for (Matcher phrase = phrases.matcher(text); phrase.find();) {
            boolean counts = !finalOnly || phrase.group("final") != null;
            if (counts && !Clause.deniesBefore(text, phrase.start())) {
                said.add(isTrue(phrase.group(phrase.groupCount())));
            }
        }
    }

    private static void readSentences(String text, Set<Boolean> said) {
        for (int from = 0; from < text.length();) {
            int end = from;
            while (end < text.length() && SENTENCE_ENDS.indexOf(text.charAt(end)) < 0) {
                end++;
            }
            Matcher start = SENTENCE_START.matcher(text.substring(from, end));
            boolean asks = end < text.length() && text.charAt(end) == '?';
            if (!asks && start.lookingAt()) {
                said.add(isTrue(start.group(1)));
            }
            from = end + 1;
        }
    }

    private static boolean isTrue(String word) {
        return Character.toLowerCase(word.charAt(0)) == 't';
    }
}
