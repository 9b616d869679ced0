package io.turnstream.simulator.app;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.turnstream.simulator.Simulator;
import io.turnstream.simulator.SimulatorSettings;
import io.turnstream.simulator.SimulatorSettings.Faults;
import io.turnstream.simulator.SimulatorSettings.Latency;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Starts and stops the simulator with the application.
@ApplicationScoped
class SimulatorLifecycle {

    private static final Logger LOG = Logger.getLogger(SimulatorLifecycle.class);

    private final SimulatorConfig config;
    private volatile @Nullable Simulator simulator;

    SimulatorLifecycle(SimulatorConfig config) {
        this.config = config;
    }

    void onStart(@Observes StartupEvent event) {
        Locale.setDefault(Locale.ENGLISH);
        if (config.enabled()) {
            Simulator started = Simulator.start(settings(config));
            simulator = started;
            LOG.infof("Simulator listens on %s", started.baseUrl());
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        Simulator running = simulator;
        if (running != null) {
            running.close();
        }
    }

    /// True if it runs, or is not meant to.
    boolean asWanted() {
        return !config.enabled() || simulator != null;
    }

    static SimulatorSettings settings(SimulatorConfig config) {
        SimulatorSettings base = SimulatorSettings.defaults();
        SimulatorSettings settings = new SimulatorSettings(config.host(), config.port(), config.apiKey().orElse(null),
                config.seed().orElse(base.seed()), config.fresh(), base.down(),
                config.maxInFlight().orElse(base.maxInFlight()),
                config.requestsPerMinute().orElse(base.requestsPerMinute()),
                base.minuteMillis(), base.retryAfterSeconds(), base.faultBurst(), base.reasoningMinTokens(),
                Latency.ofMillis(config.latency().fixedMillis(), config.latency().jitterMillis()),
                new Faults(config.faults().rateLimited(), config.faults().serverError(), config.faults().hang(),
                        config.faults().truncated(), config.faults().malformed(), config.faults().empty()),
                base.refusals(), base.forms(), base.models());
        return config.settings().map(settings::merged).orElse(settings);
    }
}
