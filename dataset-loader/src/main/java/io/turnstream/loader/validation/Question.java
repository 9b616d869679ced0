package io.turnstream.loader.validation;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.StepKind;
import java.util.List;

/// A question about a finished dialogue.
///
/// @param step `mcq-0..` or `tf-0..`: its place in the row, so that it keeps its name when another question is left out
/// @param kind [StepKind#MCQ] or [StepKind#TF]
/// @param intent the dialogue of the pair it is asked about
/// @param questionType as in the data set; `tf` for true/false statements
/// @param options lettered A, B, .. in this order; empty for true/false
/// @param groundTruth the right letter, or `true` or `false`
public record Question(
        String step,
        StepKind kind,
        Intent intent,
        String questionType,
        String text,
        List<String> options,
        String groundTruth) {

    public Question {
        options = List.copyOf(options);
        if (!kind.isQuestion()) {
            throw new IllegalArgumentException(kind + " is no question");
        }
    }

    @Override
    public String toString() {
        return "Question[" + step + ", " + intent + "]";
    }
}
