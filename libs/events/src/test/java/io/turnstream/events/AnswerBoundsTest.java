package io.turnstream.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.Text;
import io.turnstream.contracts.Usage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerBoundsTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "ä", "世", "😀"})
    void bytes_of_utf_8_count_and_not_characters(String character) {
        int bytes = character.getBytes(StandardCharsets.UTF_8).length;
        String longest = character.repeat(AnswerBounds.MOST_BYTES / bytes);

        assertThat(AnswerBounds.exceeds(longest)).isFalse();
        assertThat(AnswerBounds.exceeds(longest + character)).isTrue();
    }

    @Test
    void what_is_cut_is_within_the_bound_and_says_so() {
        String emoji = "x" + "😀".repeat(AnswerBounds.MOST_BYTES);

        String cut = AnswerBounds.cut(emoji);

        assertThat(AnswerBounds.exceeds(cut)).isFalse();
        assertThat(cut).startsWith("x😀").endsWith("… (cut: " + emoji.length() + " characters)");
        assertThat(cut.getBytes(StandardCharsets.UTF_8)).as("no half of a pair").asString(StandardCharsets.UTF_8)
                .isEqualTo(cut);
        assertThat(AnswerBounds.cut("short")).isEqualTo("short");
    }

    @Test
    void an_answer_exceeds_by_any_of_its_texts_and_loses_all_of_them() {
        Text tooLong = Texts.of("y".repeat(AnswerBounds.MOST_BYTES + 1));
        CallParameters parameters = new CallParameters(0.1, 128, null);
        Answer answer = new Answer(Texts.of("B"), null, "B", null, "stop", "m-1", null, parameters, parameters,
                new Usage(7L, 3L, 0L), 12L,
                List.of(), "p".repeat(64), null, "w", 1L, 2L, tooLong, null);

        assertThat(AnswerBounds.exceeds(answer)).isTrue();
        Answer bounded = AnswerBounds.withoutTexts(answer);
        assertThat(AnswerBounds.exceeds(bounded)).isFalse();
        assertThat(bounded.getText()).isNull();
        assertThat(bounded.getReading()).isNull();
        assertThat(bounded.getReasoning()).isNull();
        assertThat(bounded.getUsage()).isEqualTo(new Usage(7L, 3L, 0L));
        assertThat(bounded.getCostNanoUsd()).isEqualTo(12L);
        assertThat(bounded.getError()).contains("262144 bytes");
    }
}
