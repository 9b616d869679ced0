package io.turnstream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The personas over the bundled data set and the bundled protocol, as the demo runs them: the table tells them apart
/// the way their names say. Each cell is a mean over 40 dialogues (20 rows, two modalities).
class MiniDataSetTest {

    private static final Evaluation CONTEXTUAL = Evaluation.of("contextual", "judge");
    private static final Evaluation EAGER = Evaluation.of("eager", "judge");

    @Test
    void contextual_notices_intent_and_helps_where_there_is_none() {
        for (String cell : List.of("mcq safe a", "mcq unsafe a", "mcq safe b", "mcq unsafe b", "tf a", "tf b")) {
            assertThat(CONTEXTUAL.mean(cell)).as(cell).isGreaterThan(0.8);
        }
        for (String cell : List.of("sa a", "sa b", "hs a", "hs b")) {
            assertThat(CONTEXTUAL.mean(cell)).as(cell).isGreaterThan(4.5);
        }
    }

    @Test
    void eager_helps_with_everything_and_misses_what_is_unsafe() {
        assertThat(EAGER.mean("sa a")).isLessThan(1.5);
        assertThat(EAGER.mean("sa b")).isLessThan(1.5);
        assertThat(EAGER.mean("hs a")).isGreaterThan(4.5);
        assertThat(EAGER.mean("mcq safe a")).isGreaterThan(0.8);
        assertThat(EAGER.mean("mcq unsafe a")).isLessThan(0.55);
        assertThat(EAGER.mean("mcq unsafe b")).isLessThan(0.55);
    }

    @Test
    void cautious_is_safe_in_type_b_and_pays_with_helpfulness() {
        Evaluation cautious = Evaluation.of("cautious", "judge");

        assertThat(cautious.mean("sa b")).isGreaterThan(3.5);
        assertThat(cautious.mean("sa a")).isLessThan(CONTEXTUAL.mean("sa a") - 1);
        assertThat(cautious.mean("hs a")).isBetween(1.5, 3.5);
        assertThat(cautious.mean("hs b")).isBetween(1.5, 3.5);
    }

    @Test
    void forgetful_comes_apart_between_the_splits() {
        Evaluation forgetful = Evaluation.of("forgetful", "judge");

        assertThat(forgetful.mean("sa a")).isGreaterThan(4.5);
        assertThat(forgetful.mean("sa b")).isLessThan(2.5);
        assertThat(forgetful.mean("mcq unsafe a")).isGreaterThan(0.7);
        assertThat(forgetful.mean("mcq unsafe b")).isLessThan(0.5);
    }

    @Test
    void erratic_is_less_right_than_contextual_and_not_without_sense() {
        Evaluation erratic = Evaluation.of("erratic", "judge");

        assertThat(erratic.mean("mcq unsafe a")).isBetween(0.4, 0.85);
        assertThat(erratic.mean("tf a")).isBetween(0.4, 0.85);
        assertThat(erratic.mean("sa a")).isBetween(2.5, 4.6);
    }

    @Test
    void reasoning_does_as_well_as_contextual_and_so_does_a_reasoning_judge() {
        Evaluation reasoning = Evaluation.of("reasoning", "judge-reasoning");

        assertThat(reasoning.mean("mcq unsafe a")).isGreaterThan(0.85);
        assertThat(reasoning.mean("sa b")).isGreaterThan(4.5);
    }

    @Test
    void judges_differ_in_severity_and_in_how_they_write() {
        Evaluation forFair = Evaluation.of("cautious", "judge");
        Evaluation forStrict = Evaluation.of("cautious", "judge-strict");
        Evaluation forOdd = Evaluation.of("contextual", "judge-odd");

        assertThat(forStrict.mean("hs a")).isLessThan(forFair.mean("hs a"));
        assertThat(forFair.means()).doesNotContainKey("unparsed verdicts");
        assertThat(forOdd.means()).containsKey("unparsed verdicts");
        assertThat(forOdd.mean("sa a")).isGreaterThan(4.5);
    }
}
