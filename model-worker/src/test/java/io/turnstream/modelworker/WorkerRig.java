package io.turnstream.modelworker;

import io.turnstream.channels.Channels;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.FileEntry;
import io.turnstream.contracts.ProtocolPackPublished;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.providers.ChatApi;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.ProviderSettings;
import io.turnstream.providers.Providers;
import io.turnstream.providers.quota.QuotaGate;
import io.turnstream.providers.work.ProviderCaller;
import io.turnstream.simulator.Simulator;
import io.turnstream.simulator.SimulatorSettings;
import io.turnstream.testsupport.ConnectedChannel;
import io.turnstream.testsupport.TestBroker;
import io.turnstream.worker.Worker;
import io.turnstream.worker.Workers;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Workers on the real broker with a simulated model at the other end of real HTTP, and the other side of their topics.
final class WorkerRig implements AutoCloseable {

    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final ServiceKafka kafka = ServiceKafka.sharing("model-worker-test",
            KafkaConnection.to(TestBroker.bootstrapServers(), "test"), SchemaIds.byPosition());

    final Simulator simulator = Simulator.start(SimulatorSettings.defaults());
    private final ProviderCaller models = ProviderCaller.open(
            Providers.of(List.of(new ProviderSettings("sim", ChatApi.OPENAI, simulator.baseUrl().toString(), null))),
            ImageSource.none(),
            ProviderCaller.Quotas.over(kafka, QuotaGate.Role.MODEL, Clock.systemUTC()), Clock.systemUTC());

    /// A rig whose topics and protocol pack are there.
    static WorkerRig start() {
        WorkerRig rig = new WorkerRig();
        new TopicLayout(PARTITIONS, 1, (short) 1).createMissing(rig.kafka.connection());
        rig.publishPack();
        return rig;
    }

    private void publishPack() {
        List<FileEntry> files = Requests.PACK.files().entrySet().stream()
                .map(file -> new FileEntry(file.getKey(), ByteBuffer.wrap(file.getValue())))
                .toList();
        kafka.producer().send(Topics.PROTOCOL_PACKS, Requests.PACK.digest(),
                new ProtocolPackPublished(meta(), Requests.PACK.digest(), Requests.PACK.name(), files), null).join();
    }

    void control(String runId, RunState state) {
        kafka.producer().send(Topics.RUN_CONTROL, runId,
                new RunControl(new EventMeta(Ids.newEventId(), null, null, Requests.ASKED_AT + 1), runId, state, null,
                        1L),
                null).join();
    }

    void ask(List<AskModel> requests) {
        requests.stream()
                .map(ask -> kafka.producer().send(Topics.TURN_REQUESTS, ask.getSubject().getDialogueId(), ask, null))
                .toList()
                .forEach(written -> written.join());
    }

    /// A worker on a channel of its own.
    record RunningWorker(ModelWorker service, ConnectedChannel channel) implements AutoCloseable {

        boolean isAlive() {
            return service.worker().isAlive();
        }

        boolean isAssigned() {
            return service.worker().isAssigned();
        }

        int unfinished() {
            return service.worker().unfinished();
        }

        @Override
        public void close() {
            service.close();
            channel.close();
        }
    }

    RunningWorker worker() {
        Channels channels = new Channels();
        Workers workers = new Workers(channels);
        ModelWorker worker = new ModelWorker(workers, ServiceKafka::producer);
        ConnectedChannel channel = ConnectedChannel.open(
                kafka.connection(), ConnectedChannel.Parts.of(channels, workers), ModelWorker.REQUESTS, 512,
                Map.of("auto.commit.interval.ms", "100"), worker::take);
        worker.open(kafka, new Worker.Settings(Duration.ofSeconds(10), Duration.ofSeconds(1)), models,
                Clock.systemUTC());
        return new RunningWorker(worker, channel);
    }

    /// What the workers wrote about a run so far, in any order.
    List<SpecificRecord> writtenFor(String runId) {
        return read(Topics.TURN_ANSWERS).stream()
                .filter(record -> record.key().startsWith(runId + '/'))
                .map(record -> kafka.serde().fromBytes(record.value()))
                .toList();
    }

    List<SpecificRecord> awaitWritten(String runId, int count) {
        await(() -> writtenFor(runId).size() >= count);
        return writtenFor(runId);
    }

    static List<TurnAnswered> answers(List<SpecificRecord> written) {
        return written.stream().filter(TurnAnswered.class::isInstance).map(TurnAnswered.class::cast).toList();
    }

    List<ConsumerRecord<String, byte[]>> read(Topics topic) {
        List<ConsumerRecord<String, byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(kafka.connection().as("reader").consumer())) {
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

    /// Winds the pool's positions back to the beginning, as if its last commits had been lost.
    void forgetPositions() throws Exception {
        try (Admin admin = Admin.create(TestBroker.clientSettings())) {
            Map<TopicPartition, OffsetAndMetadata> start = java.util.stream.IntStream.range(0, PARTITIONS)
                    .boxed()
                    .collect(Collectors.toMap(n -> new TopicPartition(Topics.TURN_REQUESTS.topicName(), n),
                            n -> new OffsetAndMetadata(0)));
            admin.alterConsumerGroupOffsets(ModelWorker.POOL, start).all().get();
        }
    }

    /// Requests of the pool that are not committed.
    long lag() {
        try (Admin admin = Admin.create(TestBroker.clientSettings());
                KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(kafka.connection().as("lag").consumer())) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(ModelWorker.POOL)
                    .partitionsToOffsetAndMetadata().get();
            List<TopicPartition> partitions = java.util.stream.IntStream.range(0, PARTITIONS)
                    .mapToObj(n -> new TopicPartition(Topics.TURN_REQUESTS.topicName(), n))
                    .toList();
            return consumer.endOffsets(partitions).entrySet().stream()
                    .mapToLong(end -> end.getValue()
                            - (committed.get(end.getKey()) == null ? 0 : committed.get(end.getKey()).offset()))
                    .sum();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s in vain");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    private static EventMeta meta() {
        return new EventMeta(Ids.newEventId(), null, null, Requests.ASKED_AT);
    }

    static String requestIdOf(SpecificRecord event) {
        return String.valueOf(EventTypes.requestIdOf(event));
    }

    @Override
    public void close() {
        models.close();
        kafka.close();
        simulator.close();
    }
}
