package io.turnstream.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A dialogue that a prompt carries as text, told apart from the rest of the prompt.
///
/// Protocol packs write transcripts in their own ways, so the reading is tolerant. Turns between tags, such as
/// `<user-1-9f2c> ... </user-1-9f2c>`, are taken whole, whatever they hold. Where there are none, a turn begins at a
/// line such as `User: ...`, `[R1] User: ...`, `**User (round 3):** ...` or `[user 1]` and goes on until the next turn
/// or until a line that closes the transcript: a tag, a rule, a heading, or `Question:`, `Statement:` and the like.
///
/// @param turns  the turns in order
/// @param rest   the prompt without them
/// @param tagged whether the turns stood between tags
record Transcript(List<Turn> turns, String rest, boolean tagged) {

    private static final Pattern TAGGED = Pattern.compile(
            "<(?<tag>(?<role>user|human|assistant|model)\\b[\\w.:-]*)[^>]*>(?<text>.*?)</\\k<tag>>",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern LABELLED = Pattern.compile(
            "^[\\s\\[(*#>|-]*(?:(?:r|round|turn)[\\s#]*\\d+[\\s\\])*:.,|/-]*)?"
                    + "(?<role>user|human|assistant|model)\\b"
                    + "(?:[\\s(\\[,#-]*(?:(?:r|round|turn)?[\\s#]*\\d+)[)\\],]*)?"
                    + "[\\s\\])*]*(?::|\\]|>|\\|)[\\s*]*(?<text>.*)$",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern BOUNDARY = Pattern.compile(
            "^\\s*(?:</?[a-z_-]+[^>]*>\\s*$|[-=*_~`#<>]{3,}|#+\\s|\\W*(?:end|begin|start)\\b.*\\b(?:transcript|conversation|dialogue)\\b"
                    + "|\\W*(?:question|statement|options|task|caption|answer|instructions?|true or false)\\b.{0,20}:).*$",
            Pattern.CASE_INSENSITIVE);

    Transcript {
        turns = List.copyOf(turns);
    }

    /// One turn of a dialogue.
    record Turn(boolean user, String text) {}

    /// One round: what the user said and what the assistant answered, which is empty if it did not.
    record Round(String user, String assistant) {}

    static Transcript in(String prompt) {
        Transcript tagged = tagged(prompt);
        return tagged.turns.isEmpty() ? labelled(prompt) : tagged;
    }

    static Transcript tagged(String prompt) {
        List<Turn> turns = new ArrayList<>();
        StringBuilder rest = new StringBuilder();
        Matcher turn = TAGGED.matcher(prompt);
        int end = 0;
        while (turn.find()) {
            turns.add(new Turn(isUser(turn.group("role")), turn.group("text").strip()));
            rest.append(prompt, end, turn.start());
            end = turn.end();
        }
        return new Transcript(turns, rest.append(prompt, end, prompt.length()).toString(), true);
    }

    private static Transcript labelled(String prompt) {
        List<Turn> turns = new ArrayList<>();
        StringBuilder rest = new StringBuilder();
        StringBuilder open = null;
        boolean user = false;
        for (String line : prompt.split("\n", -1)) {
            Matcher turn = LABELLED.matcher(line);
            if (turn.matches()) {
                close(turns, open, user);
                user = isUser(turn.group("role"));
                open = new StringBuilder(turn.group("text"));
            } else if (open != null && !BOUNDARY.matcher(line).matches()) {
                open.append('\n').append(line);
            } else {
                close(turns, open, user);
                open = null;
                rest.append(line).append('\n');
            }
        }
        close(turns, open, user);
        return new Transcript(turns, rest.toString(), false);
    }

    List<String> userTurns() {
        return turns.stream().filter(Turn::user).map(Turn::text).toList();
    }

    List<Round> rounds() {
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i).user()) {
                boolean answered = i + 1 < turns.size() && !turns.get(i + 1).user();
                rounds.add(new Round(turns.get(i).text(), answered ? turns.get(i + 1).text() : ""));
            }
        }
        return rounds;
    }

    private static boolean isUser(String role) {
        String lower = role.toLowerCase(Locale.ROOT);
        return lower.equals("user") || lower.equals("human");
    }

    private static void close(List<Turn> turns, @Nullable StringBuilder open, boolean user) {
        if (open != null) {
            turns.add(new Turn(user, open.toString().strip()));
        }
    }
}
