package io.turnstream.dispatch;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.turnstream.contracts.SealSigner;
import io.turnstream.messaging.ServiceKafka;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/// The dispatcher as a process of its own: started and stopped with Quarkus, configured by environment.
@ApplicationScoped
class TurnDispatcherApplication {

    private final TurnDispatcherSettings settings;
    private volatile @Nullable ServiceKafka kafka;
    private volatile @Nullable TurnDispatcher dispatcher;

    @Inject
    TurnDispatcherApplication(TurnDispatcherSettings settings) {
        this.settings = settings;
    }

    void start(@Observes StartupEvent event) {
        if (!settings.enabled()) {
            return;
        }
        SealSigner signer = signer();
        ServiceKafka opened = ServiceKafka.open(DispatcherTopology.SOURCE, settings.kafka());
        kafka = opened;
        TurnDispatcher started = new TurnDispatcher(
                opened, settings.stateDirectory(), settings.threads(), settings.commitInterval(), settings.cacheBytes(),
                signer, QuotaTerms.of(settings.quotaWindow()));
        dispatcher = started;
        started.start();
    }

    /// What the operator has to mend is told in one line, without a stack trace, before anything is connected to.
    private static @Nullable SealSigner signer() {
        try {
            return SealSigner.from(System.getenv()).orElse(null);
        } catch (IllegalArgumentException e) {
            System.err.println("turnstream: " + e.getMessage());
            Runtime.getRuntime().halt(1);
            throw e;
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (dispatcher != null) {
            dispatcher.close();
        }
        if (kafka != null) {
            kafka.close();
        }
    }

    @Produces
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.named("turn-dispatcher").status(dispatcher == null || dispatcher.isAlive()).build();
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("turn-dispatcher").status(!settings.enabled() || dispatcher != null && dispatcher.isReady()).build();
    }
}
