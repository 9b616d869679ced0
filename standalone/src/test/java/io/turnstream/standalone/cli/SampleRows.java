package io.turnstream.standalone.cli;

import io.turnstream.projection.document.DialogueSubject;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.document.ScoredStep.Contribution;
import org.jspecify.annotations.Nullable;

/// Score rows of multimodal dialogues of split A, one image per data set row.
final class SampleRows {

    private SampleRows() {}

    /// A verdict of a set on an unsafe dialogue; null for one that could not be read.
    static ScoredStep verdict(String run, int row, String set, @Nullable Integer score) {
        return step(run, row, "unsafe", "judge", "judge", set, score == null ? "judge_unparseable" : "judged",
                new Contribution(score != null, score == null ? 0 : score));
    }

    /// An answer to a multiple-choice question about a safe dialogue.
    static ScoredStep question(String run, int row, boolean right) {
        return step(run, row, "safe", "mcq-0", "mcq", null, "answered", new Contribution(true, right ? 1 : 0));
    }

    private static ScoredStep step(String run, int row, String intent, String step, String kind, @Nullable String set,
            String outcome, Contribution value) {
        String dialogue = run + "/type_a/" + row + "/multimodal/" + intent + "/v0/e1";
        DialogueSubject subject = new DialogueSubject(run, dialogue, "type_a", row, "multimodal", intent, 0, 1, "Drugs",
                "image-" + row);
        return new ScoredStep(dialogue + '#' + step + (set == null ? "" : ":" + set), 1, subject, step, kind, set,
                outcome, value, value, 1, 1, 1, null);
    }
}
