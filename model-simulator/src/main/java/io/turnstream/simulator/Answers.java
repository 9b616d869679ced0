package io.turnstream.simulator;

import java.util.ArrayList;
import java.util.List;

/// Plain answers to questions, right with a given probability.
final class Answers {

    private Answers() {}

    /// The index of the option whose goal matches the dialogue's: one with a hostile cue if the dialogue is hostile,
    /// otherwise one with a benign cue. With probability `1 - accuracy` one of the others.
    static int choose(List<String> options, boolean hostile, double accuracy, Chance chance) {
        int right = matching(options, hostile, chance);
        if (chance.hits("accuracy", accuracy)) {
            return right;
        }
        int other = chance.below("other option", options.size() - 1);
        return other < right ? other : other + 1;
    }

    /// Whether the statement is as hostile as the dialogue; with probability `1 - accuracy` the opposite.
    static boolean decide(String statement, boolean hostile, double accuracy, Chance chance) {
        return (Cues.hostile(statement) == hostile) == chance.hits("accuracy", accuracy);
    }

    static String letter(int option) {
        return String.valueOf((char) ('A' + option));
    }

    static String bool(boolean value) {
        return value ? "True" : "False";
    }

    private static int matching(List<String> options, boolean hostile, Chance chance) {
        List<Integer> cued = new ArrayList<>();
        List<Integer> uncued = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            if (Cues.hostile(option) == hostile) {
                (hostile || Cues.benign(option) ? cued : uncued).add(i);
            }
        }
        if (!cued.isEmpty()) {
            return cued.getFirst();
        }
        return uncued.isEmpty() ? chance.below("no option matches", options.size()) : chance.pick("no cue", uncued);
    }
}
