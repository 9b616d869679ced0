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
        String joined = "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \ud83d\udc69\u200d\ud83d\udd2c";
        assertThat(Escapes.line(joined)).isEqualTo(joined);
        assertThat(Escapes.lines("a\n\tb\u0085")).isEqualTo("a\n\tb\\u0085");
    }

    @Test
    void what_would_be_written_as_a_code_can_be_left_out_instead() {
        assertThat(Escapes.leftOut("a\u001b[2Jb\u202ec\u2066d\u2028e\ud800f\ue000g")).isEqualTo("a[2Jbcdefg");
        assertThat(Escapes.leftOut("Tür 漢字 🎈")).isEqualTo("Tür 漢字 🎈");
    }
}
