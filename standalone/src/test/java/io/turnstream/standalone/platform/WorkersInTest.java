package io.turnstream.standalone.platform;

import io.turnstream.contracts.Topics;
import io.turnstream.judgeworker.JudgeWorker;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.modelworker.ModelWorker;
import io.turnstream.testsupport.ConnectedChannel;
import io.turnstream.testsupport.TestAnswers;
import io.turnstream.worker.Workers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.clients.producer.RecordMetadata;

/// The workers of a platform with their channels, as Quarkus would connect them.
final class WorkersInTest implements AutoCloseable {

    private static final int CONCURRENCY = 2048;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final ModelWorker models;
    private final JudgeWorker judges;

    private WorkersInTest(ApiServer.Channels channels) {
        Workers workers = new Workers();
        KafkaConnection broker = channels.broker().handle((connection, failure) -> connection).join();
        if (broker == null) {
            models = new ModelWorker(workers, WorkersInTest::nowhere);
            judges = new JudgeWorker(workers, WorkersInTest::nowhere);
            return;
        }
        models = new ModelWorker(workers, opened(new TestAnswers(broker, Topics.TURN_ANSWERS)));
        judges = new JudgeWorker(workers, opened(new TestAnswers(broker, Topics.JUDGEMENTS)));
        if (channels.toModels()) {
            opened(ConnectedChannel.open(broker, workers, ModelWorker.REQUESTS, CONCURRENCY, Map.of(), models::take));
        }
        if (channels.toJudges()) {
            opened(ConnectedChannel.open(broker, workers, JudgeWorker.REQUESTS, CONCURRENCY, Map.of(), judges::take));
        }
    }

    static WorkersInTest start(ApiServer.Channels channels) {
        return new WorkersInTest(channels);
    }

    private static RecordMetadata nowhere(String key, byte[] value, Headers headers) {
        throw new IllegalStateException("there is no broker");
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
