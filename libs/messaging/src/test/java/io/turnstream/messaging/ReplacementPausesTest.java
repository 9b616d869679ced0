package io.turnstream.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplacementPausesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void each_failure_waits_twice_as_long_as_the_one_before_up_to_a_bound() {
        ReplacementPauses pauses = new ReplacementPauses(SECOND, SECOND.multipliedBy(30));

        List<Long> seconds = Stream.generate(() -> pauses.next(0).toSeconds()).limit(7).toList();

        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    }

    @Test
    void a_quiet_while_makes_pauses_short_again() {
        ReplacementPauses pauses = new ReplacementPauses(SECOND, SECOND.multipliedBy(30));
        pauses.next(0);
        pauses.next(0);

        assertThat(pauses.next(Duration.ofMinutes(10).toNanos())).isEqualTo(SECOND);
    }

    @Test
    void closing_ends_a_pause() {
        ReplacementPauses pauses = new ReplacementPauses(SECOND, SECOND);
        pauses.close();

        long started = System.nanoTime();
        pauses.pause(Duration.ofMinutes(5));

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMinutes(1));
    }
}
