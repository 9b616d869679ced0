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
import org.jspecify.annotations.Nullable;

/// Reads the letter that a multiple-choice answer names, strictly: it would rather not read an answer than read one
/// that is not there. Part of the parser set `strict-v2`. In order:
///
/// 1. Reasoning is removed ([ReasonedText]; here also blocks in the middle), full-width and typographic characters
///    become plain, mark-up goes.
/// 2. A text that as a whole is the wording of one option names that option.
/// 3. A text that as a whole is a JSON object names what its field `answer` (or `choice`, `option`, `letter`,
///    `final_answer`, `correct_answer`) names.
/// 4. What is boxed, in `<answer>` tags or behind "final answer" decides alone, if there is any.
/// 5. Else these name a letter, and all of them together must name the same: a cue with the letter or the option's
///    wording behind it ("Answer: B", "the correct answer is C.", "I choose (d)", "réponse : B", "答案：B"), "B is
///    correct", "B best describes it", and a letter that starts or makes up a line ("B", "(b)", "B) text", "Option B.
///    text"). Lines that list several letters are an echo of the options and name nothing.
/// 6. Else the only option that is mentioned as such counts: "... which makes me think of option B".
/// 7. If none was named, the pack's refusal patterns decide between refused and unparseable.
///
/// A letter in a list ("A or B", "A, C"), denied ("not A", "B is wrong", "I don't think the answer is A") or beyond the
/// options names nothing. Numbers are not letters: "2" is unparseable. A bare word such as the "a" of "a user" or the
/// "I" of "I cannot" is no letter either.
public final class ChoiceParser {

    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS;
    private static final String IS = "\\s*(?:\\bis\\b|\\bwould be\\b|\\bshould be\\b|\\bmust be\\b|\\bes\\b|\\best\\b|\\bist\\b|(?<=\\s)è(?=\\s)|(?<=\\s)é(?=\\s)|\\bэто\\b|[:=\u2014\u2013]|-(?=\\s)|是|为|為|は|은|는)";
    private static final String NOUN = "(?:option|choice|letter|opción|opcion|lettre|opzione|opção|вариант)";
    private static final Pattern CUE = Pattern.compile(
            "(?<final>\\bfinal\\s+)?(?:\\b(?:answer|choice|option|response|respuesta|réponse|reponse|antwort|risposta|resposta|ответ)\\b|答案|答え|回答|正解|정답|답)"
                    + "(?:\\s+(?:to|for)\\s+(?:this|the|that)\\s+question)?(?:" + IS
                    + ")++(?:\\s*(?:clearly|definitely|most likely|likely|probably|therefore)\\b)?\\s*:?\\s*(?:" + NOUN
                    + "\\s*:?\\s*)?",
            FLAGS);
    private static final Pattern PICK = Pattern.compile(
            "(?:\\bI(?:'d|'ll|\\s+would|\\s+will)?\\s+(?:choose|chose|pick|picked|select|selected|say|answer|go\\s+with|opt\\s+for)|\\bit(?:'s|\\s+(?:is|should\\s+be|must\\s+be))(?:\\s+(?:clearly|definitely|probably|likely))?|选择|選択|答案|选|選)\\s*:?\\s*(?:"
                    + NOUN + "\\s*:?\\s*)?",
            FLAGS);
    private static final Pattern IS_CORRECT = Pattern.compile(
            "(?<![\\p{L}\\p{N}'])[(\\[\"']{0,4}([A-Z])[)\\]\"']{0,4}\\s+(?:(?:is|seems|appears|looks|would\\s+be)\\s+(?:clearly\\s+)?"
                    + "(?:(?:the\\s+)?(?:most\\s+)?(?:correct|right|accurate|appropriate)\\b|(?:(?:the\\s+)?best|the\\s+better)\\s+(?:answer|option|choice|description|match|fit)\\b|the\\s+answer\\b)"
                    + "|(?:best\\s+)?(?:describes|fits|matches|captures|reflects|summari[sz]es)\\b(?!\\s+better))");
    private static final Pattern MENTION = Pattern.compile("\\b" + NOUN + "\\s+(?=[(\\[\"']*[A-Z])", FLAGS);
    private static final Pattern ANOTHER_ITEM = Pattern.compile("(?<![\\p{L}\\p{N}])([A-Za-z])[):](?=\\s)");
    /// Letters of scripts that put no space between words may follow an option's letter: "Bです".
    private static final String WORD = "(?:[\\p{L}&&[^\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}]]|[\\p{N}'_-])";
    private static final Pattern UPPER = Pattern
            .compile("[(\\[\"'{]*([A-Z])(?:[)\\]\"'}]+|(?!" + WORD + "|\\.\\p{L}))");
    private static final Pattern LOWER = Pattern
            .compile("[(\\[\"'{]*([a-z])[)\\]\"'}]*(?=\\s*(?:$|[\\n;!\u3002\u3001)]|[.,:](?:\\s|$)))");
    private static final Pattern ARTICLE = Pattern
            .compile("\\s+(?!(?:because|since|as|given|due|based|for|from|in|here|is)\\b)\\p{L}", FLAGS);
    private static final Pattern LINE_START = Pattern.compile("(?:(?:" + NOUN
            + "|answer)\\s*)?(?:[(\\[{]([A-Za-z])[)\\]}](?!\\p{L})|\"([A-Za-z])\"|([A-Za-z])(?=\\s*(?:$|[):;\\]\u3002\u3001])|[.,](?:\\s|$)|\\s+[-\u2013\u2014]+\\s|번(?:입니다|이다|이에요|예요)?\\s*(?:$|[.\u3002])))[)\\]\"']*",
            FLAGS);
    private static final Pattern WHOLE_ITEM = Pattern.compile("[.,;:!)\\]\"'\u3002\u3001\\s]*");
    private static final String AND = "(?:(?:[,/&+|]|\\(?\\b(?:and|or|und|oder|et|ou|y|o|e|nor)\\b|和|或|、|と|または)\\s*)";
    /// A row of commas longer than any list is one with its letters left out.
    private static final Pattern LISTED = Pattern.compile("[)\\]\"']*\\s*(?:" + AND + "{1,8}" + NOUN
            + "?\\s*[(\\[\"']*(?:[A-Z](?![\\p{L}\\p{N}'_-])|[a-z](?=\\s*(?:$|[.,;)\\n])))|"
            + AND + "{9})", Pattern.UNICODE_CASE);
    private static final Pattern NUMBERED = Pattern.compile("\\d{1,2}[.)]\\s+");
    private static final Pattern QUESTIONED = Pattern.compile("\\s*\\?");
    private static final Set<String> FIELDS = Set.of("answer", "choice", "option", "letter", "final_answer",
            "correct_answer");

