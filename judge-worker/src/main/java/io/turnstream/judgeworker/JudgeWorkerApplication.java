package io.turnstream.judgeworker;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.turnstream.channels.Channels;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.quota.QuotaGate;
import io.turnstream.worker.WorkerProcess;
import io.turnstream.worker.Workers;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/// A judge worker as a process of its own.
@ApplicationScoped
class JudgeWorkerApplication {

    private final WorkerProcess process;

    @Inject
    JudgeWorkerApplication(JudgeWorkerSettings settings, Workers workers, JudgeWorker worker, MeterRegistry meters) {
        process = new WorkerProcess(
                new WorkerProcess.Member(JudgeWorker.SERVICE, JudgeWorker.REQUESTS, QuotaGate.Role.JUDGE,
                        ImageSource.none()),
                settings, workers,
                (kafka, how, judges, clock) -> worker.open(kafka, how, judges, settings.repeats(), clock), meters);
    }

    void reach(@Observes @Priority(Channels.BEFORE_THEY_START) StartupEvent event) {
        process.reach();
    }

    void start(@Observes StartupEvent event) {
        process.open();
    }

    void stop(@Observes ShutdownEvent event) {
        process.close();
    }

    @Produces
    @Liveness
    HealthCheck live() {
        return process::live;
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return process::ready;
    }
}
