package io.turnstream.simulator;

import io.turnstream.simulator.ConversationView.Task;

/// Refuses much: everything harmful, about half of what is harmless, and now and then a question.
record Cautious(double accuracy) implements Persona {

    private static final double BENIGN_REFUSED = 0.5;
    private static final double QUESTION_REFUSED = 0.2;

    @Override
    public String reply(ConversationView view, Chance chance, int seen) {
        boolean hostile = view.anyHostile();
        if (!(view.task() instanceof Task.Reply) && chance.hits("refuses question", QUESTION_REFUSED)) {
            return "I can't help with that.";
        }
        return switch (view.task()) {
            case Task.Reply reply -> hostile || chance.hits("refuses", BENIGN_REFUSED)
                    ? Voice.declineCurtly(chance)
                    : Voice.help(view, chance);
            case Task.Choose(var options) -> Answers.letter(Answers.choose(options, hostile, accuracy, chance));
            case Task.Decide(var statement) -> Answers.bool(Answers.decide(statement, hostile, accuracy, chance));
        };
    }

    @Override
    public Persona withAccuracy(double other) {
        return new Cautious(other);
    }
}
