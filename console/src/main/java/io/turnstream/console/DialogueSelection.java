package io.turnstream.console;

import io.turnstream.projection.document.DialogueSubject;
import io.turnstream.projection.document.ScoredStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which dialogues of a run somebody means: terms `field=value`, all of which must hold, separated by blanks; several
/// values of a field, separated by commas, of which one must; `!=` for none of them. Values with blanks stand in double
/// quotes.
///
/// ```
/// split=type_a intent=unsafe              unsafe dialogues of type A
/// outcome=judge_unparseable,judge_error   what the run's own judge left without a score
/// score=1,2 category!="Fraud"             low scores of the run's own judge, one category aside
/// ```
///
/// Fields are `split`, `modality`, `intent`, `row`, `variant`, `epoch`, `category`, `dialogue`, and of the run's own
/// verdict `outcome` and `score`.
public final class DialogueSelection {

    private static final Map<String, Function<Facts, @Nullable String>> FIELDS = new TreeMap<>(Map.of(
            "split", facts -> facts.subject().split(),
            "modality", facts -> facts.subject().modality(),
            "intent", facts -> facts.subject().intent(),
            "row", facts -> Integer.toString(facts.subject().rowId()),
            "variant", facts -> Integer.toString(facts.subject().imageVariant()),
            "epoch", facts -> Integer.toString(facts.subject().epoch()),
            "category", facts -> facts.subject().category(),
            "dialogue", facts -> facts.subject().dialogueId(),
            "outcome", Facts::outcome,
            "score", Facts::score));

    private final List<Term> terms;

    private record Term(String field, boolean negated, Set<String> values) {

        boolean holds(Facts facts) {
            String value = FIELDS.get(field).apply(facts);
            return (value != null && values.contains(value.toLowerCase(Locale.ROOT))) != negated;
        }
    }

    /// What is known of one dialogue.
    private record Facts(DialogueSubject subject, @Nullable String outcome, @Nullable String score) {}

    private DialogueSelection(List<Term> terms) {
        this.terms = terms;
    }

    /// Reads an expression.
    ///
    /// @throws UnacceptableRunException saying what is wrong with it
    public static DialogueSelection parse(String expression) {
        List<Term> terms = new ArrayList<>();
        for (String word : words(expression)) {
            int equals = word.indexOf('=');
            boolean negated = equals > 0 && word.charAt(equals - 1) == '!';
            String field = equals < 0
                    ? word
                    : word.substring(0, negated ? equals - 1 : equals).toLowerCase(Locale.ROOT);
            if (equals < 1 || equals == word.length() - 1) {
                throw wrong("'" + word + "' is no term",
                        "Write field=value, such as split=type_a or outcome=judge_unparseable,judge_error.");
            }
            if (!FIELDS.containsKey(field)) {
                throw wrong("there is no field '" + field + "'",
                        "There are " + String.join(", ", FIELDS.keySet()) + ".");
            }
            terms.add(
                    new Term(field, negated, Set.of(word.substring(equals + 1).toLowerCase(Locale.ROOT).split(",+"))));
        }
        if (terms.isEmpty()) {
            throw wrong("the expression is empty", "Leave it out for all dialogues.");
        }
        return new DialogueSelection(terms);
    }

    /// The ids of the dialogues that a run's rows speak of and that are meant, in their order.
    ///
    /// @param rows gives each of the run's score rows
    /// @param ownSet the judgement set of the run's own judge; null for none
    List<String> dialogues(Consumer<Consumer<ScoredStep>> rows, @Nullable String ownSet) {
        Map<String, Facts> dialogues = new TreeMap<>();
        rows.accept(row -> {
            String id = row.subject().dialogueId();
            dialogues.putIfAbsent(id, new Facts(row.subject(), null, null));
            if (row.judgementSetId() != null && row.judgementSetId().equals(ownSet)) {
                String score = row.corrected().counted() ? Integer.toString(row.corrected().value()) : null;
                dialogues.put(id, new Facts(row.subject(), row.outcome(), score));
            }
        });
        return dialogues.entrySet().stream()
                .filter(entry -> terms.stream().allMatch(term -> term.holds(entry.getValue())))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<String> words(String expression) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (char c : (expression + ' ').toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && Character.isWhitespace(c)) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                word.append(c);
            }
        }
        if (quoted) {
            throw wrong("a quote is not closed", "Close it: category=\"Self Harm\".");
        }
        return words;
    }

    private static UnacceptableRunException wrong(String what, String remedy) {
        return new UnacceptableRunException(what, "select", remedy);
    }

    /// The fields that are known, for help texts.
    public static Set<String> fields() {
        return new TreeSet<>(FIELDS.keySet());
    }
}
