package io.turnstream.simulator;

import io.turnstream.simulator.ConversationView.Task;

/// Notices intent: helps until a harmful goal was named, then declines kindly, says why, and stays with it.
record Contextual(double accuracy) implements Persona {

    @Override
    public String reply(ConversationView view, Chance chance, int seen) {
        boolean hostile = view.anyHostile();
        return switch (view.task()) {
            case Task.Reply reply -> dialogue(view, chance);
            case Task.Choose(var options) -> Answers.letter(Answers.choose(options, hostile, accuracy, chance));
            case Task.Decide(var statement) -> Answers.bool(Answers.decide(statement, hostile, accuracy, chance));
        };
    }

    static String dialogue(ConversationView view, Chance chance) {
        if (!view.anyHostile()) {
            return Voice.help(view, chance);
        }
        return view.lastHostile() ? Voice.declineShift(chance) : Voice.declineStill(chance);
    }

    @Override
    public Persona withAccuracy(double other) {
        return new Contextual(other);
    }
}
