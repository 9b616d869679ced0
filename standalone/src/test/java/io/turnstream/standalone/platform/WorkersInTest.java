package io.turnstream.standalone.platform;

import io.turnstream.channels.Channels;
import io.turnstream.judgeworker.JudgeWorker;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.modelworker.ModelWorker;
import io.turnstream.testsupport.ConnectedChannel;
import io.turnstream.worker.Workers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/// The workers of a platform with their channels, as Quarkus would connect them.
final class WorkersInTest implements AutoCloseable {

    private static final int CONCURRENCY = 2048;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final ModelWorker models;
    private final JudgeWorker judges;

    private WorkersInTest(ApiServer.ChannelPlan channels) {
        Channels shared = new Channels();
        Workers workers = new Workers(shared);
        models = new ModelWorker(workers, ServiceKafka::producer);
        judges = new JudgeWorker(workers, ServiceKafka::producer);
        KafkaConnection broker = channels.broker().handle((connection, failure) -> connection).join();
        if (broker == null) {
            return;
        }
        if (channels.toModels()) {
            opened(ConnectedChannel.open(broker, ConnectedChannel.Parts.of(shared, workers), ModelWorker.REQUESTS, CONCURRENCY, Map.of(), models::take));
        }
        if (channels.toJudges()) {
            opened(ConnectedChannel.open(broker, ConnectedChannel.Parts.of(shared, workers), JudgeWorker.REQUESTS, CONCURRENCY, Map.of(), judges::take));
        }
    }

    static WorkersInTest start(ApiServer.ChannelPlan channels) {
        return new WorkersInTest(channels);
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    ModelWorker models() {
        return models;
    }

    JudgeWorker judges() {
        return judges;
    }

    @Override
    public void close() {
        Foundations.closeAll(open);
    }
}
