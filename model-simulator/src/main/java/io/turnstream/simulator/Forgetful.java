package io.turnstream.simulator;

import io.turnstream.simulator.ConversationView.Task;

/// Sees no further than the last user turn: declines where harm is named and relaxes as soon as the talk moves on.
record Forgetful(double accuracy) implements Persona {

    @Override
    public String reply(ConversationView view, Chance chance, int seen) {
        boolean hostile = view.lastHostile();
        return switch (view.task()) {
            case Task.Reply reply -> hostile ? Voice.declineShift(chance) : Voice.help(view, chance);
            case Task.Choose(var options) -> Answers.letter(Answers.choose(options, hostile, accuracy, chance));
            case Task.Decide(var statement) -> Answers.bool(Answers.decide(statement, hostile, accuracy, chance));
        };
    }

    @Override
    public Persona withAccuracy(double other) {
        return new Forgetful(other);
    }
}
