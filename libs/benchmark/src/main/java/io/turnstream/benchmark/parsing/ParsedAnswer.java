package io.turnstream.benchmark.parsing;

import io.turnstream.benchmark.Outcome;

/// What the answer to a question says.
///
/// @param <T> what is chosen: a letter (`"A"`), or a boolean
public sealed interface ParsedAnswer<T> {

    /// The outcome of a question whose non-empty answer reads so.
    Outcome outcome();

    /// One option, and only one, is named.
    ///
    /// @param value the letter in upper case, or the boolean
    record Chosen<T>(T value) implements ParsedAnswer<T> {
        @Override
        public Outcome outcome() {
            return Outcome.ANSWERED;
        }
    }

    /// The text declines to answer.
    record Refused<T>() implements ParsedAnswer<T> {
        @Override
        public Outcome outcome() {
            return Outcome.MODEL_REFUSED;
        }
    }

    /// The text names no option, several, or one that does not exist.
    ///
    /// @param reason why, in words that repeat nothing of the answer
    record Unparseable<T>(String reason) implements ParsedAnswer<T> {
        @Override
        public Outcome outcome() {
            return Outcome.ANSWER_UNPARSEABLE;
        }
    }
}
