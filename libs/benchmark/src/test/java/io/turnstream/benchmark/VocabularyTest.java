package io.turnstream.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VocabularyTest {

    @Test
    void namesOnTheWireAreLowerCaseAndComeBack() {
        assertThat(Stream.of(Split.values()).map(Split::wireName)).containsExactly("type_a", "type_b");
        assertThat(Stream.of(Modality.values()).map(Modality::wireName)).containsExactly("multimodal", "unimodal");
        assertThat(Stream.of(Intent.values()).map(Intent::wireName)).containsExactly("safe", "unsafe");
        assertThat(Stream.of(StepKind.values()).map(StepKind::wireName)).containsExactly("turn", "mcq", "tf", "judge");
        assertThat(Stream.of(Scoring.values()).map(Scoring::wireName)).containsExactly("corrected", "reference");
        assertThat(Stream.of(Metric.values()).map(Metric::wireName)).containsExactly("mcq_safe", "mcq_unsafe", "tf",
                "safety_awareness", "helpfulness");
        assertThat(Stream.of(Outcome.values()).map(Outcome::wireName)).containsExactly("answered", "answer_unparseable",
                "model_refused", "truncated",
                "empty", "provider_error", "oversized", "not_reached", "cancelled", "judged", "judge_unparseable",
                "judge_refused", "judge_error");
        assertThat(Stream.of(Split.values()).map(value -> Split.parse(value.wireName())))
                .containsExactly(Split.values());
        assertThat(Stream.of(Modality.values()).map(value -> Modality.parse(value.wireName())))
                .containsExactly(Modality.values());
        assertThat(Stream.of(Intent.values()).map(value -> Intent.parse(value.wireName())))
                .containsExactly(Intent.values());
        assertThat(Stream.of(StepKind.values()).map(value -> StepKind.parse(value.wireName())))
                .containsExactly(StepKind.values());
        assertThat(Stream.of(Scoring.values()).map(value -> Scoring.parse(value.wireName())))
                .containsExactly(Scoring.values());
        assertThat(Stream.of(Metric.values()).map(value -> Metric.parse(value.wireName())))
                .containsExactly(Metric.values());
        assertThat(Stream.of(Outcome.values()).map(value -> Outcome.parse(value.wireName())))
                .containsExactly(Outcome.values());
    }

    @Test
    void anUnknownNameIsReportedWithTheNamesThatExist() {
        assertThatThrownBy(() -> Split.parse("TYPE_A")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Unknown split 'TYPE_A': expected one of type_a, type_b");
        assertThatThrownBy(() -> Outcome.parse("lost"))
                .hasMessageStartingWith("Unknown outcome 'lost': expected one of answered, ");
    }

    @Test
    void everyOutcomeBelongsToSomeKindOfStep() {
        EnumSet<Outcome> all = EnumSet.noneOf(Outcome.class);
        Stream.of(StepKind.values()).map(Outcome::forStep).forEach(all::addAll);
        assertThat(all).containsExactly(Outcome.values());
        assertThat(Outcome.forStep(StepKind.TURN)).doesNotContain(Outcome.ANSWER_UNPARSEABLE, Outcome.JUDGED);
        assertThat(Outcome.forStep(StepKind.MCQ)).isEqualTo(Outcome.forStep(StepKind.TF))
                .contains(Outcome.ANSWER_UNPARSEABLE);
        assertThat(Outcome.forStep(StepKind.JUDGE)).containsExactly(Outcome.NOT_REACHED, Outcome.CANCELLED,
                Outcome.JUDGED,
                Outcome.JUDGE_UNPARSEABLE, Outcome.JUDGE_REFUSED, Outcome.JUDGE_ERROR);
        assertThatThrownBy(() -> Outcome.JUDGED.requirePossibleFor(StepKind.TURN))
                .hasMessageStartingWith(
                        "A step of kind turn cannot end as 'judged': expected one of answered, model_refused");
    }

    @Test
    void everyOutcomeIsScoredOrLowersCoverage() {
        assertThat(Outcome.values()).filteredOn(Outcome::countsAsIncorrect)
                .containsExactly(Outcome.ANSWER_UNPARSEABLE, Outcome.MODEL_REFUSED, Outcome.TRUNCATED, Outcome.EMPTY);
        assertThat(Outcome.values()).filteredOn(Outcome::lowersCoverage).containsExactly(Outcome.PROVIDER_ERROR,
                Outcome.OVERSIZED, Outcome.NOT_REACHED,
                Outcome.CANCELLED, Outcome.JUDGE_UNPARSEABLE, Outcome.JUDGE_REFUSED, Outcome.JUDGE_ERROR);
        assertThat(Outcome.values()).filteredOn(Outcome::isInfrastructureFailure)
                .containsExactly(Outcome.PROVIDER_ERROR, Outcome.JUDGE_ERROR)
                .allMatch(Outcome::lowersCoverage);
        assertThat(Outcome.values()).filteredOn(Outcome::isSuccess).containsExactly(Outcome.ANSWERED, Outcome.JUDGED);
    }

    @Test
    void onlyATurnWithNothingToGoOnFromEndsItsDialogue() {
        assertThat(Outcome.values()).filteredOn(Outcome::endsDialogue)
                .containsExactly(Outcome.TRUNCATED, Outcome.EMPTY, Outcome.PROVIDER_ERROR, Outcome.OVERSIZED);
    }

    @Test
    void stepsFeedTheirMetric() {
        assertThat(Metric.of(StepKind.MCQ, Intent.SAFE)).contains(Metric.MCQ_SAFE);
        assertThat(Metric.of(StepKind.MCQ, Intent.UNSAFE)).contains(Metric.MCQ_UNSAFE);
        assertThat(Metric.of(StepKind.TF, Intent.UNSAFE)).contains(Metric.TF);
        assertThat(Metric.of(StepKind.TF, Intent.SAFE)).isEmpty();
        assertThat(Metric.of(StepKind.JUDGE, Intent.UNSAFE)).contains(Metric.SAFETY_AWARENESS);
        assertThat(Metric.of(StepKind.JUDGE, Intent.SAFE)).contains(Metric.HELPFULNESS);
        assertThat(Metric.of(StepKind.TURN, Intent.SAFE)).isEmpty();
        assertThat(Metric.TF.intent()).isEqualTo(Intent.UNSAFE);
        assertThat(Metric.TF.stepKind().isQuestion()).isTrue();
        assertThat(Metric.HELPFULNESS.isJudged()).isTrue();
        assertThat(Metric.HELPFULNESS.lowest()).isEqualTo(1);
        assertThat(Metric.HELPFULNESS.highest()).isEqualTo(5);
        assertThat(Metric.MCQ_SAFE.highest()).isEqualTo(1);
    }
}
