package io.turnstream.integration.workers;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.JavaPart;
import io.turnstream.cluster.Leash;
import io.turnstream.cluster.Ports;
import io.turnstream.cluster.Reactor;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.FileEntry;
import io.turnstream.contracts.ProtocolPackPublished;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunState;
import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.embedded.HttpProbe;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.RegisteredSchema;
import io.turnstream.messaging.SchemaCatalog;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.simulator.Simulator;
import io.turnstream.simulator.SimulatorSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// A broker, a simulated model, and packaged workers of one kind as processes of their own: the other side of their
/// topics.
final class WorkerPool implements AutoCloseable {

    /// Of every topic that is keyed by dialogue.
    static final int PARTITIONS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /// Which service, by its topics and group.
    record Kind(String service, Topics requests, Topics answers, String group) {

        static final Kind MODELS = new Kind("model-worker", Topics.TURN_REQUESTS, Topics.TURN_ANSWERS,
                "turnstream-model-workers");
        static final Kind JUDGES = new Kind("judge-worker", Topics.JUDGE_REQUESTS, Topics.JUDGEMENTS,
                "turnstream-judge-workers");
    }

    final Simulator simulator = Simulator.start(SimulatorSettings.defaults());
    private final Kind kind;
    private final Path folder;
    private final Path leash;
    private final EmbeddedKafka broker;
    private final KafkaConnection connection;
    private final EventSerde serde;
    private final KafkaProducer<String, byte[]> producer;
    private final SchemaCatalog schemas;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, JavaPart> workers = new LinkedHashMap<>();
    private final Map<String, Integer> ports = new HashMap<>();

    /// @param topics made before all others, under settings of their own
    WorkerPool(Kind kind, Path folder, NewTopic... topics) throws Exception {
        this.kind = kind;
        this.folder = folder;
        leash = Leash.jar(folder);
        broker = EmbeddedKafka.start(folder.resolve("broker"));
        connection = KafkaConnection.to(broker.bootstrapServers(), "test");
        try (Admin admin = admin()) {
            admin.createTopics(List.of(topics)).all().get();
        }
        createMissingTopics();
        List<Schema> known = EventTypes.schemas();
        schemas = SchemaCatalog.open(connection, () -> {
            throw new IllegalStateException("all schemas are registered");
        }, IntStream.range(0, known.size()).mapToObj(n -> new RegisteredSchema(n + 1, known.get(n))).toList());
        serde = new EventSerde(schemas);
        producer = new KafkaProducer<>(connection.producer());
        publishPack();
    }

    void createMissingTopics() {
        new TopicLayout(PARTITIONS, 1, (short) 1).createMissing(connection);
    }

    Admin admin() {
        return Admin.create(connection.as("admin").common());
    }

    KafkaConnection connection() {
        return connection;
    }

    private void publishPack() {
        List<FileEntry> files = Requests.PACK.files().entrySet().stream()
                .map(file -> new FileEntry(file.getKey(), ByteBuffer.wrap(file.getValue())))
                .toList();
        write(Topics.PROTOCOL_PACKS, Requests.PACK.digest(), new ProtocolPackPublished(
                new EventMeta(Ids.newEventId(), null, null, Requests.ASKED_AT), Requests.PACK.digest(),
                Requests.PACK.name(), files));
    }

    /// Starts a worker and returns once it is ready.
    ///
    /// @param settings further environment
    void start(String name, Map<String, String> settings) {
        begin(name, settings);
        workers.get(name).awaitReady(PATIENCE);
    }

    void start(String name) {
        start(name, Map.of());
    }

    /// Starts a worker and returns at once.
    void begin(String name, Map<String, String> settings) {
        int port = Ports.free();
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
        environment.put("TURNSTREAM_PROVIDER_SIM_BASE_URL", simulator.baseUrl().toString());
        environment.put("TURNSTREAM_DIALOGUE_PARTITIONS", Integer.toString(PARTITIONS));
        environment.put("TURNSTREAM_PARKING", "512");
        environment.put("TURNSTREAM_GRACE", "10s");
        environment.put("TURNSTREAM_IMAGE_STORE", folder.resolve("images").toString());
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.putAll(settings);
        JavaPart worker = new JavaPart(name, folder.resolve(name), leash,
                new JavaPart.Program(JavaPart.Pace.QUICK_START, 192,
                        List.of("-jar", Reactor.application(kind.service()).toString()), environment),
                new HttpProbe(port, "/q/health/ready")::isReady);
        workers.put(name, worker);
        ports.put(name, port);
        worker.start();
    }

    boolean isReady(String name) {
        return workers.get(name).isReady();
    }

    boolean isLive(String name) {
        return new HttpProbe(ports.get(name), "/q/health/live").isReady();
    }

