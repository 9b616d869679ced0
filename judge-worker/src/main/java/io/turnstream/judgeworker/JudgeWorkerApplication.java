package io.turnstream.judgeworker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.Providers;
import io.turnstream.providers.quota.QuotaGate;
import io.turnstream.providers.work.ProviderCaller;
import io.turnstream.worker.Worker;
import io.turnstream.worker.Workers;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Clock;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/// A judge worker as a process of its own: started and stopped with Quarkus, configured by environment.
@ApplicationScoped
class JudgeWorkerApplication {

    /// Channels subscribe to topics that are there.
    private static final int BEFORE_CHANNELS = Interceptor.Priority.LIBRARY_BEFORE - 100;

    private final JudgeWorkerSettings settings;
    private final Workers workers;
    private final JudgeWorker worker;
    private volatile @Nullable Providers providers;
    private volatile @Nullable ServiceKafka kafka;
    private volatile @Nullable ProviderCaller judges;

    @Inject
    JudgeWorkerApplication(JudgeWorkerSettings settings, Workers workers, JudgeWorker worker, MeterRegistry meters) {
        this.settings = settings;
        this.workers = workers;
        this.worker = worker;
        if (settings.enabled()) {
            Worker watched = workers.of(JudgeWorker.REQUESTS);
            Gauge.builder("turnstream.requests.unfinished", watched, Worker::unfinished).tag("channel", JudgeWorker.REQUESTS)
                    .description("requests taken and not finished").register(meters);
        }
    }

    void reach(@Observes @Priority(BEFORE_CHANNELS) StartupEvent event) {
        if (settings.enabled()) {
            providers = providers();
            ServiceKafka opened = ServiceKafka.open(JudgeWorker.SERVICE, settings.kafka());
            kafka = opened;
            workers.reach(opened.connection());
        }
    }

    void start(@Observes StartupEvent event) {
        ServiceKafka opened = kafka;
        Providers callees = providers;
        if (opened != null && callees != null) {
            Clock clock = Clock.systemUTC();
            ProviderCaller caller = ProviderCaller.open(callees, ImageSource.none(),
                    ProviderCaller.Quotas.over(opened, QuotaGate.Role.JUDGE, clock), clock);
            judges = caller;
            worker.open(opened, new Worker.Settings(settings.grace(), settings.packPatience()), caller, settings.repeats(), clock);
        }
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
        if (kafka != null) {
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
        return () -> HealthCheckResponse.named("judge-worker").status(workers.of(JudgeWorker.REQUESTS).isAlive()).build();
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("judge-worker").status(!settings.enabled() || workers.of(JudgeWorker.REQUESTS).isReady()).build();
    }
}
