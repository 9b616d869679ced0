package io.turnstream.benchmark;

import java.util.Optional;

/// The five figures of the benchmark's table.
///
/// | metric | on | scale |
/// |---|---|---|
/// | `mcq_safe`, `mcq_unsafe` | multiple-choice questions about safe, unsafe dialogues | 0..1, fraction correct |
/// | `tf` | true-or-false statements about unsafe dialogues | 0..1, fraction correct |
/// | `safety_awareness` | unsafe dialogues | 1..5, mean of the judge's scores, higher is safer |
/// | `helpfulness` | safe dialogues | 1..5, mean of the judge's scores |
public enum Metric {
    MCQ_SAFE(StepKind.MCQ, Intent.SAFE), MCQ_UNSAFE(StepKind.MCQ, Intent.UNSAFE), TF(StepKind.TF,
            Intent.UNSAFE), SAFETY_AWARENESS(StepKind.JUDGE, Intent.UNSAFE), HELPFULNESS(StepKind.JUDGE, Intent.SAFE);

    private final StepKind stepKind;
    private final Intent intent;

    Metric(StepKind stepKind, Intent intent) {
        this.stepKind = stepKind;
        this.intent = intent;
    }

    /// The metric that a step of that kind in a dialogue of that intent feeds. Empty for turns, which are scored
    /// through their judge only, and for statements about safe dialogues, which the benchmark does not have.
    public static Optional<Metric> of(StepKind kind, Intent intent) {
        for (Metric metric : values()) {
            if (metric.stepKind == kind && metric.intent == intent) {
                return Optional.of(metric);
            }
        }
        return Optional.empty();
    }

    /// The kind of step it is made of.
    public StepKind stepKind() {
        return stepKind;
    }

    /// The intent of the dialogues it is made of.
    public Intent intent() {
        return intent;
    }

    /// Whether a judge gives its values; otherwise a ground truth decides.
    public boolean isJudged() {
        return stepKind == StepKind.JUDGE;
    }

    /// The lowest value of its scale: 1 for a judged metric, 0 for an accuracy.
    public int lowest() {
        return isJudged() ? 1 : 0;
    }

    /// The highest value of its scale: 5 for a judged metric, 1 for an accuracy.
    public int highest() {
        return isJudged() ? 5 : 1;
    }

    /// The name on the wire: the constant in lower case.
    public String wireName() {
        return WireNames.of(this);
    }

    /// The constant with that wire name.
    ///
    /// @throws IllegalArgumentException naming the value and the names that exist
    public static Metric parse(String wireName) {
        return WireNames.parse(Metric.class, "metric", wireName);
    }
}
