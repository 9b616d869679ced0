package io.turnstream.channels;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.reactive.messaging.health.HealthReport;
import org.junit.jupiter.api.Test;

class ChannelHealthTest {

    @Test
    void says_nothing_while_every_channel_goes_on() {
        assertThat(new ChannelHealth(
                () -> HealthReport.builder().add("runs", true).add("dialogues", true, "connected").build()).trouble())
                .isEmpty();
        assertThat(new ChannelHealth(() -> HealthReport.OK_INSTANCE).trouble()).isEmpty();
    }

    @Test
    void names_each_channel_that_has_ended_with_the_reason() {
        ChannelHealth health = new ChannelHealth(
                () -> HealthReport.builder().add("runs", true).add("turn-answers", false, "no leader")
                        .add("judgements", false).build());

        assertThat(health.trouble())
                .hasValue("the channel turn-answers has ended: no leader; the channel judgements has ended");
    }
}
