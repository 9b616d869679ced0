package io.turnstream.importer.reading;

import io.turnstream.benchmark.StepKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A dialogue as it was recorded: three rounds, the questions that were asked about it, and the judge's raw text.
///
/// @param rounds three; an answer can be empty, as it was recorded
/// @param questions each with its raw answer
/// @param verdict the judge's raw text, possibly empty; null where no verdict was recorded
public record RecordedDialogue(DialogueKey key, List<Round> rounds, List<RecordedQuestion> questions,
        @Nullable String verdict) {

    /// Rounds of a dialogue.
    public static final int ROUNDS = 3;

    public RecordedDialogue {
        rounds = List.copyOf(rounds);
        questions = List.copyOf(questions);
        if (rounds.size() != ROUNDS) {
            throw new IllegalArgumentException(key + " has " + rounds.size() + " rounds");
        }
    }

    /// What the user said and what the model answered.
    public record Round(String user, String answer) {

        /// Lengths only.
        @Override
        public String toString() {
            return "Round[user %d, answer %d characters]".formatted(user.length(), answer.length());
        }
    }

    /// A question with its raw answer.
    ///
    /// @param step `mcq-0..` or `tf-0..`: its place in the row of the data set
    /// @param questionType as recorded; `tf` for true/false statements
    /// @param options lettered A, B, .. in this order; empty for true/false
    /// @param groundTruth the right letter, or `true` or `false`
    /// @param answer raw; can be empty, as it was recorded
    public record RecordedQuestion(
            String step, StepKind kind, String questionType, String text, List<String> options, String groundTruth,
            String answer) {

        public RecordedQuestion {
            options = List.copyOf(options);
            if (!kind.isQuestion()) {
                throw new IllegalArgumentException(kind + " is no question");
            }
        }

        /// The step only.
        @Override
        public String toString() {
            return "RecordedQuestion[" + step + ']';
        }
    }

    /// The dialogue as of a data set, with the judge's text that belongs to it.
    RecordedDialogue withVerdict(@Nullable String text) {
        return new RecordedDialogue(key, rounds, questions, text);
    }

    @Override
    public String toString() {
        return "RecordedDialogue[" + key + ", " + questions.size() + " questions]";
    }
}
