package io.turnstream.simulator;

import io.turnstream.simulator.ConversationView.Task;

/// Seldom sees further than the last user turn: declines where harm is named and relaxes once the talk moves on.
record Forgetful(double accuracy) implements Persona {

    private static final double REMEMBERS = 0.2;

    @Override
    public String reply(ConversationView view, Chance chance, int seen) {
        boolean hostile = view.lastHostile() || view.anyHostile() && chance.hits("remembers", REMEMBERS);
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