    /// A text longer than twice the longest option and this many characters is no option's wording, whatever mark-up it
    /// holds.
    private static final int MARKUP_ALLOWANCE = 100;

    private final List<RefusalPattern> refusals;

    /// @param refusals patterns that, found anywhere in a text that names no option, mark it as a refusal
    public ChoiceParser(List<RefusalPattern> refusals) {
        this.refusals = List.copyOf(refusals);
    }

    /// Reads an answer.
    ///
    /// @param answer the model's text
    /// @param options the wording of the options, from A
    /// @return the letter in upper case, or why there is none
    public ParsedAnswer<String> parse(String answer, List<String> options) {
        return parse(ReasonedText.of(answer), options);
    }

    /// The same of a text that was taken apart already.
    public ParsedAnswer<String> parse(ReasonedText answer, List<String> options) {
        if (options.isEmpty() || options.size() > 26) {
            throw new IllegalArgumentException("A question has " + options.size() + " options, expected 1 to 26");
        }
        return parse(answer, new Options(options));
    }

    private ParsedAnswer<String> parse(ReasonedText said, Options options) {
        Optional<String> outside = said.outsideBlocks();
        if (outside.isEmpty()) {
            return new Unparseable<>("a marker of reasoning stands alone in the answer");
        }
        if (outside.get().length() > AnswerText.LONGEST) {
            return new Unparseable<>("the text is longer than any answer: " + outside.get().length() + " characters");
        }
        AnswerText text = AnswerText.of(outside.get(), said.boxed());
        if (text.plain().isEmpty()) {
            return new Unparseable<>("no text besides reasoning");
        }
        String whole = options.letterOf(text.plain());
        if (whole != null) {
            return new Chosen<>(whole);
        }
        if (text.json().isPresent()) {
            return parseObject(text.json().get(), options);
        }
        Claims claims = new Claims(options);
        for (String marked : text.marked()) {
            claims.readMarked(marked);
        }
        claims.readCues(text.plain(), true);
        if (claims.isEmpty()) {
            claims.readCues(text.plain(), false);
            claims.readLines(withoutNumber(text.plain()));
        }
        if (claims.isEmpty()) {
            claims.readMentions(text.plain());
        }
        return claims.result(AnswerText.anyFound(refusals, text.plain()));
    }

