package io.turnstream.standalone.platform;

import io.turnstream.channels.Channels;
import io.turnstream.console.RunCommands;
import io.turnstream.dispatch.TranscriptReplayer;
import io.turnstream.judgeworker.JudgeWorker;
import io.turnstream.loader.DatasetLoader;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.metrics.sink.SinkChannels;
import io.turnstream.metrics.sink.SinkPositions;
import io.turnstream.modelworker.ModelWorker;
import io.turnstream.testsupport.ConnectedChannel;
import io.turnstream.testsupport.ConnectedChannel.Parts;
import io.turnstream.testsupport.TestConnector;
import io.turnstream.worker.Workers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.Message;

/// The services of a platform that have channels, connected as Quarkus would do it.
final class WorkersInTest implements AutoCloseable {

    private static final int CONCURRENCY = 2048;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Channels channels = new Channels();
    private final Workers workers = new Workers(channels);
    private final ModelWorker models = new ModelWorker(workers, ServiceKafka::producer);
    private final JudgeWorker judges = new JudgeWorker(workers, ServiceKafka::producer);
    private final DatasetLoader loader = new DatasetLoader(channels, ServiceKafka::producer);
    private final TranscriptReplayer replayer = new TranscriptReplayer(ServiceKafka::producer);

    private final TestConnector connector = new TestConnector();
    private final SinkChannels sinks = new SinkChannels(connector, ConfigProvider.getConfig());

    private WorkersInTest(ApiServer.ChannelPlan wanted) {
        open.push(connector);
        connector.commitBy(new SinkPositions.Factory(sinks));
        KafkaConnection broker = wanted.broker().handle((connection, failure) -> connection).join();
        if (broker == null) {
            return;
        }
        connect(broker, Parts.of(channels), TranscriptReplayer.SETS, 1, replayer::take);
        if (wanted.toModels()) {
            connect(broker, Parts.of(channels, workers), ModelWorker.REQUESTS, CONCURRENCY, models::take);
            connect(broker, new Parts(channels, List.of(loader.commits())), DatasetLoader.RUNS, 1, loader::take);
        }
        if (wanted.toJudges()) {
            connect(broker, Parts.of(channels, workers), JudgeWorker.REQUESTS, CONCURRENCY, judges::take);
        }
    }

    static WorkersInTest start(ApiServer.ChannelPlan channels) {
        return new WorkersInTest(channels);
    }

    private void connect(
            KafkaConnection broker, Parts parts, String channel, int concurrency,
            Function<Message<byte[]>, CompletionStage<Void>> taker) {
        open.push(ConnectedChannel.open(broker, parts, channel, concurrency, Map.of(), taker));
    }

    Services.OnChannels services() {
        return new Services.OnChannels(models, judges, loader, replayer, new RunCommands(ServiceKafka::producer), sinks,
                Optional::empty);
    }

    @Override
    public void close() {
        Foundations.closeAll(open);
    }
}
