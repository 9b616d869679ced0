package io.turnstream.providers.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.RunFaultReported;
import io.turnstream.events.Texts;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ModelReply.Failed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TroublesTest {

    private Instant now = Instant.ofEpochMilli(1_700_000_000_000L);
    private final Troubles troubles = new Troubles(new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });
    private final WorkItem item = WorkItem.of(RequestDeskTest.REQUEST);

    @Test
    void theFirstTroubleOfARunIsToldAtOnceAnotherAfterTwoSecondsTheSameAfterTen() {
        Failed down = new Failed(FailureCause.CONNECTION, null, null, "no connection");
        Failed broken = new Failed(FailureCause.SERVER_ERROR, 502, null, "HTTP 502", "Bad gateway", null);

        RunFaultReported first = troubles.news(item, down).orElseThrow();
        assertThat(first.getReason()).isEqualTo(DeferralReason.CIRCUIT_OPEN);
        assertThat(first.getDetail()).isEqualTo("no connection");
        assertThat(first.getRunId()).isEqualTo(item.subject().getRunId());
        assertThat(troubles.news(item, down)).isEmpty();
        assertThat(troubles.news(item, broken)).isEmpty();
        now = now.plus(Duration.ofSeconds(2));
        assertThat(Texts.plain(troubles.news(item, broken).orElseThrow().getProviderMessage()))
                .isEqualTo("Bad gateway");
        now = now.plus(Duration.ofSeconds(9));
        assertThat(troubles.news(item, broken)).isEmpty();
        now = now.plus(Duration.ofSeconds(1));
        assertThat(troubles.news(item, broken)).isPresent();
    }

    @Test
    void rateLimitsAreToldAsQuota() {
        Failed limited = new Failed(FailureCause.RATE_LIMITED, 429, null, "too many");

        assertThat(troubles.news(item, limited).orElseThrow().getReason()).isEqualTo(DeferralReason.QUOTA);
    }
}
