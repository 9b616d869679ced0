package io.turnstream.modelworker;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.turnstream.channels.Channels;
import io.turnstream.providers.images.ImageStore;
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

/// A model worker as a process of its own.
@ApplicationScoped
class ModelWorkerApplication {

    private final WorkerProcess process;

    @Inject
    ModelWorkerApplication(ModelWorkerSettings settings, Workers workers, ModelWorker worker, MeterRegistry meters) {
        process = new WorkerProcess(
                new WorkerProcess.Member(ModelWorker.SERVICE, ModelWorker.REQUESTS, QuotaGate.Role.MODEL,
                        new ImageStore(settings.images())::get),
                settings, workers, worker::open, meters);
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
