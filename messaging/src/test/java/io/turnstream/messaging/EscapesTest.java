package io.turnstream.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EscapesTest {

    @Test
    void what_a_terminal_acts_on_is_written_as_its_code() {
        // of both sets of controls, marks of direction, what ends a line elsewhere, half a character
        assertThat(Escapes.line("a\u001b[2Jb\u009b31mc\u202ed\u2066e\u2028f\ud800g\rh\ni"))
                .isEqualTo("a\\u001b[2Jb\\u009b31mc\\u202ed\\u2066e\\u2028f\\ud800g\\u000dh\\ni");
    }

    @Test
    void what_shows_as_itself_stays() {
        assertThat(Escapes.line("Tür 漢字 🎈 \\ \"")).isEqualTo("Tür 漢字 🎈 \\ \"");
        assertThat(Escapes.lines("a\n\tb\u0085")).isEqualTo("a\n\tb\\u0085");
    }
}
