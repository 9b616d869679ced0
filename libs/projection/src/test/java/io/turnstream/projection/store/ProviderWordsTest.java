package io.turnstream.projection.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.Text;
import io.turnstream.events.Texts;
import org.junit.jupiter.api.Test;

class ProviderWordsTest {

    private static final Text SAID = Texts.of("slow down", new byte[Texts.SALT_BYTES]);

    @Test
    void stand_behind_ours() {
        assertThat(ProviderWords.behind("HTTP 429", SAID)).isEqualTo("HTTP 429: slow down");
        assertThat(ProviderWords.behind(null, SAID)).isEqualTo("slow down");
    }

    @Test
    void leave_ours_alone_where_there_are_none_or_they_are_withheld() {
        assertThat(ProviderWords.behind("HTTP 429", null)).isEqualTo("HTTP 429");
        assertThat(ProviderWords.behind("HTTP 429", Texts.withheld(SAID))).isEqualTo("HTTP 429");
        assertThat(ProviderWords.behind(null, null)).isNull();
    }
}
