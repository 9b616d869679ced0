package io.turnstream.loader;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.turnstream.loader.images.ImageLimits;
import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.loader.planning.DatasetPlanner;
import io.turnstream.loader.reading.ReadableFolders;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.providers.images.ImageStore;
import io.turnstream.providers.work.ProtocolPacks;
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
    private volatile @Nullable ServiceKafka kafka;
    private volatile @Nullable DatasetLoader loader;

    @Inject
    DatasetLoaderApplication(DatasetLoaderSettings settings) {
        this.settings = settings;
    }

    void start(@Observes StartupEvent event) {
        if (!settings.enabled()) {
            return;
        }
        ImageLimits limits =
                new ImageLimits(settings.maxImageBytes().asBigInteger().intValueExact(), settings.maxImagePixels());
        long budget = settings.rowGroupMemory()
                .map(MemorySize::asLongValue)
                .orElseGet(DatasetPlanner::defaultRowGroupBudgetBytes);
        DatasetPlanner planner = new DatasetPlanner(
                new ImagePreparer(new ImageStore(settings.imageStore()), limits), settings.threads(), budget,
                ReadableFolders.below(settings.datasetFolders()));
        ServiceKafka opened = ServiceKafka.open(DatasetLoader.NAME, settings.kafka());
        kafka = opened;
        DatasetLoader started = new DatasetLoader(
                opened, ProtocolPacks.reading(opened, settings.packPatience()), planner, Clock.systemUTC());
        loader = started;
        started.start();
    }

    void stop(@Observes ShutdownEvent event) {
        if (loader != null) {
            loader.close();
        }
        if (kafka != null) {
            kafka.close();
        }
    }

    @Produces
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.named(DatasetLoader.NAME).status(loader == null || loader.isAlive()).build();
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named(DatasetLoader.NAME)
                .status(!settings.enabled() || loader != null && loader.isReady())
                .build();
    }
}
