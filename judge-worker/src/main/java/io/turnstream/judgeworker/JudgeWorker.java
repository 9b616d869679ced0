package io.turnstream.judgeworker;

import io.turnstream.contracts.Topics;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.WorkGroup;
import io.turnstream.providers.work.ModelCaller;
import io.turnstream.providers.work.PoolMember;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/// A member of the pool that asks the judges. Without state: what it knows it reads from the log.
public final class JudgeWorker implements AutoCloseable {

    /// This service, as in `ce_source`.
    public static final String SERVICE = "judge-worker";

    /// The consumer group of all its members.
    public static final String POOL = WorkGroup.JUDGE_WORKERS.groupId();

    private final ServiceKafka kafka;
    private final PoolMember.Settings settings;
    private final ModelCaller judges;
    private final int repeats;
    private final Clock clock;
    private volatile @Nullable PoolMember member;

    /// Makes a worker; [#start] sets it going. Its Kafka access stays open when it closes.
    ///
    /// @param repeats how often at most a judge is asked again after an answer without a verdict
    public JudgeWorker(ServiceKafka kafka, PoolMember.Settings settings, ModelCaller judges, int repeats, Clock clock) {
        this.kafka = kafka;
        this.settings = settings;
        this.judges = judges;
        this.repeats = repeats;
        this.clock = clock;
    }

    /// Starts to take requests.
    public void start() {
        member = PoolMember.start(kafka, settings, Topics.JUDGE_REQUESTS, Topics.JUDGEMENTS, new JudgeWork(repeats), judges, clock);
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