    /// "1. B" answers the first and only question; with more lines it is a list.
    private static String withoutNumber(String plain) {
        Matcher number = NUMBERED.matcher(plain);
        return plain.indexOf('\n') < 0 && number.lookingAt() ? plain.substring(number.end()) : plain;
    }

    private ParsedAnswer<String> parseObject(JsonNode object, Options options) {
        List<JsonNode> values = new ArrayList<>();
        object.properties().forEach(field -> {
            if (FIELDS.contains(field.getKey().toLowerCase(Locale.ROOT))) {
                values.add(field.getValue());
            }
        });
        if (values.size() != 1 || !values.getFirst().isTextual()) {
            return new Unparseable<>("the JSON object has no single text under 'answer'");
        }
        return parse(ReasonedText.of(values.getFirst().textValue()), options);
    }

    /// The options by their wording.
    private record Options(List<String> comparable, int longest) {

        Options(List<String> texts) {
            List<String> comparable = texts.stream().map(AnswerText::comparable).toList();
            this(comparable, texts.stream().mapToInt(String::length).max().orElse(0));
        }

        int count() {
            return comparable.size();
        }

        /// The letter of the one option with exactly that wording; null if there is none, or more.
        @Nullable
        String letterOf(String text) {
            if (text.length() > longestText()) {
                return null;
            }
            String wanted = AnswerText.comparable(text);
            int found = comparable.indexOf(wanted);
            return wanted.length() < 2 || found < 0 || comparable.lastIndexOf(wanted) != found ? null : letter(found);
        }

        /// The same of what follows in that line; nothing that is too long to be an option is looked at to its end.
        @Nullable
        String letterOfLine(String text, int from) {
            int end = from;
            while (end < text.length() && text.charAt(end) != '\n') {
                if (++end - from > longestText()) {
                    return null;
                }
            }
            return letterOf(WHOLE_ITEM.matcher(text.substring(from, end)).replaceFirst(""));
        }

        /// Whether a line goes on with the wording of that letter's option and denies it: "A: Booking a room is not
        /// it."
        boolean isDenied(String letter, String rest) {
            int index = letter.charAt(0) - 'A';
            String item = WHOLE_ITEM.matcher(rest).replaceFirst("");
            return index < count() && !comparable.get(index).isEmpty()
                    && item.regionMatches(true, 0, comparable.get(index), 0, comparable.get(index).length())
                    && Clause.deniesAfter(item, comparable.get(index).length());
        }

        private int longestText() {
            return 2 * longest + MARKUP_ALLOWANCE;
        }

        static String letter(int index) {
            return String.valueOf((char) ('A' + index));
        }
    }

    /// The letters that a text names.
    private static final class Claims {

        private final Options options;
        private final Set<String> letters = new TreeSet<>();
        private boolean several;
        private boolean denied;

        Claims(Options options) {
            this.options = options;
        }

        boolean isEmpty() {
            return letters.isEmpty() && !several;
        }

        void readMarked(String text) {
            String whole = options.letterOf(text);
            if (whole != null) {
                letters.add(whole);
            } else if (!readLetter(text, 0, 0)) {
                readLine(text);
            }
        }

        void readCues(String text, boolean finalOnly) {
            for (Matcher cue = CUE.matcher(text); cue.find();) {
                if (!finalOnly || cue.group("final") != null) {
                    readCue(text, cue.start(), cue.end());
                }
            }
            if (finalOnly) {
                return;
            }
            for (Matcher pick = PICK.matcher(text); pick.find();) {
                readCue(text, pick.start(), pick.end());
            }
            for (Matcher correct = IS_CORRECT.matcher(text); correct.find();) {
                add(text, correct.start(), correct.group(1), correct.end());
            }
        }

