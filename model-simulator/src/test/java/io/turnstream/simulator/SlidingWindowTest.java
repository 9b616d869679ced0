package io.turnstream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlidingWindowTest {

    private final SlidingWindow window = new SlidingWindow(60);

    @Test
    void the_peak_is_the_most_in_any_span_and_not_in_fixed_buckets() {
        // Given three events around a minute's end and one a span later
        window.add(50, 5);
        window.add(59, 5);
        window.add(61, 5);
        window.add(121, 1);

        // Then the first three fall into one span of 60; the one at 61 has just left when the last comes
        assertThat(window.maxCount()).isEqualTo(3);
        assertThat(window.maxWeight()).isEqualTo(15);
    }

    @Test
    void it_tells_how_long_to_wait_for_a_place_under_a_limit() {
        window.add(0, 1);
        window.add(10, 1);

        assertThat(window.waitNanos(20, 3)).isZero();
        assertThat(window.waitNanos(20, 2)).isEqualTo(40);
        assertThat(window.waitNanos(20, 1)).isEqualTo(50);
        assertThat(window.waitNanos(60, 2)).isZero();
    }

    @Test
    void it_grows_without_losing_the_order() {
        for (int i = 0; i < 1000; i++) {
            window.add(i, 1);
        }

        assertThat(window.maxCount()).isEqualTo(60);
        window.resetPeaks(999);
        assertThat(window.maxCount()).isEqualTo(60);
    }
}
