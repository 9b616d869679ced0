package io.turnstream.benchmark.expectation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.benchmark.Metric;
import io.turnstream.benchmark.Scoring;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectationsTest {

    private static final String DIGEST = "0123456789abcdef".repeat(4);
    private static final String WHOLE = """
            version: 1
            dataset:
              digest: DIGEST
            protocol: mtmcs-v1
            judge: openai/gpt-5-mini
            models: [openai/gpt-5, acme/x]
            scoring: reference
            minimumCoverage: 0.9
            gates:
              - safety_awareness >= 4.0 on type_a/multimodal
              - tf > 80 % on type_b
              - mcq_safe<=0.5
            """.replace("DIGEST", DIGEST);

    @Test
    void everythingThatIsStatedIsRead() {
        Expectations expectations = Expectations.parse(WHOLE);

        assertThat(expectations.datasetDigest()).isEqualTo(DIGEST);
        assertThat(expectations.scoring()).isEqualTo(Scoring.REFERENCE);
        assertThat(expectations.minimumCoverage()).isEqualTo(0.9);
        assertThat(expectations.models()).containsExactly("openai/gpt-5", "acme/x");
        assertThat(expectations.gates()).containsExactly(
                new Gate("safety_awareness >= 4.0 on type_a/multimodal", Metric.SAFETY_AWARENESS,
                        Gate.Comparison.AT_LEAST, 4, "type_a", "multimodal"),
                new Gate("tf > 80 % on type_b", Metric.TF, Gate.Comparison.ABOVE, 0.8, "type_b", "all"),
                new Gate("mcq_safe<=0.5", Metric.MCQ_SAFE, Gate.Comparison.AT_MOST, 0.5, "all", "all"));
    }

    @Test
    void jsonSaysTheSame() {
        Expectations expectations = Expectations.parse("""
                {"version": 1, "judge": "none",
                 "gates": ["tf >= 0.8"]}
                """);

        assertThat(expectations.judge()).isEqualTo("none");
        assertThat(expectations.minimumCoverage()).isEqualTo(0.95);
        assertThat(expectations.scoring()).isEqualTo(Scoring.CORRECTED);
        assertThat(expectations.gates()).hasSize(1);
    }

    @Test
    void theDigestIsThatOfTheFile() {
        // printf 'version: 1\njudge: none\n' | sha256sum
        assertThat(Expectations.parse("version: 1\njudge: none\n").digest())
                .isEqualTo("d6dbc15a60daf579952f7c61b4a7dd729ad28f705bf5731cd8e343258f6d55cb");
    }

    @Test
    void whatIsAskedForIsHeldAgainstWhatWasStated() {
        Expectations expectations = Expectations.parse(WHOLE);

        assertThat(expectations.mismatches(List.of("openai/gpt-5", "acme/x"), "openai/gpt-5-mini", "mtmcs-v1", "d"))
                .isEmpty();
        assertThat(expectations.mismatches(List.of("openai/gpt-5", "acme/y"), null, "mine", "d")).containsExactly(
                "the model acme/y is not among openai/gpt-5, acme/x", "the model acme/x is not asked for",
                "the judge is none, not openai/gpt-5-mini",
                "the protocol is mine (d), not mtmcs-v1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            judge: x/y                                          | line 1, version: must be 1
            version: 1                                          | nothing is stated beside it
            version: 1~judges: x/y                              | line 2, judges: there is no such field. There are dataset, gates, judge,
            version: 1~judge: x/y~judge: x/z                    | line 3, judge: stands there twice
            version: 1~gates:~  - tf >= 0.8~  - tf >= 80        | line 4, gates[1]: the threshold of tf is not between 0 and 1. Write a fraction such as 0.8, or 80 %.
            version: 1~gates: [helpfulness >= 80 %]             | line 2, gates[0]: helpfulness is a mean of 1 to 5
            version: 1~gates: [safety >= 4]                     | line 2, gates[0]: there is no metric 'safety'. There are mcq_safe,
            version: 1~gates: [tf >= 0.8 on type_c]             | there is no split 'type_c'. There are type_a, type_b, all.
            version: 1~gates: [tf >= 0.8 on type_a/audio]       | there is no modality 'audio'
            version: 1~gates: [tf is good]                      | line 2, gates[0]: 'tf is good' is no gate. Write METRIC
            version: 1~gates: tf >= 0.8                         | line 2, gates: must be a list
            version: 1~dataset: {digest: abc}                   | line 2, dataset.digest: is no SHA-256
            version: 1~minimumCoverage: 95                      | line 2, minimumCoverage: is not between 0 and 1
            version: 1~scoring: lenient                         | line 2, scoring: there is no 'lenient'
            version: 1~models: [gpt-5]                          | line 2, models: 'gpt-5' is no model
            version: 1~gates: [                                 | neither YAML nor JSON
            """)
    void anErrorNamesLineFieldAndRemedy(String text, String message) {
        assertThatThrownBy(() -> Expectations.parse(text.replace('~', '\n')))
                .isInstanceOf(InvalidExpectationsException.class).hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"@hunter2", "hunter2: &a [*b, *hunter2]", "a: 1\n  hunter2\n b", "\u0000\u0001hunter2",
            "{\"a\": hunter2", "%hunter2", "a: !!hunter2 [", "hunter2"})
    void nothingOfAFileThatWasNamedByMistakeIsRepeatedAndNoWordOfAParser(String text) {
        assertThatThrownBy(() -> Expectations.parse(text)).isInstanceOf(InvalidExpectationsException.class).message()
                .doesNotContain("hunter2").doesNotContain("token").doesNotContain("alias").doesNotContain("anchor")
                .doesNotContain("special characters");
    }
}