        void readMentions(String text) {
            for (Matcher mention = MENTION.matcher(text); mention.find();) {
                readLetter(text, mention.start(), mention.end());
            }
        }

        void readLines(String text) {
            Claims lines = new Claims(options);
            text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(lines::readLine);
            // Several different letters at line starts are the options written out once more.
            if (lines.letters.size() == 1) {
                letters.addAll(lines.letters);
            } else if (lines.letters.size() > 1 && letters.isEmpty()) {
                several = true;
            }
            several |= lines.several;
            denied |= lines.denied;
        }

        ParsedAnswer<String> result(boolean refusal) {
            if (!several && letters.size() == 1) {
                String letter = letters.iterator().next();
                return letter.charAt(0) - 'A' < options.count()
                        ? new Chosen<>(letter)
                        : new Unparseable<>("the letter named is no option");
            }
            if (refusal && !several && letters.isEmpty()) {
                return new Refused<>();
            }
            return new Unparseable<>(several || !letters.isEmpty()
                    ? "several options are named"
                    : denied ? "an option is only denied" : "no option is named");
        }

        private void readCue(String text, int start, int end) {
            String worded = options.letterOfLine(text, end);
            if (worded != null && !Clause.deniesBefore(text, start)) {
                letters.add(worded);
            } else {
                readLetter(text, start, end);
            }
        }

        private boolean readLetter(String text, int start, int at) {
            Matcher upper = UPPER.matcher(text).region(at, text.length()).useTransparentBounds(true);
            if (upper.lookingAt()) {
                boolean article = upper.group().equals("A")
                        && ARTICLE.matcher(text).region(upper.end(), text.length()).lookingAt();
                if (!article || "A".equals(options.letterOfLine(text, upper.end()))) {
                    add(text, start, upper.group(1), upper.end());
                }
                return true;
            }
            Matcher lower = LOWER.matcher(text).region(at, text.length()).useTransparentBounds(true);
            if (lower.lookingAt()) {
                add(text, start, lower.group(1), lower.end());
                return true;
            }
            return false;
        }

        private void readLine(String line) {
            Matcher start = LINE_START.matcher(line);
            if (start.lookingAt()) {
                String letter = start.group(1) != null
                        ? start.group(1)
                        : start.group(2) != null ? start.group(2) : start.group(3);
                String rest = line.substring(start.end());
                String worded = options.letterOf(WHOLE_ITEM.matcher(rest).replaceFirst(""));
                if (worded != null && !worded.equalsIgnoreCase(letter)) {
                    // The letter of one option with the wording of another.
                    several = true;
                    return;
                }
                if (worded == null && options.isDenied(letter.toUpperCase(Locale.ROOT), rest)) {
                    denied = true;
                    return;
                }
                if (worded == null && namesAnotherItem(rest, letter)) {
                    several = true;
                    return;
                }
                add(line, 0, letter, start.end());
            } else if (line.length() > 2 && Character.isUpperCase(line.charAt(0))
                    && line.substring(0, 1).equals(options.letterOfLine(line, 1))) {
                letters.add(line.substring(0, 1));
            }
        }

        /// Whether a line goes on with another option: "A) ... B) ...".
        private static boolean namesAnotherItem(String rest, String letter) {
            for (Matcher item = ANOTHER_ITEM.matcher(rest); item.find();) {
                if (!item.group(1).equalsIgnoreCase(letter)) {
                    return true;
                }
            }
            return false;
        }

        private void add(String text, int start, String letter, int end) {
            if (Clause.deniesBefore(text, start) || Clause.deniesAfter(text, end)
                    || QUESTIONED.matcher(text).region(end, text.length()).lookingAt()) {
                denied = true;
            } else if (LISTED.matcher(text).region(end, text.length()).useTransparentBounds(true).lookingAt()) {
                several = true;
            } else {
                letters.add(letter.toUpperCase(Locale.ROOT));
            }
        }
    }
}
