package io.turnstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.projection.document.DialogueSubject;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.document.ScoredStep.Contribution;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DialogueSelectionTest {

    private static final List<ScoredStep> ROWS = List.of(
            row("R/type_a/1", "type_a", "unsafe", "Fraud", "mcq-0", null, "answered", 1),
            row("R/type_a/1", "type_a", "unsafe", "Fraud", "judge", "js-own", "judged", 2),
            row("R/type_a/2", "type_a", "safe", "Self Harm", "judge", "js-own", "judge_unparseable", null),
            row("R/type_a/2", "type_a", "safe", "Self Harm", "judge", "js-other", "judged", 5),
            row("R/type_b/3", "type_b", "unsafe", "Fraud", "r1", null, "provider_error", null));

    @Test
    void allTermsMustHoldAndOneOfTheValuesOfEach() {
        assertThat(select("split=type_a")).containsExactly("R/type_a/1", "R/type_a/2");
        assertThat(select("split=type_a,type_b intent=unsafe")).containsExactly("R/type_a/1", "R/type_b/3");
        assertThat(select("SPLIT=Type_A intent=unsafe row=1")).containsExactly("R/type_a/1");
    }

    @Test
    void verdictsAreThoseOfTheRunsOwnJudge() {
        assertThat(select("outcome=judge_unparseable,judge_error")).containsExactly("R/type_a/2");
        assertThat(select("score=1,2")).containsExactly("R/type_a/1");
        assertThat(select("score=5")).isEmpty();
    }

    @Test
    void negationAlsoHoldsWhereThereIsNoValue() {
        assertThat(select("score!=2")).containsExactly("R/type_a/2", "R/type_b/3");
    }

    @Test
    void valuesWithBlanksStandInQuotes() {
        assertThat(select("category=\"Self Harm\"")).containsExactly("R/type_a/2");
        assertThat(select("category!=\"Self Harm\",fraud")).isEmpty();
    }

    @Test
    void whatCannotBeReadIsRefusedWithWhatThereIs() {
        assertThatThrownBy(() -> select("colour=red")).hasMessageContaining("there is no field 'colour'")
                .hasMessageContaining("category, dialogue");
        assertThatThrownBy(() -> select("split")).hasMessageContaining("'split' is no term");
        assertThatThrownBy(() -> select("split=")).hasMessageContaining("is no term");
        assertThatThrownBy(() -> select("category=\"Self")).hasMessageContaining("quote is not closed");
        assertThatThrownBy(() -> select("  ")).hasMessageContaining("is empty");
    }

    private static List<String> select(String expression) {
        return DialogueSelection.parse(expression).dialogues(ROWS::forEach, "js-own");
    }

    private static ScoredStep row(
            String id, String split, String intent, String category, String step, @Nullable String set, String outcome,
            @Nullable Integer value) {
        DialogueSubject subject = new DialogueSubject("R", id, split, Integer.parseInt(id.substring(id.length() - 1)),
                "unimodal", intent, 0, 1, category, "f00");
        Contribution contribution = new Contribution(value != null, value == null ? 0 : value);
        return new ScoredStep(id + '#' + step, 1, subject, step, step.startsWith("r") ? "turn" : step, set, outcome,
                contribution, contribution, 1, 1, 1, null);
    }
}
