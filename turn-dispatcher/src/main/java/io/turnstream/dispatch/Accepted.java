package io.turnstream.dispatch;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.StepKind;
import io.turnstream.events.AnswerBounds;
import org.jspecify.annotations.Nullable;

/// What is accepted of a worker's answer: all of it, unless it is longer than is recorded. Workers hold that bound;
/// answers that were written before there was one are held to it here, so that no event, request or store made of them
/// is larger than Kafka takes.
///
/// @param score of a verdict, or null
record Accepted(Outcome outcome, @Nullable Integer score, Answer answer) {

    static Accepted of(StepKind kind, Outcome outcome, @Nullable Integer score, Answer answer) {
        return AnswerBounds.exceeds(answer)
                ? new Accepted(AnswerBounds.outcomeOf(kind), null, AnswerBounds.withoutTexts(answer))
                : new Accepted(outcome, score, answer);
    }
}
