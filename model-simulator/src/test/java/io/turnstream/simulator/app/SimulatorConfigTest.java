package io.turnstream.simulator.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.turnstream.simulator.SimulatorSettings;
import io.turnstream.simulator.SimulatorSettings.Latency;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulatorConfigTest {

    private static SimulatorConfig config(Map<String, String> environment) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(SimulatorConfig.class)
                .withSources(new EnvConfigSource(environment, 300))
                .build();
        return config.getConfigMapping(SimulatorConfig.class);
    }

    @Test
    void without_an_environment_it_starts_on_loopback_with_everything_at_rest() {
        SimulatorConfig config = config(Map.of());

        assertThat(config.enabled()).isTrue();
        assertThat(SimulatorLifecycle.settings(config)).isEqualTo(SimulatorSettings.defaults().withPort(8089));
    }

    @Test
    void the_environment_sets_properties_and_json_is_laid_over_them() {
        SimulatorSettings settings = SimulatorLifecycle.settings(config(Map.of(
                "TURNSTREAM_SIMULATOR_PORT", "9000",
                "TURNSTREAM_SIMULATOR_HOST", "0.0.0.0",
                "TURNSTREAM_SIMULATOR_API_KEY", "key",
                "TURNSTREAM_SIMULATOR_SEED", "7",
                "TURNSTREAM_SIMULATOR_LATENCY_FIXED_MILLIS", "50",
                "TURNSTREAM_SIMULATOR_FAULTS_RATE_LIMITED", "0.1",
                "TURNSTREAM_SIMULATOR_MAX_IN_FLIGHT", "20",
                "TURNSTREAM_SIMULATOR_SETTINGS",
                "{\"seed\": 8, \"models\": {\"eager\": {\"latency\": {\"fixedMillis\": 5000}}}}")));

        assertThat(settings.port()).isEqualTo(9000);
        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.apiKey()).isEqualTo("key");
        assertThat(settings.seed()).isEqualTo(8);
        assertThat(settings.latency()).isEqualTo(Latency.ofMillis(50, 0));
        assertThat(settings.faults().rateLimited()).isEqualTo(0.1);
        assertThat(settings.maxInFlight()).isEqualTo(20);
        assertThat(settings.models().get("eager").latency()).isEqualTo(Latency.ofMillis(5000, 0));
    }
}
