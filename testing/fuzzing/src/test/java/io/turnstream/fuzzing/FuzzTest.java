package io.turnstream.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FuzzTest {

    private static final Bounds SMALL = new Bounds(Duration.ofMillis(50), 4 << 20);

    @Test
    void memory_that_is_taken_beyond_the_bound_fails_and_names_seed_and_input() {
        assertThatThrownBy(() -> Fuzz.read(1, SMALL, _ -> "a\n", _ -> assertThat(new byte[8 << 20]).isNotEmpty()))
                .isInstanceOf(AssertionError.class).hasMessageContaining("8 MiB")
                .hasMessageContaining("-Dturnstream.fuzz.seed=").hasMessageContaining("a\\u000a");
    }

    @Test
    void cpu_time_beyond_the_bound_fails() {
        assertThatThrownBy(() -> Fuzz.read(1, SMALL, RandomGenerator::nextInt, FuzzTest::spin))
                .isInstanceOf(AssertionError.class).hasMessageContaining("ms of CPU, more than 50");
    }

    @Test
    void whatever_is_thrown_fails() {
        assertThatThrownBy(() -> Fuzz.read(1, SMALL, RandomGenerator::nextInt, _ -> {
            throw new StackOverflowError();
        })).isInstanceOf(AssertionError.class).hasMessageContaining("StackOverflowError was thrown");
    }

    @Test
    void the_same_seeds_make_the_same_inputs() {
        List<Integer> one = inputs();
        List<Integer> other = inputs();

        int both = Math.min(one.size(), other.size());
        assertThat(one.subList(0, both)).isNotEmpty().isEqualTo(other.subList(0, both));
    }

    /// A hundred, or fewer where the time to spend is over before.
    private static List<Integer> inputs() {
        List<Integer> inputs = new ArrayList<>();
        try {
            Fuzz.read(1, Bounds.usual(), RandomGenerator::nextInt, input -> {
                if (inputs.size() == 100) {
                    throw new IllegalStateException("enough");
                }
                inputs.add(input);
            });
        } catch (AssertionError e) {
            assertThat(e).hasMessageContaining("enough");
        }
        return inputs;
    }

    @Test
    void seconds_may_be_fractions() {
        assertThat(Fuzz.seconds("0.25")).isEqualTo(0.25);
        assertThat(Fuzz.seconds("60")).isEqualTo(60);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a minute", "-1", "0", "NaN", "1e99"})
    void other_seconds_are_refused_and_named(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Fuzz.seconds(text))
                .withMessageContaining("-Dturnstream.fuzz.seconds=" + text);
    }

    private static void spin(int from) {
        long until = Bounds.cpuNanos() + Duration.ofMillis(80).toNanos();
        while (Bounds.cpuNanos() < until) {
            Thread.onSpinWait();
        }
    }
}
