package io.turnstream.worker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.turnstream.channels.Channels;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.Providers;
import io.turnstream.providers.quota.QuotaGate;
import io.turnstream.providers.work.ModelCaller;
import io.turnstream.providers.work.ProviderCaller;
import java.time.Clock;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.jspecify.annotations.Nullable;

/// A worker as a process of its own: started and stopped with Quarkus, configured by environment.
public final class WorkerProcess {

    /// Which worker it is.
    ///
    /// @param service its name
    /// @param requests the channel that requests come in by
    /// @param role for which it asks quotas
    /// @param images which it sends
    public record Member(String service, String requests, QuotaGate.Role role, ImageSource images) {}

    /// Lets a worker deal with requests.
    @FunctionalInterface
    public interface Opening {

        void open(ServiceKafka kafka, Worker.Settings settings, ModelCaller models, Clock clock);
    }

    private final Member member;
    private final WorkerSettings settings;
    private final Channels channels;
    private final Worker worker;
    private final Opening opening;
    private volatile @Nullable Providers providers;
    private volatile @Nullable ServiceKafka kafka;
    private volatile @Nullable ProviderCaller models;

    /// @param workers among which it is found by the name of its channel
    public WorkerProcess(Member member, WorkerSettings settings, Workers workers, Opening opening,
            MeterRegistry meters) {
        this.member = member;
        this.settings = settings;
        this.channels = workers.channels();
        this.worker = workers.of(member.requests());
        this.opening = opening;
        if (settings.enabled()) {
            Gauge.builder("turnstream.requests.unfinished", worker, Worker::unfinished)
                    .tag("channel", member.requests())
                    .description("requests taken and not finished").register(meters);
        }
    }

    /// Makes sure of providers, topics and schemas, and tells the channels how Kafka is reached: they have yet to
    /// start.
    public void reach() {
        if (settings.enabled()) {
            providers = providersOrExit();
            ServiceKafka opened = ServiceKafka.open(member.service(), settings.kafka());
            kafka = opened;
            channels.reach(opened.connection());
        }
    }

    /// Starts to deal with requests.
    public void open() {
        ServiceKafka opened = kafka;
        Providers callees = providers;
        if (opened != null && callees != null) {
            Clock clock = Clock.systemUTC();
            ProviderCaller caller = ProviderCaller.open(callees, member.images(),
                    ProviderCaller.Quotas.over(opened, member.role(), clock), clock);
            models = caller;
            opening.open(opened, new Worker.Settings(settings.grace(), settings.packPatience()), caller, clock);
        }
    }

    /// What the operator has to mend is told in one line, without a stack trace, before anything is connected to.
    private static Providers providersOrExit() {
        try {
            return Providers.fromEnvironment(System.getenv());
        } catch (IllegalArgumentException e) {
            System.err.println("turnstream: " + e.getMessage());
            Runtime.getRuntime().halt(1);
            throw e;
        }
    }

    /// Takes no more requests, lets running calls end in their grace period, and leaves Kafka.
    public void close() {
        if (kafka != null) {
            worker.close();
        }
        if (models != null) {
            models.close();
        }
        if (kafka != null) {
            kafka.close();
        }
    }

    /// Whether it goes on; a process whose worker does not is to be restarted.
    public HealthCheckResponse live() {
        return HealthCheckResponse.named(member.service()).status(worker.isAlive()).build();
    }

    /// Whether it deals with requests, where it is to.
    public HealthCheckResponse ready() {
        return HealthCheckResponse.named(member.service()).status(!settings.enabled() || worker.isReady()).build();
    }
}
