package io.turnstream.metrics;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.metrics.scoring.AggregatorTopology;
import io.turnstream.projection.store.ProjectionDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/// The aggregator as a process of its own: started and stopped with Quarkus, configured by environment.
@ApplicationScoped
class MetricsAggregatorApplication {

    private final MetricsAggregatorSettings settings;
    private volatile @Nullable ServiceKafka kafka;
    private volatile @Nullable ProjectionDatabase projection;
    private volatile @Nullable MetricsAggregator aggregator;

    @Inject
    MetricsAggregatorApplication(MetricsAggregatorSettings settings) {
        this.settings = settings;
    }

    void start(@Observes StartupEvent event) {
        if (!settings.enabled()) {
            return;
        }
        ProjectionDatabase database = ProjectionDatabase.open(settings.mongodb().url(), settings.mongodb().database());
        projection = database;
        ServiceKafka opened = ServiceKafka.open(AggregatorTopology.SOURCE, settings.kafka());
        kafka = opened;
        MetricsAggregator started = new MetricsAggregator(opened, database.database(), settings.stateDirectory(), settings.threads(),
                settings.commitInterval(), settings.cacheBytes());
        aggregator = started;
        started.start();
    }

    void stop(@Observes ShutdownEvent event) {
        if (aggregator != null) {
            aggregator.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        if (projection != null) {
            projection.close();
        }
    }

    @Produces
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.named("metrics-aggregator").status(aggregator == null || aggregator.isAlive()).build();
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("metrics-aggregator")
                .status(!settings.enabled() || aggregator != null && aggregator.isReady()).build();
    }
}
