package io.turnstream.metrics;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.turnstream.channels.Channels;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.metrics.scoring.AggregatorTopology;
import io.turnstream.metrics.sink.SinkChannels;
import io.turnstream.projection.store.ProjectionDatabase;
import io.turnstream.projection.store.ProjectionGeneration;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The aggregator as a process of its own: started and stopped with Quarkus, configured by environment.
@ApplicationScoped
class MetricsAggregatorApplication {

    private static final Logger LOG = Logger.getLogger(MetricsAggregatorApplication.class);
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);

    private final MetricsAggregatorSettings settings;
    private final Channels channels;
    private final SinkChannels sinks;
    private volatile @Nullable ServiceKafka kafka;
    private volatile @Nullable ProjectionDatabase projection;
    private volatile @Nullable MetricsAggregator aggregator;
    private volatile boolean caughtUp;

    @Inject
    MetricsAggregatorApplication(MetricsAggregatorSettings settings, Channels channels, SinkChannels sinks) {
        this.settings = settings;
        this.channels = channels;
        this.sinks = sinks;
    }

    void reach(@Observes @Priority(Channels.BEFORE_THEY_START) StartupEvent event) {
        if (settings.enabled()) {
            ProjectionGeneration generation = new ProjectionGeneration(settings.projection());
            ServiceKafka opened = ServiceKafka.open(AggregatorTopology.SOURCE, settings.kafka());
            kafka = opened;
            TopicLayout.of(settings.kafka()).createMissing(opened.connection(), MetricsAggregator.topics(generation));
            channels.reach(opened.connection());
            MetricsAggregator.prepare(sinks, generation);
        }
    }

    void start(@Observes StartupEvent event) {
        ServiceKafka opened = kafka;
        if (opened == null) {
            return;
        }
        ProjectionGeneration generation = new ProjectionGeneration(settings.projection());
        ProjectionDatabase database = ProjectionDatabase.open(settings.mongodb().url(),
                generation.named(settings.mongodb().database()));
        projection = database;
        Rebuild started = new Rebuild(sinks, opened, TopicLayout.of(settings.kafka()), database.database(), generation,
                new MetricsAggregator.Settings(settings.stateDirectory(), settings.threads(), settings.commitInterval(),
                        settings.cacheBytes()));
        aggregator = started.aggregator();
        started.start();
        if (generation.equals(ProjectionGeneration.FIRST)) {
            caughtUp = true;
        } else {
            Thread.ofPlatform().name("catch-up").daemon().start(() -> tellProgress(started));
        }
    }

    /// Of a later generation nobody should read before it is whole.
    private void tellProgress(Rebuild rebuild) {
        long[] toldAt = {System.nanoTime()};
        try {
            rebuild.awaitCaughtUp(progress -> {
                if (System.nanoTime() - toldAt[0] > TELL_EVERY.toNanos()) {
                    toldAt[0] = System.nanoTime();
                    LOG.infof("generation %d of the projection: %,d of %,d read", rebuild.generation().number(),
                            progress.read(), progress.total());
                }
            });
            caughtUp = true;
            LOG.infof("generation %d of the projection has caught up: %s", rebuild.generation().number(),
                    rebuild.documents());
        } catch (RuntimeException e) {
            LOG.errorf(e, "generation %d of the projection does not catch up", rebuild.generation().number());
        }
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
        return () -> HealthCheckResponse.named("metrics-aggregator").status(aggregator == null || aggregator.isAlive())
                .build();
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("metrics-aggregator")
                .status(!settings.enabled() || aggregator != null && aggregator.isReady() && caughtUp).build();
    }
}
