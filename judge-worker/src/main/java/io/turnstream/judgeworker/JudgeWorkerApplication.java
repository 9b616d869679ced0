package io.turnstream.judgeworker;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.Providers;
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

/// A judge worker as a process of its own: started and stopped with Quarkus, configured by environment.
@ApplicationScoped
class JudgeWorkerApplication {

    private final JudgeWorkerSettings settings;
    private volatile @Nullable ServiceKafka kafka;
    private volatile @Nullable ProviderCaller judges;
    private volatile @Nullable JudgeWorker worker;

    @Inject
    JudgeWorkerApplication(JudgeWorkerSettings settings) {
        this.settings = settings;
    }

    void start(@Observes StartupEvent event) {
        if (!settings.enabled()) {
            return;
        }
        Clock clock = Clock.systemUTC();
        Providers providers = providers();
        ServiceKafka opened = ServiceKafka.open(JudgeWorker.SERVICE, settings.kafka());
        kafka = opened;
        ProviderCaller caller = ProviderCaller.open(providers, ImageSource.none(),
                ProviderCaller.Quotas.over(opened, QuotaGate.Role.JUDGE, clock), clock);
        judges = caller;
        JudgeWorker started = new JudgeWorker(opened,
                new PoolMember.Settings(JudgeWorker.POOL, settings.parking(), settings.commitInterval(), settings.grace(), settings.packPatience()),
                caller, settings.repeats(), clock);
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
        if (judges != null) {
            judges.close();
        }
        if (kafka != null) {
            kafka.close();
        }
    }

    @Produces
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.named("judge-worker").status(worker == null || worker.isAlive()).build();
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("judge-worker").status(!settings.enabled() || worker != null && worker.isReady()).build();
    }
}
