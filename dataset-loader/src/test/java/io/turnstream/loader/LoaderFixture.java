package io.turnstream.loader;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.channels.Channels;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.FileEntry;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.ProtocolPackPublished;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.Selection;
import io.turnstream.contracts.StepParameters;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.loader.images.ImageLimits;
import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.loader.planning.DatasetPlanner;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.LogReader;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.messaging.WorkGroup;
import io.turnstream.providers.images.ImageStore;
import io.turnstream.providers.work.ProtocolPacks;
import io.turnstream.testsupport.ConnectedChannel;
import io.turnstream.testsupport.TestBroker;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A loader on a real broker, and what goes into its topics and comes out of them.
final class LoaderFixture implements AutoCloseable {

    static final ProtocolPack PACK = ProtocolPack.bundled(ProtocolPack.DEFAULT);
    static final long NOW = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    static final String GROUP = WorkGroup.DATASET_LOADER.groupId();

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ServiceKafka kafka;
    private final Path images;

    /// On the broker that tests share.
    LoaderFixture(Path images) {
        this(images, TestBroker.bootstrapServers(), TopicLayout.standalone());
    }

    LoaderFixture(Path images, String broker, TopicLayout layout) {
        this.images = images;
        KafkaConnection connection = KafkaConnection.to(broker, "test");
        layout.createMissing(connection);
        kafka = ServiceKafka.sharing(DatasetLoader.NAME, connection, SchemaIds.byPosition());
    }

    /// A loader in this JVM, whose channel is connected as it is started.
    final class RunningLoader implements AutoCloseable {

        private final Channels channels = new Channels();
        private final DatasetLoader service = new DatasetLoader(channels, ServiceKafka::producer);
        private final ProtocolPacks packs;
        private @Nullable ConnectedChannel channel;

        private RunningLoader(ProtocolPacks packs) {
            this.packs = packs;
        }

        void start() {
            channel = ConnectedChannel.open(kafka.connection(),
                    new ConnectedChannel.Parts(channels, List.of(service.commits())),
                    DatasetLoader.RUNS, 1, Map.of(), service::take);
            service.open(kafka, packs, planner(), Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC));
        }

        boolean isAlive() {
            return service.isAlive();
        }

        boolean isReady() {
            return service.isReady();
        }

        @Override
        public void close() {
            service.close();
            if (channel != null) {
                channel.close();
                channel = null;
            }
        }
    }

    RunningLoader loader() {
        return loader(ProtocolPacks.reading(kafka, Duration.ofSeconds(2)));
    }

    RunningLoader loader(ProtocolPacks packs) {
        return new RunningLoader(packs);
    }

    private DatasetPlanner planner() {
        return new DatasetPlanner(new ImagePreparer(new ImageStore(images), ImageLimits.DEFAULT), 2, 100_000_000);
    }

    void publishPack() {
        List<FileEntry> files = PACK.files().entrySet().stream()
                .map(file -> new FileEntry(file.getKey(), ByteBuffer.wrap(file.getValue())))
                .toList();
        kafka.producer().send(Topics.PROTOCOL_PACKS, PACK.digest(),
                new ProtocolPackPublished(meta("pack"), PACK.digest(), PACK.name(), files), null).join();
    }

    /// Asks for a run of everything in a data set.
    RunRequested request(Path dataset, boolean failOnError, String packDigest) {
        return request(dataset, failOnError, packDigest, null);
    }

    /// Asks for a run of everything in a data set that somebody stated expectations of.
    RunRequested request(Path dataset, boolean failOnError, String packDigest, @Nullable String expectations) {
        Selection selection = new Selection(List.of(), List.of(), List.of(), 0, null, List.of(), false, 1);
        CallParameters parameters = new CallParameters(0.1, 128, null);
        CallLimits limits = new CallLimits(10, 3, 60_000L, null, null, null, null);
        String runId = Ids.newRunId();
        RunRequested requested = new RunRequested(meta("request-" + runId), runId, new ModelTarget("openai", "model"),
                new ModelTarget("openai", "judge"), null, List.of(dataset.toString()), null, null, selection,
                packDigest,
                PACK.name(), new StepParameters(parameters, parameters, parameters, parameters), limits, limits, 8,
                failOnError,
                expectations == null ? null : "e".repeat(64), List.of(), "tester", "test", expectations, null, null);
        kafka.producer().send(Topics.RUNS, runId, requested, null).join();
        return requested;
    }

    void cancel(String runId) {
        kafka.producer().send(Topics.RUNS, runId,
                new RunCommanded(meta("cancel-" + runId), runId, RunCommand.CANCEL, null, "tester", null, null,
                        List.of()),
                null).join();
    }

    /// Writes something to the topic of runs as it is.
    void write(ProducerRecord<String, byte[]> record) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                kafka.connection().as("foreign").producer())) {
            producer.send(record);
        }
    }

    KafkaConnection connection() {
        return kafka.connection();
    }

    /// Where the loaders' group stands in each partition of the topic of runs that it has committed.
    Map<Integer, Long> committed() throws Exception {
        try (Admin admin = Admin.create(kafka.connection().common())) {
            Map<Integer, Long> committed = new TreeMap<>();
            admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get()
                    .forEach((partition, position) -> committed.put(partition.partition(), position.offset()));
            return committed;
        }
    }

    /// Winds the group back to the beginning, as if its commits had been lost.
    void forgetPositions() throws Exception {
        try (Admin admin = Admin.create(kafka.connection().common())) {
            Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
            committed().keySet().forEach(partition -> start.put(new TopicPartition(Topics.RUNS.topicName(), partition),
                    new OffsetAndMetadata(0)));
            admin.alterConsumerGroupOffsets(GROUP, start).all().get();
        }
    }

    int members() throws Exception {
        try (Admin admin = Admin.create(kafka.connection().common())) {
            return admin.describeConsumerGroups(List.of(GROUP)).describedGroups().get(GROUP).get().members().size();
        }
    }

    /// One past the last record of the topic of runs, by partition.
    Map<Integer, Long> ends() {
        Map<Integer, Long> ends = new TreeMap<>();
        try (LogReader<String> log = LogReader.of(kafka.connection())) {
            log.whole(Topics.RUNS).forEach(range -> ends.put(range.getPartition(), range.getEndOffset()));
        }
        return ends;
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /// The first event of a type about a run; waits for it.
    <E extends SpecificRecord> E await(Class<E> type, String runId) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            List<E> found = all(Topics.RUNS, type, runId);
            if (!found.isEmpty()) {
                return found.getFirst();
            }
        }
        throw new AssertionError("no " + type.getSimpleName() + " for run " + runId + " within " + PATIENCE);
    }

    /// All events of a type about a run that are in a topic now.
    <E extends SpecificRecord> List<E> all(Topics topic, Class<E> type, String runId) {
        return records(topic, runId).stream()
                .map(record -> kafka.serde().fromBytes(record.value()))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /// All records about a run that are in a topic now.
    List<ConsumerRecord<String, byte[]>> records(Topics topic, String runId) {
        Map<String, Object> properties = kafka.connection().as("look").consumer();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(properties)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records.stream().filter(record -> record.key().startsWith(runId)).toList();
        }
    }

    private static EventMeta meta(String eventId) {
        return new EventMeta(eventId, null, null, NOW);
    }

    @Override
    public void close() {
        kafka.close();
    }
}
