package io.turnstream.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.expectation.Expectations;
import io.turnstream.benchmark.pack.ProtocolPack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What lies in `examples` to be copied works as it is.
class ExamplesTest {

    private static final Path EXAMPLES = Path.of("").toAbsolutePath().getParent().getParent().resolve("examples");

    @Test
    void the_pack_is_the_bundled_one_with_a_reminder_of_its_own() {
        ProtocolPack pack = ProtocolPack.load(EXAMPLES.resolve("self-reminder"));
        ProtocolPack bundled = ProtocolPack.bundled(ProtocolPack.DEFAULT);

        assertThat(pack.name()).isEqualTo("self-reminder");
        assertThat(pack.digest()).isNotEqualTo(bundled.digest());
        assertThat(pack.settings().systemPrompt()).startsWith("Answer helpfully.");
        assertThat(pack.settings().images()).isEqualTo(bundled.settings().images());
    }

    @Test
    void the_gates_can_be_read() throws IOException {
        assertThat(Expectations.parse(Files.readString(EXAMPLES.resolve("gates.yaml"))).gates()).hasSize(5);
    }
}
