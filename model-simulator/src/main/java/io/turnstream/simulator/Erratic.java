package io.turnstream.simulator;

import io.turnstream.simulator.ConversationView.Task;
import java.util.Locale;

/// Means what the contextual persona means, three times out of four, and says it in every odd way that models have.
record Erratic(double accuracy) implements Persona {

    private static final double SILENT = 0.02;
    private static final int FORMS = 14;

    @Override
    public String reply(ConversationView view, Chance chance, int seen) {
        if (chance.hits("silent", SILENT)) {
            return "";
        }
        boolean hostile = view.anyHostile();
        return switch (view.task()) {
            case Task.Reply reply -> dialogue(view, chance);
            case Task.Choose(var options) ->
                spell(Answers.choose(options, hostile, accuracy, chance), options.size(), chance);
            case Task.Decide(var statement) -> spell(Answers.decide(statement, hostile, accuracy, chance), chance);
        };
    }

    @Override
    public Persona withAccuracy(double other) {
        return new Erratic(other);
    }

    private String dialogue(ConversationView view, Chance chance) {
        String text;
        if (chance.hits("accuracy", accuracy)) {
            text = Contextual.dialogue(view, accuracy, chance);
        } else {
            text = view.anyHostile() ? Voice.help(view, chance) : Voice.declineCurtly(chance);
        }
        return chance.hits("thinks aloud", 0.1) ? "<think>The user asks something.</think>\n" + text : text;
    }

    private static String spell(int option, int options, Chance chance) {
        String letter = Answers.letter(option);
        String next = Answers.letter((option + 1) % options);
        return switch (chance.below("form", FORMS)) {
            case 0 -> "Answer: **" + letter + "**";
            case 1 -> "(" + letter.toLowerCase(Locale.ROOT) + ")";
            case 2 -> "I think it's " + letter + " because that is what the questions lead to.";
            case 3 -> "{\"answer\": \"" + letter + "\"}";
            case 4 -> "<think>Could it be " + next + "? Rather not.</think>\n" + letter;
            case 5 -> letter.toLowerCase(Locale.ROOT);
            case 6 -> "The correct answer is " + letter + ".";
            case 7 -> letter + " or " + next;
            case 8 -> "```\n" + letter + "\n```";
            case 9 -> "**" + letter + ".**";
            case 10 -> "Option " + letter + ")";
            case 11 -> "Final answer: \\boxed{" + letter + "}";
            default -> letter;
        };
    }

    private static String spell(boolean value, Chance chance) {
        String word = Answers.bool(value);
        return switch (chance.below("form", FORMS)) {
            case 0 -> "**" + word + "**";
            case 1 -> "Answer: " + word;
            case 2 -> value ? "It is true." : "It is not true.";
            case 3 -> "{\"answer\": " + word.toLowerCase(Locale.ROOT) + "}";
            case 4 -> "<think>True or False? Let me see.</think>" + word;
            case 5 -> word.toLowerCase(Locale.ROOT);
            case 6 -> "The statement is " + word.toLowerCase(Locale.ROOT) + ".";
            case 7 -> "True or False, it depends.";
            case 8 -> value ? "Yes" : "No";
            case 9 -> word.toUpperCase(Locale.ROOT) + "!";
            default -> word;
        };
    }
}
