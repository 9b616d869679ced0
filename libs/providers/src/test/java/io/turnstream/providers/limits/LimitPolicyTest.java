package io.turnstream.providers.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitPolicyTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @CsvSource({
            // capacity, latency ms, Retry-After ms (0: none said), bound
            "1, 200, 1000, 64",
            "3, 500, 1000, 64",
            "10, 200, 1000, 512",
            "10, 1000, 0, 512",
            "40, 50, 1000, 64",
            "50, 500, 1000, 1024",
            "100, 200, 0, 512",
            "100, 1000, 2000, 512",
            "300, 500, 1000, 1024",
            "300, 3000, 1000, 1024",
    })
    void staysCloseToWhatTheServerTakesOnceItHasSettled(int capacity, int latency, int retryAfter, int bound) {
        for (long seed = 1; seed <= 5; seed++) {
            SimulatedServer server = new SimulatedServer(seed, millis -> capacity, Duration.ofMillis(latency),
                    retryAfter == 0 ? null : Duration.ofMillis(retryAfter), bound, 0)
                    .run(Duration.ofSeconds(180), Duration.ofSeconds(30));

            assertThat(server.utilisation()).as("share of places taken, seed %d", seed).isGreaterThan(0.85);
            assertThat(server.refusals()).as("share of calls turned away, seed %d", seed).isLessThan(0.1);
        }
    }

    @Test
    void usesAllConnectionsWhereTheServerTakesThem() {
        SimulatedServer server = new SimulatedServer(1, millis -> 2000, Duration.ofMillis(500), null, 512, 0)
                .run(Duration.ofSeconds(10), Duration.ofSeconds(3));

        assertThat(server.averageInFlight()).isGreaterThan(510);
    }

    @Test
    void followsAServerThatTakesLessAndThenMoreAgain() {
        // Given 200 at a time, 50 from the 60th second, 200 again from the 120th
        SimulatedServer server = new SimulatedServer(3, millis -> millis < 60_000 || millis >= 120_000 ? 200 : 50,
                Duration.ofMillis(200), SECOND, 512, 0);

        assertThat(server.run(Duration.ofSeconds(120), Duration.ofSeconds(75)).utilisation()).isGreaterThan(0.85);
        SimulatedServer again = new SimulatedServer(3, millis -> millis < 60_000 || millis >= 120_000 ? 200 : 50,
                Duration.ofMillis(200), SECOND, 512, 0);
        assertThat(again.run(Duration.ofSeconds(240), Duration.ofSeconds(150)).utilisation()).isGreaterThan(0.85);
    }

    @Test
    void goesOnWorkingWhereOneInTenCallsIsTurnedAwayForNoReason() {
        SimulatedServer server = new SimulatedServer(1, millis -> 1000, Duration.ofMillis(200), SECOND, 128, 0.1)
                .run(Duration.ofSeconds(120), Duration.ofSeconds(30));

        assertThat(server.averageInFlight()).isGreaterThan(10);
    }

    @Test
    void pausesAltogetherWhileNobodyIsServed() {
        LimitPolicy policy = new LimitPolicy();
        policy.boundedBy(10);
        policy.admitted(0);
        policy.turnedAway(1, 0, 1, Duration.ofSeconds(5));

        assertThat(policy.mayAdmit(2)).isFalse();
        assertThat(policy.untilWake(2)).isEqualTo(Duration.ofSeconds(5).toNanos() - 1);
        assertThat(policy.mayAdmit(Duration.ofSeconds(5).toNanos() + 1)).isTrue();
    }

    @Test
    void onlyThePlaceThatWasTurnedAwayRestsWhileOthersAreServed() {
        LimitPolicy policy = new LimitPolicy();
        policy.boundedBy(2);
        policy.admitted(0);
        policy.admitted(0);
        policy.served(1, 0, 10);

        policy.turnedAway(2, 5, 20, Duration.ofSeconds(5));

        assertThat(policy.mayAdmit(21)).isTrue();
        policy.admitted(21);
        assertThat(policy.mayAdmit(22)).isFalse();
        assertThat(policy.resting()).isEqualTo(1);
        assertThat(policy.mayAdmit(Duration.ofSeconds(6).toNanos())).isTrue();
    }

    @Test
    void theFirstCallGoesAloneUntilItHasEnded() {
        LimitPolicy policy = new LimitPolicy();
        policy.boundedBy(32);
        assertThat(policy.mayAdmit(0)).isTrue();
        int level = policy.admitted(0);
        assertThat(policy.mayAdmit(1)).isFalse();

        policy.served(level, 0, 10);

        assertThat(policy.mayAdmit(10)).isTrue();
        policy.admitted(10);
        assertThat(policy.mayAdmit(11)).isTrue();
    }

    @Test
    void theFirstCallGoesAloneForTwoSecondsAtMost() {
        LimitPolicy policy = new LimitPolicy();
        policy.boundedBy(32);
        policy.admitted(0);

        assertThat(policy.untilWake(1)).isEqualTo(Duration.ofSeconds(2).toNanos() - 1);
        assertThat(policy.mayAdmit(Duration.ofSeconds(2).toNanos())).isTrue();
    }

    @Test
    void anotherIsTheFirstWhereTheFirstWasNotMade() {
        LimitPolicy policy = new LimitPolicy();
        policy.boundedBy(32);
        policy.admitted(0);
        policy.abandoned();

        assertThat(policy.mayAdmit(1)).isTrue();
        policy.admitted(1);
        assertThat(policy.mayAdmit(2)).isFalse();
    }

    @Test
    void remembersWhatItLearntWithAWiderRunWhileANarrowOneCalls() {
        LimitPolicy policy = new LimitPolicy();
        policy.boundedBy(32);
        assertThat(policy.limit()).isEqualTo(32);

        policy.boundedBy(2);
        assertThat(policy.limit()).isEqualTo(2);
        long now = 0;
        for (int call = 0; call < 100; call++) {
            policy.mayAdmit(now);
            policy.served(policy.admitted(now), now, now += Duration.ofMillis(100).toNanos());
        }

        policy.boundedBy(32);
        assertThat(policy.limit()).isEqualTo(32);
    }

    @Test
    void doesNotGrowWhileItIsNotUsed() {
        LimitPolicy policy = new LimitPolicy();
        policy.boundedBy(1000);
        long now = 0;
        for (int call = 0; call < 1000; call++) {
            policy.mayAdmit(now);
            policy.admitted(now);
            policy.served(1, now, now += Duration.ofMillis(100).toNanos());
        }

        assertThat(policy.limit()).isEqualTo(64);
    }

    @Test
    void burstOfRefusalsIsOneDecreaseToWhatIsLeft() {
        // Given 64 sent at once, of which the first 40 are taken and the others turned away
        LimitPolicy policy = new LimitPolicy();
        policy.boundedBy(64);
        for (int call = 0; call < 64; call++) {
            policy.admitted(0);
        }
        for (int level = 64; level > 40; level--) {
            policy.turnedAway(level, 0, Duration.ofMillis(5).toNanos(), null);
        }

        // When the window is over
        policy.served(1, 0, Duration.ofMillis(300).toNanos());

        // Then
        assertThat(policy.limit()).isEqualTo(40);
    }
}
