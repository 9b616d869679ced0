package io.turnstream.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.Text;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextsTest {

    @Test
    void half_a_surrogate_pair_is_recorded_as_the_replacement_character() {
        Text text = Texts.of("a\uD83D b\uDE00 \uD83D\uDE00");

        assertThat(text.getText()).isEqualTo("a\uFFFD b\uFFFD \uD83D\uDE00");
        assertThat(new String(text.getText().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(text.getText());
        assertThat(Texts.holds(text)).isTrue();
    }

    @Test
    void a_whole_text_is_recorded_as_it_is() {
        assertThat(Texts.of("\uD83D\uDE00 \u00e4").getText()).isEqualTo("\uD83D\uDE00 \u00e4");
    }
}
