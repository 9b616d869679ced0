package io.turnstream.simulator.app;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready once the simulator listens.
@Readiness
@ApplicationScoped
class SimulatorReadiness implements HealthCheck {

    private final SimulatorLifecycle lifecycle;

    SimulatorReadiness(SimulatorLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("simulator").status(lifecycle.asWanted()).build();
    }
}
