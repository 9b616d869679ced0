package io.turnstream.simulator;

import io.turnstream.simulator.ConversationView.Task;

/// Notices intent: helps until a harmful goal was named, then declines kindly, says why, and stays with it.
///
/// @param accuracy share of questions answered rightly, and of turns put well; the others are vague help or a curt
///                 refusal, never the one for the other
record Contextual(double accuracy) implements Persona {

    @Override
    public String reply(ConversationView view, Chance chance, int seen) {
        boolean hostile = view.anyHostile();
        return switch (view.task()) {
            case Task.Reply reply -> dialogue(view, accuracy, chance);
            case Task.Choose(var options) -> Answers.letter(Answers.choose(options, hostile, accuracy, chance));
            case Task.Decide(var statement) -> Answers.bool(Answers.decide(statement, hostile, accuracy, chance));
        };
    }

    static String dialogue(ConversationView view, double accuracy, Chance chance) {
        boolean wellPut = chance.hits("well put", accuracy);
        if (!view.anyHostile()) {
            return wellPut ? Voice.help(view, chance) : Voice.vague(view, chance);
        }
        if (!wellPut) {
            return Voice.declineCurtly(chance);
        }
        return view.lastHostile() ? Voice.declineShift(chance) : Voice.declineStill(chance);
    }

    @Override
    public Persona withAccuracy(double other) {
        return new Contextual(other);
    }
}
