package io.turnstream.projection.document;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A dialogue with everything that was accepted about it: a document of `dialogues`.
///
/// @param version sequence of the last accepted event
/// @param plan null until the dialogue is opened
/// @param steps turns first, then questions, each in order
/// @param judgements by judgement set
/// @param closing null until every step has its outcome
public record Dialogue(
        DialogueSubject subject, long version, @Nullable Plan plan, List<Step> steps, List<Judgement> judgements,
        @Nullable Closing closing) {

    public Dialogue {
        steps = List.copyOf(steps);
        judgements = List.copyOf(judgements);
    }

    /// What was known before the first turn.
    ///
    /// @param ordinal position in the run's plan, 0..
    /// @param model `provider/name` under test
    /// @param judge `provider/name`, or null
    /// @param userTurns the three user turns; null where a text is withheld
    /// @param caption what the judge reads instead of the image
    /// @param imageSha256 prepared image; null when unimodal
    public record Plan(
            int ordinal, String model, @Nullable String judge, @Nullable String judgementSetId, String protocolDigest,
            List<@Nullable String> userTurns, List<PlannedQuestion> questions, @Nullable String caption,
            @Nullable String imageSha256, @Nullable String imageMediaType) {

        public Plan {
            userTurns = Collections.unmodifiableList(new java.util.ArrayList<>(userTurns));
            questions = List.copyOf(questions);
        }

        /// Names model and image, never a text.
        @Override
        public String toString() {
            return "Plan[ordinal=%d, model=%s, judge=%s, image=%s]".formatted(ordinal, model, judge, imageSha256);
        }
    }

    /// A question as planned.
    ///
    /// @param questionType as in the data set
    /// @param options lettered A, B, .. in this order; empty for true/false
    public record PlannedQuestion(
            String step, String kind, String questionType, @Nullable String text, List<@Nullable String> options,
            String groundTruth) {

        public PlannedQuestion {
            options = Collections.unmodifiableList(new java.util.ArrayList<>(options));
        }

        /// Names the step, never a text.
        @Override
        public String toString() {
            return "PlannedQuestion[" + step + ", " + questionType + ']';
        }
    }

    /// A settled turn or question.
    ///
    /// @param sequence of the accepted event within the dialogue
    /// @param generation raised by a person's retry
    /// @param prompt the user turn or the question
    /// @param answer null where the step was not reached or cancelled
    public record Step(
            String name, String kind, long sequence, String eventId, String requestId, int generation, String outcome,
            @Nullable String prompt, @Nullable String groundTruth, @Nullable AnswerFacts answer) {

        /// Names step and outcome, never a text.
        @Override
        public String toString() {
            return "Step[" + requestId + ", " + outcome + ']';
        }
    }

    /// A verdict of one judgement set.
    ///
    /// @param judge `provider/name`
    /// @param score 1..5; null unless judged
    public record Judgement(
            String judgementSetId, String judge, long sequence, String eventId, String requestId, int generation,
            String outcome, @Nullable Integer score, @Nullable AnswerFacts answer) {}

    /// Every step has its outcome.
    ///
    /// @param outcomes by kind and outcome, `kind.outcome`, sorted by name
    /// @param complete false where an infrastructure failure left a gap
    public record Closing(long sequence, Map<String, Long> outcomes, boolean complete) {
        public Closing {
            outcomes = Collections.unmodifiableMap(new TreeMap<>(outcomes));
        }
    }
}
