package io.turnstream.providers.work;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnknownFinishesTest {

    private final UnknownFinishes unknown = new UnknownFinishes();

    @Test
    void a_reason_that_nobody_knows_is_news_once_for_each_run() {
        assertThat(unknown.isNews("run-1", "done_it")).isTrue();
        assertThat(unknown.isNews("run-1", "done_it")).isFalse();
        assertThat(unknown.isNews("run-1", "done_that")).isTrue();
        assertThat(unknown.isNews("run-2", "done_it")).isTrue();
    }

    @Test
    void what_is_known_or_was_not_said_is_no_news() {
        assertThat(unknown.isNews("run-1", "stop")).isFalse();
        assertThat(unknown.isNews("run-1", null)).isFalse();
    }
}
