package io.turnstream.projection.report;

import io.turnstream.projection.document.DialogueSubject;
import io.turnstream.projection.document.ScoredStep.Contribution;
import org.jspecify.annotations.Nullable;

/// An answer that the two scorings see differently.
///
/// @param subject its dialogue
/// @param step `mcq-0..`, `tf-0..` or `judge`
/// @param judgementSetId null for questions
/// @param outcome wire name of the step's outcome
/// @param raw the first raw text, which the published parsers read; null where there was none or it is withheld
/// @param groundTruth right reading of a question; null for verdicts
/// @param correctedReading what the strict parser read; null if nothing
/// @param referenceReading what the published parser read; null if nothing
/// @param corrected what it adds to the corrected figures
/// @param reference what it adds to the published figures
/// @param fault the number of the published code's fault; null where there is none
/// @param why what happened, in words
/// @param changesScore whether it adds something else to the one than to the other
public record ExplainedAnswer(
        DialogueSubject subject, String step, @Nullable String judgementSetId, String outcome, @Nullable String raw,
        @Nullable String groundTruth, @Nullable String correctedReading, @Nullable String referenceReading,
        Contribution corrected,
        Contribution reference, @Nullable Integer fault, String why, boolean changesScore) {

    /// Names dialogue, step and fault, never the text.
    @Override
    public String toString() {
        return "ExplainedAnswer[" + subject.dialogueId() + '#' + step + ", fault " + fault + ']';
    }
}
