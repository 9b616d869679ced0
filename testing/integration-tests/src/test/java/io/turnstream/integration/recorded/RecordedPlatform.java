package io.turnstream.integration.recorded;

import static io.turnstream.cluster.Await.PATIENCE;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.cluster.Await;
import io.turnstream.dispatch.TurnDispatcher;
import io.turnstream.events.Topics;
import io.turnstream.importer.ImportOrder;
import io.turnstream.importer.ImportedRun;
import io.turnstream.importer.RunImporter;
import io.turnstream.importer.reading.Recording;
import io.turnstream.integration.SinksHere;
import io.turnstream.integration.WorkersHere;
import io.turnstream.judgeworker.JudgeWorker;
import io.turnstream.loader.DatasetLoader;
import io.turnstream.loader.images.ImageLimits;
import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.loader.planning.DatasetPlanner;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.metrics.MetricsAggregator;
import io.turnstream.modelworker.ModelWorker;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.store.ProjectionDatabase;
import io.turnstream.projection.store.StoredReports;
import io.turnstream.providers.images.ImageStore;
import io.turnstream.providers.work.ModelCaller;
import io.turnstream.testsupport.TestBroker;
import io.turnstream.testsupport.TestDocumentStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// A whole platform in this JVM, loader and workers included, whose models nobody may call.
final class RecordedPlatform implements AutoCloseable {

    private static final Duration COMMIT = Duration.ofMillis(50);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final KafkaConnection connection = KafkaConnection.to(TestBroker.bootstrapServers(), "test");
    private final AtomicInteger calls = new AtomicInteger();
    private final Reports reports;

    RecordedPlatform(Path folder) {
        TopicLayout.standalone().createMissing(connection);
        ProjectionDatabase database = opened(ProjectionDatabase.open(TestDocumentStore.connectionString(),
                TestDocumentStore.newDatabase("recorded")));
        reports = new StoredReports(database.database());
        SinksHere sinks = opened(new SinksHere());
        MetricsAggregator aggregator = opened(new MetricsAggregator(sinks.channels(), kafka("metrics-aggregator"),
                database.database(), folder.resolve("streams"), 1, COMMIT, 1 << 20));
        aggregator.start();
        ServiceKafka dispatching = kafka("turn-dispatcher");
        TurnDispatcher dispatcher = opened(
                new TurnDispatcher(dispatching, folder.resolve("streams"), 1, COMMIT, 1 << 20, null));
        dispatcher.start();
        ModelCaller caller = (prompt, permission) -> {
            calls.incrementAndGet();
            throw new IllegalStateException("nobody may be called");
        };
        WorkersHere workers = opened(new WorkersHere(connection));
        workers.replay(dispatching);
        workers.askModels(kafka(ModelWorker.SERVICE), caller);
        workers.askJudges(kafka(JudgeWorker.SERVICE), caller, 2);
        ServiceKafka loading = kafka(DatasetLoader.NAME);
        workers.plan(loading, new DatasetPlanner(
                new ImagePreparer(new ImageStore(folder.resolve("images")), new ImageLimits(1 << 20, 1 << 20)), 1,
                1 << 20));
    }

    /// Brings a recording in and waits until its figures are final.
    String bringIn(Recording recording) {
        RunImporter importer = new RunImporter(kafka(RunImporter.NAME), "test", Clock.systemUTC());
        try (ImportedRun run = importer.start(new ImportOrder(recording, ProtocolPack.bundled(ProtocolPack.DEFAULT),
                ImportOrder.UNNAMED_JUDGE, "tester"))) {
            Await.until(PATIENCE, () -> run.runId() + " settles: " + reports.progress(run.runId()),
                    () -> reports.run(run.runId()).map(RunReport::settled).orElse(false));
            return run.runId();
        }
    }

    Reports reports() {
        return reports;
    }

    /// Calls that a worker made.
    int calls() {
        return calls.get();
    }

    /// Everything a topic holds of one run.
    List<SpecificRecord> eventsOf(String runId, Topics topic) {
        ServiceKafka kafka = kafka("reader");
        List<SpecificRecord> events = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(connection.as("reader").consumer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(partition -> new TopicPartition(topic.topicName(), partition.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.key().startsWith(runId)) {
                        events.add(kafka.serde().fromBytes(record.value()));
                    }
                }
            }
        }
        return events;
    }

    private ServiceKafka kafka(String service) {
        return opened(ServiceKafka.sharing(service, connection, SchemaIds.byPosition()));
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
