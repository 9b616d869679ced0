package io.turnstream.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.embedded.CannotStartException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PlatformWatchTest {

    private static final int ENOUGH = 6;

    private final List<CannotStartException> lost = new ArrayList<>();
    private final AtomicBoolean loaderLives = new AtomicBoolean(true);
    private final AtomicBoolean workerLives = new AtomicBoolean(true);
    private final PlatformWatch watch = new PlatformWatch(List.of(VitalPart.of("data set loader", loaderLives::get),
            new VitalPart("model worker",
                    () -> workerLives.get() ? Optional.empty() : Optional.of("its channel has failed: time-out"))),
            lost::add);

    @Test
    void a_part_that_has_stopped_is_named_with_the_reason_and_what_to_do() {
        workerLives.set(false);

        look(ENOUGH);

        assertThat(lost).singleElement().satisfies(why -> assertThat(why).hasMessageContaining("the model worker")
                .hasMessageContaining("its channel has failed: time-out").hasMessageContaining("logs folder"));
    }

    @Test
    void one_that_comes_back_by_itself_is_let() {
        loaderLives.set(false);
        look(ENOUGH - 1);
        loaderLives.set(true);
        look(1);
        loaderLives.set(false);
        look(ENOUGH - 1);

        assertThat(lost).isEmpty();
    }

    @Test
    void one_whose_health_cannot_be_told_keeps_nobody_from_looking_at_the_others() {
        PlatformWatch both = new PlatformWatch(List.of(new VitalPart("sinks", () -> {
            throw new IllegalStateException("no answer");
        }), VitalPart.of("data set loader", loaderLives::get)), lost::add);

        for (int looks = 0; looks < ENOUGH; looks++) {
            both.look();
        }

        assertThat(lost).singleElement()
                .satisfies(why -> assertThat(why).hasMessageContaining("the sinks").hasMessageContaining("no answer"));
    }

    @Test
    void it_looks_by_itself_until_it_is_closed() throws Exception {
        CompletableFuture<CannotStartException> told = new CompletableFuture<>();
        try (PlatformWatch started = new PlatformWatch(List.of(VitalPart.of("data set loader", () -> false)),
                told::complete).start()) {
            assertThat(told.get(60, TimeUnit.SECONDS)).hasMessageContaining("the data set loader");
        }
    }

    private void look(int times) {
        for (int looks = 0; looks < times; looks++) {
            watch.look();
        }
    }
}
