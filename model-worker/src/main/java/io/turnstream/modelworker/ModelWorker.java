package io.turnstream.modelworker;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.turnstream.channels.ChannelWriter;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventWriter;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.WorkGroup;
import io.turnstream.providers.work.ModelCaller;
import io.turnstream.worker.Worker;
import io.turnstream.worker.Workers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/// A member of the pool that asks the models under test. Without state: what it knows it reads from the log.
///
/// Its channels [#REQUESTS] and [#ANSWERS] are configured by `mp.messaging`; requests wait until the worker is opened.
@ApplicationScoped
public class ModelWorker implements AutoCloseable {

    /// This service, as in `ce_source`.
    public static final String SERVICE = "model-worker";

    /// The consumer group of all its members.
    public static final String POOL = WorkGroup.MODEL_WORKERS.groupId();

    /// The channel that requests come in by.
    public static final String REQUESTS = "turn-requests";

    /// The channel that answers go out by.
    public static final String ANSWERS = "turn-answers";

    private final Worker worker;
    private final Function<ServiceKafka, EventWriter> answers;

    /// What is under way is bounded before, by the channel of requests: no answer is refused for want of room.
    @Inject
    ModelWorker(Workers workers,
            @Channel(ANSWERS) @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<byte[]> answers) {
        this(workers, kafka -> new ChannelWriter(answers, kafka));
    }

    /// @param workers among which it is found by the name of its channel
    /// @param answers where its answers go, given its access to Kafka
    public ModelWorker(Workers workers, Function<ServiceKafka, EventWriter> answers) {
        this.worker = workers.of(REQUESTS);
        this.answers = answers;
    }

    /// Deals with one request, on a virtual thread of its own.
    @Incoming(REQUESTS)
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    @RunOnVirtualThread
    public CompletionStage<Void> take(Message<byte[]> request) {
        return worker.handle(request);
    }

    /// Starts to deal with requests. Its Kafka access stays open when it closes.
    public void open(ServiceKafka kafka, Worker.Settings settings, ModelCaller models, Clock clock) {
        worker.open(kafka, settings, new Worker.Task(Topics.TURN_ANSWERS, new TurnWork(), models, clock),
                answers.apply(kafka));
    }

    /// What it is doing.
    public Worker worker() {
        return worker;
    }

    /// Takes no more requests, gives running calls their grace period, and commits what is done.
    @Override
    public void close() {
        worker.close();
    }
}
