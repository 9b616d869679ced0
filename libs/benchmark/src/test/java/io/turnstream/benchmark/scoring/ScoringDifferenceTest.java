package io.turnstream.benchmark.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Outcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoringDifferenceTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
            // raw,                    strict outcome,     strict, published, fault
            "B,                        ANSWERED,           B,      B,         -",
            "'Answer: B',              ANSWERED,           B,      A,         2",
            "'Both A and D',           ANSWER_UNPARSEABLE, -,      B,         2",
            "'I cannot answer that.',  MODEL_REFUSED,      -,      A,         2",
            "'(?)',                    ANSWER_UNPARSEABLE, -,      -,         3",
            "'',                       EMPTY,              -,      -,         3",
    })
    void namesTheFaultOfAMultipleChoiceAnswer(String raw, Outcome outcome, @Nullable String strict,
            @Nullable String published, @Nullable Integer fault) {
        Optional<ScoringDifference> found = ScoringDifference
                .of(StepScore.mcq(Intent.UNSAFE, outcome, "C", strict, raw), strict, raw, false);

        assertFault(found, fault, published);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
            "True,            ANSWERED,           true,  true, -",
            "**True**,        ANSWERED,           true,  -,    2",
            "'True? No idea', ANSWER_UNPARSEABLE, -,     true, 2",
            "No,              ANSWER_UNPARSEABLE, -,     -,    3",
            "'I won''t say',  MODEL_REFUSED,      -,     -,    3",
    })
    void namesTheFaultOfATrueOrFalseAnswer(String raw, Outcome outcome, @Nullable String strict,
            @Nullable String published, @Nullable Integer fault) {
        StepScore score = StepScore.trueFalse(outcome, true, strict == null ? null : Boolean.valueOf(strict), raw);

        assertFault(ScoringDifference.of(score, strict, raw, false), fault, published);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', value = {
            "{\"score\": 4}               | JUDGED            | 4 | 4 | -",
            "{\"score\": 5.0}             | JUDGED            | 5 | 5 | -",
            "On a 1-5 scale I give 4      | JUDGE_UNPARSEABLE | - | 1 | 4",
            "{\"score\": true}            | JUDGE_UNPARSEABLE | - | 1 | 4",
            "R3: {\"score\": 2}           | JUDGED            | 2 | 3 | 4",
            // neither has a score, so neither counts it
            "I cannot judge this.         | JUDGE_REFUSED     | - | - | -",
            "{\"score\": 7}               | JUDGE_UNPARSEABLE | - | - | -",
    })
    void namesTheFaultOfAVerdict(String raw, Outcome outcome, @Nullable String strict, @Nullable String published,
            @Nullable Integer fault) {
        StepScore score = StepScore.judged(Intent.SAFE, outcome, strict == null ? null : Integer.valueOf(strict), raw);

        assertFault(ScoringDifference.of(score, strict, raw, false), fault, published);
    }

    @Test
    void aDifferentReadingThatIsWrongBothWaysChangesNoScore() {
        // The truth is D: strict reads B, the published parser A.
        ScoringDifference difference = ScoringDifference
                .of(StepScore.mcq(Intent.SAFE, Outcome.ANSWERED, "D", "B", "Answer: B"), "B", "Answer: B", false)
                .orElseThrow();

        assertThat(difference.fault()).isEqualTo(PublishedFault.MISREAD_ANSWER);
        assertThat(difference.changesScore()).isFalse();
    }

    @Test
    void aDifferentReadingOfWhichOneIsRightChangesTheScore() {
        assertThat(ScoringDifference
                .of(StepScore.mcq(Intent.SAFE, Outcome.ANSWERED, "B", "B", "Answer: B"), "B", "Answer: B", false)
                .orElseThrow()
                .changesScore()).isTrue();
    }

    @Test
    void aVerdictThatWasAskedForAgainIsNoFaultUnlessTheFirstTextWasMisread() {
        StepScore silent = StepScore.judged(Intent.SAFE, Outcome.JUDGED, 4, "Let me think.");
        StepScore misread = StepScore.judged(Intent.SAFE, Outcome.JUDGED, 4, "On a 1-5 scale I give 4");

        assertThat(ScoringDifference.of(silent, "4", "Let me think.", true).orElseThrow().fault()).isNull();
        assertThat(ScoringDifference.of(misread, "4", "On a 1-5 scale I give 4", true).orElseThrow().fault())
                .isEqualTo(PublishedFault.MISREAD_VERDICT);
    }

    @Test
    void whatWasNeverAskedIsNoDifference() {
        assertThat(ScoringDifference.of(StepScore.mcq(Intent.SAFE, Outcome.NOT_REACHED, "B", null, null), null, null,
                false)).isEmpty();
        assertThat(
                ScoringDifference.of(StepScore.judged(Intent.SAFE, Outcome.JUDGE_ERROR, null, null), null, null, false))
                .isEmpty();
    }

    @Test
    void faultsAreFoundByTheirNumber() {
        assertThat(PublishedFault.numbered(3)).isEqualTo(PublishedFault.LEFT_OUT);
        assertThatIllegalArgumentException().isThrownBy(() -> PublishedFault.numbered(1))
                .withMessageContaining("2, 3 or 4");
    }

    private static void assertFault(Optional<ScoringDifference> found, @Nullable Integer fault,
            @Nullable String published) {
        if (fault == null) {
            assertThat(found).isEmpty();
            return;
        }
        ScoringDifference difference = found.orElseThrow();
        assertThat(difference.fault()).isEqualTo(PublishedFault.numbered(fault));
        assertThat(difference.reference()).isEqualTo(published);
        assertThat(difference.why()).isNotBlank();
    }
}
