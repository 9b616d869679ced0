package io.turnstream.audit.archive;

import io.turnstream.audit.LoggedEvent;
import io.turnstream.audit.RunEvents;
import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.FileEntry;
import io.turnstream.contracts.ProtocolPackPublished;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Copies a run's events from an archive into the topics of this installation, unchanged and in their order, each with
/// a header that says so. Nothing is planned, asked or accepted anew: whoever would act on them skips records with that
/// header.
///
/// An import that was interrupted goes on where it ended: what is written of a partition is always the beginning of
/// what has to be. The run's own events come last, so a run is known only when all of it is there.
public final class ArchiveImport {

    private static final List<Topics> ORDER = order();

    private final Archive archive;
    private final KafkaConnection connection;
    private final EventSerde serde;
    private final Consumer<byte[]> images;
    private final Clock clock;

    /// @param images takes every image of the archive
    public ArchiveImport(Archive archive, KafkaConnection connection, EventSerde serde, Consumer<byte[]> images,
            Clock clock) {
        this.archive = archive;
        this.connection = connection;
        this.serde = serde;
        this.images = images;
        this.clock = clock;
    }

    /// What was done.
    ///
    /// @param copied events that were written now
    /// @param found events that an earlier import had written
    public record Result(String runId, long copied, long found, int images, int packs) {}

    /// Copies the run. The archive should have been verified before; its files are checked again while they are read.
    ///
    /// @throws RunIsHereException if the run was made here, or more of it is here than the archive holds
    public Result run() {
        Map<TopicPartition, Long> present = PresentRecords.of(connection, archive.runId(), ORDER);
        long found = present.values().stream().mapToLong(Long::longValue).sum();
        if (found > archive.manifest().events()) {
            throw new RunIsHereException(archive.runId(), "more of it is in the log than in the archive");
        }
        if (found == archive.manifest().events()) {
            return new Result(archive.runId(), 0, found, 0, 0);
        }
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(connection.as("import").producer())) {
            Copy copy = new Copy(producer, present);
            archive.images().forEach(image -> images.accept(archive.image(image)));
            int packs = publish(copy);
            for (Topics topic : ORDER) {
                copy.topic(topic);
            }
            return new Result(archive.runId(), copy.copied, found, archive.images().size(), packs);
        }
    }

    private int publish(Copy copy) {
        for (String digest : archive.packs()) {
            ProtocolPack pack = archive.pack(digest);
            List<FileEntry> files = new ArrayList<>();
            pack.files().forEach((path, bytes) -> files.add(new FileEntry(path, ByteBuffer.wrap(bytes))));
            ProtocolPackPublished published = new ProtocolPackPublished(
                    new EventMeta(Ids.newEventId(), null, null, clock.millis()), pack.digest(), pack.name(), files);
            copy.send(new ProducerRecord<>(Topics.PROTOCOL_PACKS.topicName(), null, pack.digest(),
                    serde.toBytes(published),
                    EventHeaders.of(published, "import", pack.digest(), null)));
        }
        copy.settle();
        return archive.packs().size();
    }

    private static List<Topics> order() {
        List<Topics> order = new ArrayList<>(RunEvents.BY_DIALOGUE);
        order.add(Topics.DIALOGUE_PROGRESS);
        order.add(Topics.RUNS);
        return List.copyOf(order);
    }

    private final class Copy {

        private final KafkaProducer<String, byte[]> producer;
        private final Map<TopicPartition, Long> present;
        private final Map<TopicPartition, Long> passed = new HashMap<>();
        private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        private long copied;

        private Copy(KafkaProducer<String, byte[]> producer, Map<TopicPartition, Long> present) {
            this.producer = producer;
            this.present = present;
        }

        /// Whatever the number of partitions here: the order within each is that of the archive, partition after
        /// partition.
        private void topic(Topics topic) {
            int partitions = producer.partitionsFor(topic.topicName()).size();
            archive.read(topic, event -> {
                int partition = BuiltInPartitioner.partitionForKey(event.key().getBytes(StandardCharsets.UTF_8),
                        partitions);
                TopicPartition target = new TopicPartition(topic.topicName(), partition);
                if (passed.merge(target, 1L, Long::sum) > present.getOrDefault(target, 0L)) {
                    send(new ProducerRecord<>(target.topic(), partition, event.timestampMillis(), event.key(),
                            serde.copyToBytes(event.written()),
                            headersOf(event)));
                    copied++;
                }
            });
            settle();
        }

        private void send(ProducerRecord<String, byte[]> record) {
            producer.send(record, (metadata, failed) -> {
                if (failed != null) {
                    failure.compareAndSet(null, failed);
                }
            });
            check();
        }

        private void settle() {
            producer.flush();
            check();
        }

        private void check() {
            Exception failed = failure.get();
            if (failed != null) {
                throw new IllegalStateException(
                        "cannot write the events of run " + archive.runId() + ": " + failed.getMessage(), failed);
            }
        }

        private Headers headersOf(LoggedEvent event) {
            Headers headers = new RecordHeaders(event.headers().toArray());
            headers.remove(EventHeaders.IMPORTED);
            headers.add(EventHeaders.IMPORTED, archive.digest().getBytes(StandardCharsets.UTF_8));
            if (headers.lastHeader(EventHeaders.ORIGIN) == null) {
                String origin = event.partition() + "@" + event.offset() + '@' + event.timestampMillis();
                headers.add(EventHeaders.ORIGIN, origin.getBytes(StandardCharsets.UTF_8));
            }
            return headers;
        }
    }
}
