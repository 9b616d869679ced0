package io.turnstream.dispatch;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.turnstream.channels.Channels;
import io.turnstream.events.SealSigner;
import io.turnstream.messaging.ServiceKafka;
import jakarta.annotation.Priority;
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
    private final Channels channels;
    private final TranscriptReplayer replayer;
    private volatile @Nullable SealSigner signer;
    private volatile @Nullable ServiceKafka kafka;
    private volatile @Nullable TurnDispatcher dispatcher;

    @Inject
    TurnDispatcherApplication(TurnDispatcherSettings settings, Channels channels, TranscriptReplayer replayer) {
        this.settings = settings;
        this.channels = channels;
        this.replayer = replayer;
    }

    void reach(@Observes @Priority(Channels.BEFORE_THEY_START) StartupEvent event) {
        if (settings.enabled()) {
            signer = signer();
            ServiceKafka opened = ServiceKafka.open(DispatcherTopology.SOURCE, settings.kafka());
            kafka = opened;
            channels.reach(opened.connection());
        }
    }

    void start(@Observes StartupEvent event) {
        ServiceKafka opened = kafka;
        if (opened == null) {
            return;
        }
        TurnDispatcher started = new TurnDispatcher(
                opened, settings.stateDirectory(), settings.threads(), settings.commitInterval(), settings.cacheBytes(),
                signer, QuotaTerms.of(settings.quotaWindow()));
        dispatcher = started;
        started.start();
        replayer.open(opened);
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
        if (kafka != null) {
            replayer.close();
        }
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
        return () -> HealthCheckResponse.named("turn-dispatcher")
                .status((dispatcher == null || dispatcher.isAlive()) && replayer.isAlive()).build();
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("turn-dispatcher")
                .status(!settings.enabled() || dispatcher != null && dispatcher.isReady()).build();
    }
}
