package io.turnstream.modelworker;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.providers.Providers;
import io.turnstream.providers.images.ImageStore;
import io.turnstream.providers.quota.QuotaGate;
import io.turnstream.providers.work.PoolMember;
import io.turnstream.providers.work.ProviderCaller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.time.Clock;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/// A model worker as a process of its own: started and stopped with Quarkus, configured by environment.
@ApplicationScoped
class ModelWorkerApplication {

    private final ModelWorkerSettings settings;
    private volatile @Nullable ServiceKafka kafka;
    private volatile @Nullable ProviderCaller models;
    private volatile @Nullable ModelWorker worker;

    @Inject
    ModelWorkerApplication(ModelWorkerSettings settings) {
        this.settings = settings;
    }

    void start(@Observes StartupEvent event) {
        if (!settings.enabled()) {
            return;
        }
        Clock clock = Clock.systemUTC();
        Providers providers = providers();
        ServiceKafka opened = ServiceKafka.open(ModelWorker.SERVICE, settings.kafka());
        kafka = opened;
        ProviderCaller caller = ProviderCaller.open(providers, new ImageStore(settings.images())::get,
                ProviderCaller.Quotas.over(opened, QuotaGate.Role.MODEL, clock), clock);
        models = caller;
        ModelWorker started = new ModelWorker(opened,
                new PoolMember.Settings(ModelWorker.POOL, settings.parking(), settings.commitInterval(), settings.grace(), settings.packPatience()),
                caller, clock);
        worker = started;
        started.start();
    }

    /// What the operator has to mend is told in one line, without a stack trace, before anything is connected to.
    private static Providers providers() {
        try {
            return Providers.fromEnvironment(System.getenv());
        } catch (IllegalArgumentException e) {
            System.err.println("turnstream: " + e.getMessage());
            Runtime.getRuntime().halt(1);
            throw e;
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (worker != null) {
            worker.close();
        }
        if (models != null) {
            models.close();
        }
        if (kafka != null) {
            kafka.close();
        }
    }

    @Produces
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.named("model-worker").status(worker == null || worker.isAlive()).build();
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("model-worker").status(!settings.enabled() || worker != null && worker.isReady()).build();
    }
}
