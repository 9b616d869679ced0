package io.turnstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

    private final Access open = new Access(Optional.empty(), List.of("Console.Lab.example"));

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST.", "::1", "[::1]", "console.lab.example"})
    void without_a_token_this_machine_and_configured_names_are_known(String host) {
        assertThat(open.admits(host, 8080, null)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rebound.example", "127.0.0.1.rebound.example", "localhost.rebound.example", "0.0.0.0",
            "192.168.0.2", "", "x127.0.0.1"})
    void without_a_token_no_other_name_is(String host) {
        assertThat(open.admits(host, 8080, null)).isFalse();
        assertThat(open.admits(null, 8080, null)).isFalse();
    }

    @Test
    void a_page_of_another_origin_is_turned_away_by_its_origin() {
        assertThat(open.admits("127.0.0.1", 8080, "http://rebound.example")).isFalse();
        assertThat(open.admits("127.0.0.1", 8080, "null")).isFalse();
        assertThat(open.admits("127.0.0.1", 8080, "http://127.0.0.1:8080")).isTrue();
        assertThat(open.admits("console.lab.example", -1, "https://console.lab.example")).isTrue();
        assertThat(open.admits("[::1]", 8080, "http://[::1]:8080")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:3000", "http://127.0.0.1", "https://127.0.0.1", "http://localhost:8080",
            "http://console.lab.example:8080"})
    void a_page_of_another_server_on_this_machine_is_turned_away_without_a_token(String origin) {
        assertThat(open.admits("127.0.0.1", 8080, origin)).isFalse();
    }

    @Test
    void a_usual_port_need_not_be_said() {
        assertThat(open.admits("localhost", 80, "http://localhost")).isTrue();
        assertThat(open.admits("localhost", -1, "http://LOCALHOST.:80")).isTrue();
        assertThat(open.admits("localhost", 80, "https://localhost")).isFalse();
        assertThat(open.admits("localhost", -1, "http://localhost:3000")).isFalse();
    }

    @Test
    void with_a_token_any_name_will_do_unless_names_are_configured() {
        assertThat(new Access(Optional.of("t"), List.of()).admits("turnstream.example", 8080, "https://pages.example"))
                .isTrue();
        assertThat(new Access(Optional.of("t"), List.of("turnstream.example")).admits("rebound.example", 8080, null))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3", "127.0.0.1", "localhost", "[fd00::17]", "::1", "::ffff:10.1.2.3",
            "console.lab.example"})
    void health_and_metrics_are_shown_by_address_and_known_names_with_and_without_a_token(String host) {
        for (Access access : List.of(open, new Access(Optional.of("t"), List.of("console.lab.example")))) {
            assertThat(access.admitsProbe(host, 8080, null)).isTrue();
            assertThat(access.admitsProbe(host, 8080, "http://pages.example")).isFalse();
            assertThat(access.admitsProbe("rebound.example", 8080, null)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void an_empty_token_is_no_token(String token) {
        assertThatThrownBy(() -> Access.of(token, List.of(), "127.0.0.1", false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TURNSTREAM_TOKEN is empty");
        assertThatThrownBy(() -> new Access(Optional.of(token), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.7", "console.lab.example"})
    void without_a_token_only_this_machine_is_listened_to(String address) {
        assertThatThrownBy(() -> Access.of(null, List.of(), address, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(address).hasMessageContaining("Set TURNSTREAM_TOKEN");
        assertThat(Access.of("t", List.of(), address, false).token()).contains("t");
        assertThat(Access.of(null, List.of(), address, true).token()).isEmpty();
        assertThat(Access.of(null, List.of(), "127.0.0.1", false).token()).isEmpty();
    }

    @Test
    void is_printed_without_the_token() {
        assertThat(new Access(Optional.of("t0ken"), List.of()).toString()).doesNotContain("t0ken");
    }
}
