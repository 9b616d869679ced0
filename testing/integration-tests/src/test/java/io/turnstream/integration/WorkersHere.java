package io.turnstream.integration;

import io.turnstream.channels.Channels;
import io.turnstream.dispatch.TranscriptReplayer;
import io.turnstream.judgeworker.JudgeWorker;
import io.turnstream.loader.DatasetLoader;
import io.turnstream.loader.planning.DatasetPlanner;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.modelworker.ModelWorker;
import io.turnstream.providers.work.ModelCaller;
import io.turnstream.providers.work.ProtocolPacks;
import io.turnstream.testsupport.ConnectedChannel;
import io.turnstream.worker.Worker;
import io.turnstream.worker.Workers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// Workers in this JVM, on channels as Quarkus would connect them.
public final class WorkersHere implements AutoCloseable {

    private static final int CONCURRENCY = 64;
    private static final Worker.Settings SETTINGS = new Worker.Settings(Duration.ofSeconds(1), Duration.ofSeconds(5));
    private static final Map<String, String> CHANNEL = Map.of("auto.commit.interval.ms", "200");

    private final Channels channels = new Channels();
    private final Workers workers = new Workers(channels);
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final KafkaConnection connection;

    public WorkersHere(KafkaConnection connection) {
        this.connection = connection;
    }

    /// Starts one that asks models.
    public void askModels(ServiceKafka kafka, ModelCaller models) {
        ModelWorker worker = new ModelWorker(workers, ServiceKafka::producer);
        opened(ConnectedChannel.open(connection, ConnectedChannel.Parts.of(channels, workers), ModelWorker.REQUESTS,
                CONCURRENCY, CHANNEL, worker::take));
        opened(worker).open(kafka, SETTINGS, models, Clock.systemUTC());
    }

    /// Starts one that asks judges.
    public void askJudges(ServiceKafka kafka, ModelCaller judges, int repeats) {
        JudgeWorker worker = new JudgeWorker(workers, ServiceKafka::producer);
        opened(ConnectedChannel.open(connection, ConnectedChannel.Parts.of(channels, workers), JudgeWorker.REQUESTS,
                CONCURRENCY, CHANNEL, worker::take));
        opened(worker).open(kafka, SETTINGS, judges, repeats, Clock.systemUTC());
    }

    /// Starts one that plans runs.
    public void plan(ServiceKafka kafka, DatasetPlanner planner) {
        DatasetLoader loader = new DatasetLoader(channels, ServiceKafka::producer);
        opened(ConnectedChannel.open(connection, new ConnectedChannel.Parts(channels, List.of(loader.commits())),
                DatasetLoader.RUNS, 1, CHANNEL, loader::take));
        opened(loader).open(kafka, ProtocolPacks.reading(kafka, SETTINGS.packPatience()), planner, Clock.systemUTC());
    }

    /// Starts one that reads transcripts back.
    public void replay(ServiceKafka kafka) {
        TranscriptReplayer replayer = new TranscriptReplayer(ServiceKafka::producer);
        opened(ConnectedChannel.open(connection, ConnectedChannel.Parts.of(channels), TranscriptReplayer.SETS, 1,
                CHANNEL, replayer::take));
        opened(replayer).open(kafka);
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
