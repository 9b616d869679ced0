package io.turnstream.loader;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.turnstream.channels.Channels;
import io.turnstream.loader.images.ImageLimits;
import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.loader.planning.DatasetPlanner;
import io.turnstream.loader.reading.ReadableFolders;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.providers.images.ImageStore;
import io.turnstream.providers.work.ProtocolPacks;
import jakarta.annotation.Priority;
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

/// The loader as a process of its own: started and stopped with Quarkus, configured by environment.
@ApplicationScoped
class DatasetLoaderApplication {

    private final DatasetLoaderSettings settings;
    private final Channels channels;
    private final DatasetLoader loader;
    private volatile @Nullable ServiceKafka kafka;

    @Inject
    DatasetLoaderApplication(DatasetLoaderSettings settings, Channels channels, DatasetLoader loader) {
        this.settings = settings;
        this.channels = channels;
        this.loader = loader;
    }

    void reach(@Observes @Priority(Channels.BEFORE_THEY_START) StartupEvent event) {
        if (settings.enabled()) {
            ServiceKafka opened = ServiceKafka.open(DatasetLoader.NAME, settings.kafka());
            kafka = opened;
            channels.reach(opened.connection());
        }
    }

    void start(@Observes StartupEvent event) {
        ServiceKafka opened = kafka;
        if (opened != null) {
            loader.open(opened, ProtocolPacks.reading(opened, settings.packPatience()), planner(), Clock.systemUTC());
        }
    }

    private DatasetPlanner planner() {
        ImageLimits limits = new ImageLimits(settings.maxImageBytes().asBigInteger().intValueExact(),
                settings.maxImagePixels());
        long budget = settings.rowGroupMemory()
                .map(MemorySize::asLongValue)
                .orElseGet(DatasetPlanner::defaultRowGroupBudgetBytes);
        return new DatasetPlanner(new ImagePreparer(new ImageStore(settings.imageStore()), limits), settings.threads(),
                budget,
                ReadableFolders.below(settings.datasetFolders()));
    }

    void stop(@Observes ShutdownEvent event) {
        if (kafka != null) {
            loader.close();
            kafka.close();
        }
    }

    @Produces
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.named(DatasetLoader.NAME).status(loader.isAlive()).build();
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named(DatasetLoader.NAME).status(!settings.enabled() || loader.isReady())
                .build();
    }
}
