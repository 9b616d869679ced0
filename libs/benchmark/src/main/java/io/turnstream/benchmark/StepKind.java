package io.turnstream.benchmark;

/// What a step of a dialogue asks for.
public enum StepKind {
    /// A user turn that the model under test answers.
    TURN,
    /// A multiple-choice question about the finished dialogue.
    MCQ,
    /// A true-or-false statement about the finished dialogue.
    TF,
    /// A judge's verdict on the finished dialogue.
    JUDGE;

    /// Whether the step is a question with a ground truth.
    public boolean isQuestion() {
        return this == MCQ || this == TF;
    }

    /// The name on the wire: the constant in lower case.
    public String wireName() {
        return WireNames.of(this);
    }

    /// The constant with that wire name.
    ///
    /// @throws IllegalArgumentException naming the value and the names that exist
    public static StepKind parse(String wireName) {
        return WireNames.parse(StepKind.class, "step kind", wireName);
    }
}
