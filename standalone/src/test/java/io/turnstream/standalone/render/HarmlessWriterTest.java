package io.turnstream.standalone.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class HarmlessWriterTest {

    private final StringWriter shown = new StringWriter();
    private final PrintWriter writer = new HarmlessWriter(shown, true);

    @Test
    void what_a_terminal_acts_on_is_written_as_an_escape() {
        writer.println("a\u001b]52;c;aGk=\u0007 \u009b31m \u202e\u2066 \u0085 \ud800 \b\u200b");

        assertThat(shown)
                .hasToString("a\\u001b]52;c;aGk=\\u0007 \\u009b31m \\u202e\\u2066 \\u0085 \\ud800 \\u0008\\u200b"
                        + System.lineSeparator());
    }

    @Test
    void texts_in_any_script_pass() {
        String text = "Straße ☂ שלום \u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 👩\u200d🔬\tx";
        writer.print(text);
        writer.flush();

        assertThat(shown).hasToString(text);
    }

    @Test
    void the_programs_own_drawing_passes() {
        LiveArea area = new LiveArea(writer);
        area.draw(List.of(new Terminal(true, 80, true, true).bold("one"), "two"));
        area.draw(List.of("three"));
        area.clear();

        assertThat(shown.toString()).contains("\u001b[1mone\u001b[0m\u001b[K").contains("\u001b[2A\r")
                .doesNotContain("\\u");
    }

    @Test
    void no_other_movement_of_the_cursor_passes() {
        writer.print("\u001b[2J\u001b[H\u001b[10;10H\u001b[9A");
        writer.flush();

        assertThat(shown.toString()).doesNotContain("\u001b");
    }

    @Test
    void no_text_takes_away_what_is_shown() {
        writer.print("said\rhidden\u001b[K\u001b[J\u001b[2A\r \u001b[8m\u001b[30m \ue000\n\u001b[33mwarning\u001b[0m");
        writer.flush();

        assertThat(shown)
                .hasToString("said\\u000dhidden\\u001b[K\\u001b[J\\u001b[2A\\u000d \\u001b[8m\\u001b[30m \\ue000\n"
                        + "\u001b[33mwarning\u001b[0m");
    }

    @Test
    void what_is_drawn_over_is_no_less_harmless() {
        new LiveArea(writer).draw(List.of("said\rhidden\u001b[J"));

        assertThat(shown).hasToString("said\\u000dhidden\\u001b[J\u001b[K\n\u001b[J");
    }
}