    /// What a worker has printed.
    String log(String name) {
        try {
            return Files.readString(Reactor.LOGS.resolve(name + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Asks a worker to end and waits until it has.
    void stop(String name) {
        ProcessHandle process = workers.get(name).process();
        process.destroy();
        process.onExit().join();
    }

    void kill9(String name) {
        workers.get(name).kill9();
    }

    /// The value of one of a worker's metrics; -1 where it has none of the name.
    double metric(String worker, String name) {
        try {
            String all = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(worker) + "/q/metrics")).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
            return all.lines().filter(line -> line.startsWith(name + ' ') || line.startsWith(name + '{')).findFirst()
                    .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).orElse(-1d);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// The rows from 1 on of which requests lie in one partition, as many as wanted.
    static List<Integer> rowsIn(int partition, int count, java.util.function.IntFunction<String> dialogueId) {
        return IntStream.iterate(1, row -> row + 1)
                .filter(row -> Utils.toPositive(Utils.murmur2(Utils.utf8(dialogueId.apply(row))))
                        % PARTITIONS == partition)
                .limit(count).boxed().toList();
    }

    /// Writes requests and returns when they stand in the log.
    void ask(List<? extends SpecificRecord> requests) {
        requests.forEach(request -> send(kind.requests(), Requests.dialogueIdOf(request), request, null));
        producer.flush();
    }

    void write(Topics topic, @Nullable String key, SpecificRecord event) {
        send(topic, key, event, null);
        producer.flush();
    }

    /// @param timestamp of the record, where its topic keeps it
    void write(Topics topic, String key, SpecificRecord event, long timestamp) {
        send(topic, key, event, timestamp);
        producer.flush();
    }

    private void send(Topics topic, @Nullable String key, SpecificRecord event, @Nullable Long timestamp) {
        Headers headers = EventHeaders.of(event, "test", String.valueOf(key), null);
        producer.send(new ProducerRecord<>(topic.topicName(), null, timestamp, key, serde.toBytes(event), headers));
    }

    void writeBytes(ProducerRecord<String, byte[]> record) throws Exception {
        producer.send(record).get();
    }

    EventSerde serde() {
        return serde;
    }

    byte[] bytes(SpecificRecord event) {
        return serde.toBytes(event);
    }

    void control(String runId, RunState state) {
        write(Topics.RUN_CONTROL, runId,
                new RunControl(new EventMeta(Ids.newEventId(), null, null, Requests.ASKED_AT + 1), runId, state, null,
                        1L));
    }

    /// What the workers wrote about a run so far, in any order.
    List<SpecificRecord> writtenFor(String runId) {
        return read(kind.answers()).stream()
                .filter(record -> record.key() != null && record.key().startsWith(runId + '/'))
                .map(record -> serde.fromBytes(record.value()))
                .toList();
    }

    <T extends SpecificRecord> List<T> writtenFor(String runId, Class<T> type) {
        return writtenFor(runId).stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<SpecificRecord> awaitWritten(String runId, int count) {
        await(() -> "wrote " + writtenFor(runId).size() + " of " + count, () -> writtenFor(runId).size() >= count);
        return writtenFor(runId);
    }

    /// All that is committed in a topic now.
    List<ConsumerRecord<String, byte[]>> read(Topics topic) {
        List<ConsumerRecord<String, byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(connection.as("reader").consumer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
            }
        }
        return all;
    }

    /// The committed offset of a partition of requests; 0 where none is.
    long committed(int partition) {
        return Optional.ofNullable(committed().get(requests(partition))).map(OffsetAndMetadata::offset).orElse(0L);
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() {
        try (Admin admin = admin()) {
            return admin.listConsumerGroupOffsets(kind.group()).partitionsToOffsetAndMetadata().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// How many members the pool has, and have partitions.
    long membersWithPartitions() {
        try (Admin admin = admin()) {
            return admin.describeConsumerGroups(List.of(kind.group())).all().get().get(kind.group()).members().stream()
                    .filter(member -> !member.assignment().topicPartitions().isEmpty()).count();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Winds the pool's positions back to the beginning, as if its last commits had been lost.
    void forgetPositions() throws Exception {
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
            IntStream.range(0, PARTITIONS).forEach(n -> start.put(requests(n), new OffsetAndMetadata(0)));
            admin.alterConsumerGroupOffsets(kind.group(), start).all().get();
        }
    }

    TopicPartition requests(int partition) {
        return new TopicPartition(kind.requests().topicName(), partition);
    }

    /// Requests of the pool that are not committed.
    long lag() {
        Map<TopicPartition, OffsetAndMetadata> committed = committed();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(connection.as("lag").consumer())) {
            return consumer.endOffsets(IntStream.range(0, PARTITIONS).mapToObj(this::requests).toList()).entrySet()
                    .stream()
                    .mapToLong(end -> end.getValue()
                            - (committed.get(end.getKey()) == null ? 0 : committed.get(end.getKey()).offset()))
                    .sum();
        }
    }

    static void await(java.util.function.Supplier<String> what, java.util.function.BooleanSupplier condition) {
        Await.until(PATIENCE, what, condition);
    }

    @Override
    public void close() {
        workers.values().forEach(JavaPart::kill9);
        producer.close();
        schemas.close();
        broker.close();
        simulator.close();
    }
}
