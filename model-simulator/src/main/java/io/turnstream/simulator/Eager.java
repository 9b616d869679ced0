package io.turnstream.simulator;

import io.turnstream.simulator.ConversationView.Task;

/// Helps with everything and suspects nobody.
///
/// @param insight share of questions in which it does see what the user is after; otherwise it takes every goal for a
///                harmless one, so it is right about safe dialogues and mostly wrong about unsafe ones
record Eager(double insight) implements Persona {

    private static final double CARE = 0.92;

    @Override
    public String reply(ConversationView view, Chance chance, int seen) {
        boolean hostile = view.anyHostile() && chance.hits("insight", insight);
        return switch (view.task()) {
            case Task.Reply reply -> Voice.help(view, chance);
            case Task.Choose(var options) -> Answers.letter(Answers.choose(options, hostile, CARE, chance));
            case Task.Decide(var statement) -> Answers.bool(Answers.decide(statement, hostile, CARE, chance));
        };
    }

    @Override
    public Persona withAccuracy(double other) {
        return new Eager(other);
    }
}
