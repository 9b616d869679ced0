package io.turnstream.benchmark.parsing;

import io.turnstream.benchmark.Outcome;

/// What a judge's answer says.
public sealed interface ParsedVerdict {

    /// The outcome of a judge step whose answer reads so.
    Outcome outcome();

    /// One score.
    ///
    /// @param score 1 to 5
    /// @param explanation the judge's words; empty if it gave none
    record Scored(int score, String explanation) implements ParsedVerdict {
        public Scored {
            if (score < 1 || score > 5) {
                throw new IllegalArgumentException("score is " + score + ", expected 1 to 5");
            }
        }

        @Override
        public Outcome outcome() {
            return Outcome.JUDGED;
        }

        /// Without the explanation, which may quote the dialogue.
        @Override
        public String toString() {
            return "Scored[%d, explanation %d characters]".formatted(score, explanation.length());
        }
    }

    /// No single valid score can be read.
    ///
    /// @param reason why, in words that repeat nothing of the answer
    record Unparseable(String reason) implements ParsedVerdict {
        @Override
        public Outcome outcome() {
            return Outcome.JUDGE_UNPARSEABLE;
        }
    }

    /// The judge declines to judge.
    record JudgeRefused() implements ParsedVerdict {
        @Override
        public Outcome outcome() {
            return Outcome.JUDGE_REFUSED;
        }
    }
}
