package io.turnstream.providers.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.providers.limits.CircuitBreaker.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final CircuitBreaker circuit = new CircuitBreaker();

    private void failTimes(int times, long now) {
        for (int time = 0; time < times; time++) {
            circuit.failed(now, now);
        }
    }

    @Test
    void fiveFailuresInARowOpenItForASecond() {
        failTimes(4, 0);
        assertThat(circuit.ask(0)).isZero();

        failTimes(1, 0);

        assertThat(circuit.state()).isEqualTo(State.OPEN);
        assertThat(circuit.ask(0)).isEqualTo(SECOND);
    }

    @Test
    void successInBetweenStartsTheCountAnew() {
        failTimes(4, 0);
        circuit.served(true, 1);
        failTimes(4, 2);

        assertThat(circuit.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void failuresOfCallsSentBeforeTheLastSuccessDoNotCount() {
        circuit.served(true, 10 * SECOND);
        for (int hung = 0; hung < 100; hung++) {
            circuit.failed(5 * SECOND, 11 * SECOND);
        }

        assertThat(circuit.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void oneProbeIsLetThroughWhenTheTimeIsOver() {
        failTimes(5, 0);

        assertThat(circuit.ask(SECOND)).isZero();
        assertThat(circuit.state()).isEqualTo(State.HALF_OPEN);
        assertThat(circuit.ask(SECOND)).isEqualTo(SECOND / 2);
        assertThat(circuit.ask(31 * SECOND)).isEqualTo(10 * SECOND);
    }

    @Test
    void successfulProbeCloses() {
        failTimes(5, 0);
        circuit.ask(SECOND);

        assertThat(circuit.served(true, SECOND)).isTrue();
        assertThat(circuit.ask(SECOND)).isZero();
        assertThat(circuit.ask(SECOND)).isZero();
    }

    @Test
    void failedProbesOpenItForLongerUpToFifteenSeconds() {
        failTimes(5, 0);
        long now = SECOND;
        long[] expected = {2, 4, 8, 15, 15};
        for (long seconds : expected) {
            assertThat(circuit.ask(now)).isZero();
            circuit.failed(now, now);
            assertThat(circuit.ask(now)).isEqualTo(seconds * SECOND);
            now += seconds * SECOND;
        }
    }

    @Test
    void probeThatWasNotMadeLeavesRoomForAnother() {
        failTimes(5, 0);
        circuit.ask(SECOND);

        circuit.abandoned(SECOND);

        assertThat(circuit.ask(SECOND)).isZero();
    }

    @Test
    void lateAnswerToACallSentBeforeTheOutageCloses() {
        failTimes(5, 0);

        assertThat(circuit.served(true, SECOND / 2)).isTrue();
        assertThat(circuit.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void rateLimitShowsThatTheServerLivesButServesNobody() {
        failTimes(4, 5);
        circuit.served(false, 6);
        failTimes(4, 7);

        assertThat(circuit.state()).isEqualTo(State.CLOSED);
        assertThat(circuit.hasServedSince(0)).isFalse();
    }
}
