package io.turnstream.modelworker;

import io.turnstream.contracts.Topics;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.WorkGroup;
import io.turnstream.providers.work.ModelCaller;
import io.turnstream.providers.work.PoolMember;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/// A member of the pool that asks the models under test. Without state: what it knows it reads from the log.
public final class ModelWorker implements AutoCloseable {

    /// This service, as in `ce_source`.
    public static final String SERVICE = "model-worker";

    /// The consumer group of all its members.
    public static final String POOL = WorkGroup.MODEL_WORKERS.groupId();

    private final ServiceKafka kafka;
    private final PoolMember.Settings settings;
    private final ModelCaller models;
    private final Clock clock;
    private volatile @Nullable PoolMember member;

    /// Makes a worker; [#start] sets it going. Its Kafka access stays open when it closes.
    public ModelWorker(ServiceKafka kafka, PoolMember.Settings settings, ModelCaller models, Clock clock) {
        this.kafka = kafka;
        this.settings = settings;
        this.models = models;
        this.clock = clock;
    }

    /// Starts to take requests.
    public void start() {
        member = PoolMember.start(kafka, settings, Topics.TURN_REQUESTS, Topics.TURN_ANSWERS, new TurnWork(), models, clock);
    }

    /// False once it has stopped because of a failure.
    public boolean isAlive() {
        PoolMember running = member;
        return running == null || running.isAlive();
    }

    /// Whether it has partitions to take requests from.
    public boolean isAssigned() {
        PoolMember running = member;
        return running != null && running.isAssigned();
    }

    /// Whether it works. A worker that found no partition left for it is ready too: it takes over when another leaves.
    public boolean isReady() {
        PoolMember running = member;
        return running != null && running.isReady();
    }

    /// Requests taken and not finished.
    public int parked() {
        PoolMember running = member;
        return running == null ? 0 : running.parked();
    }

    /// Takes no more requests, gives running calls their grace period, and commits what is done.
    @Override
    public void close() {
        PoolMember running = member;
        if (running != null) {
            running.close();
        }
    }
}
