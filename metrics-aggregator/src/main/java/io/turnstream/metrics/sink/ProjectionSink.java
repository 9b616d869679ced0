package io.turnstream.metrics.sink;

import com.mongodb.MongoException;
import io.turnstream.messaging.DeadLetter;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.projection.store.Entry;
import io.turnstream.projection.store.EventWriter;
import io.turnstream.projection.store.SinkOffsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/// Writes one topic into the projection.
///
/// Its position is kept beside the data and written after it, and it is where reading goes on when a partition is assigned; the
/// group's offsets in Kafka are written for those who watch its lag, and never read. While the store is down the sink stays in its
/// group, reads nothing, and tries again from the last position that the store has. Before each batch, and every few seconds without
/// one, it looks whether the store still has the position it wrote: a store that lost its last moments, or everything, is written
/// again from where it stands.
final class ProjectionSink implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ProjectionSink.class);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration IDLE_CHECK = Duration.ofSeconds(5);
    private static final Duration GATHERING = Duration.ofMillis(400);
    private static final int BATCH_BYTES = 2 << 20;
    /// What is fetched ahead, compressed: a log that is read from far behind must not fill the memory.
    private static final int FETCHED_BYTES = 4 << 20;
    private static final int RECORDS_PER_BATCH = 1_000;

    private final String topic;
    private final ServiceKafka kafka;
    private final EventWriter writer;
    private final SinkOffsets offsets;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;

    /// Assigned partitions that are not at the store's position yet: paused, and nothing of them is written. Used by the sink's thread only.
    private final Set<TopicPartition> unpositioned = new HashSet<>();

    /// The positions that the store must have; none for a partition of which nothing was written.
    private final Map<TopicPartition, Long> written = new HashMap<>();
    private long checkedAtNanos;
    private Duration pause = Duration.ZERO;
    private boolean holding;

    private volatile boolean closing;
    private volatile boolean ready;

    ProjectionSink(String topic, String group, ServiceKafka kafka, EventWriter writer, SinkOffsets offsets) {
        this.topic = topic;
        this.kafka = kafka;
        this.writer = writer;
        this.offsets = offsets;
        Map<String, Object> properties = kafka.connection().as("sink-" + topic).consumer(group);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_PER_BATCH);
        // The store rewrites a whole document with each update: half a second's records are one, not ten.
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, BATCH_BYTES);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCHED_BYTES);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) GATHERING.toMillis());
        this.consumer = new KafkaConsumer<>(properties);
        this.thread = Thread.ofPlatform().name("sink-" + topic).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Whether it runs; false once it has failed for good or was closed.
    boolean isAlive() {
        return thread.isAlive();
    }

    /// Whether the store takes what it writes.
    boolean isReady() {
        return ready;
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(topic), new Assignment());
            while (!closing) {
                try {
                    step();
                } catch (RetriableException e) {
                    LOG.debugf("%s: %s", topic, e.getMessage());
                }
            }
        } catch (WakeupException e) {
            LOG.tracef("%s: closed", topic);
        } catch (RuntimeException e) {
            LOG.errorf(e, "%s: the sink has failed", topic);
        } finally {
            ready = false;
        }
    }

    private void step() {
        ConsumerRecords<String, byte[]> records = consumer.poll(holding ? pause : POLL);
        try {
            if (!unpositioned.isEmpty()) {
                List<TopicPartition> waiting = List.copyOf(unpositioned);
                position(waiting);
                consumer.resume(waiting);
                holding = false;
            } else if (!records.isEmpty() || System.nanoTime() - checkedAtNanos > IDLE_CHECK.toNanos()) {
                checkPositions();
            }
            if (!records.isEmpty()) {
                write(records);
                if (!pause.isZero()) {
                    LOG.infof("%s: the document store is back", topic);
                    pause = Duration.ZERO;
                }
            }
            ready = true;
        } catch (MongoException e) {
            holdOn(e);
        }
    }

    /// Goes back to what the store has, and reads nothing for a while; longer each time until a write succeeds.
    private void holdOn(MongoException e) {
        if (pause.isZero()) {
            LOG.warnf("%s: the document store does not take what is written, and is tried again: %s", topic, e.getClass().getSimpleName());
        }
        Duration doubled = pause.multipliedBy(2);
        pause = pause.isZero() ? FIRST_PAUSE : doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        holding = true;
        ready = false;
        writer.forget();
        consumer.pause(consumer.assignment());
        unpositioned.addAll(consumer.assignment());
    }

    private void checkPositions() {
        Set<TopicPartition> assigned = consumer.assignment();
        Map<Integer, Long> stored = offsets.read(assigned.stream().map(TopicPartition::partition).toList());
        checkedAtNanos = System.nanoTime();
        List<TopicPartition> moved = assigned.stream()
                .filter(partition -> !Objects.equals(stored.get(partition.partition()), written.get(partition)))
                .toList();
        if (!moved.isEmpty()) {
            LOG.warnf("%s: the document store stands elsewhere than it was left, in %d partitions; going on from there", topic, moved.size());
            consumer.pause(moved);
            unpositioned.addAll(moved);
        }
    }

    private void position(Collection<TopicPartition> partitions) {
        Map<Integer, Long> stored = offsets.read(partitions.stream().map(TopicPartition::partition).toList());
        writer.forget();
        List<TopicPartition> fresh = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            Long next = stored.get(partition.partition());
            if (next == null) {
                written.remove(partition);
                fresh.add(partition);
            } else {
                written.put(partition, next);
                consumer.seek(partition, next);
            }
        }
        if (!fresh.isEmpty()) {
            consumer.seekToBeginning(fresh);
        }
        unpositioned.removeAll(partitions);
    }

    private void write(ConsumerRecords<String, byte[]> records) {
        List<ConsumerRecord<String, byte[]>> readable = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        int bytes = 0;
        for (ConsumerRecord<String, byte[]> record : records) {
            if (unpositioned.contains(new TopicPartition(record.topic(), record.partition()))) {
                continue;
            }
            try {
                entries.add(read(record));
                readable.add(record);
            } catch (SerializationException e) {
                bury(record, e);
            }
            bytes += Math.max(0, record.serializedValueSize());
            if (bytes >= BATCH_BYTES) {
                write(readable, entries);
                readable.clear();
                entries.clear();
                bytes = 0;
            }
        }
        write(readable, entries);
        Map<Integer, Long> next = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        records.nextOffsets().forEach((partition, offset) -> {
            if (!unpositioned.contains(partition)) {
                next.put(partition.partition(), offset.offset());
                committed.put(partition, offset);
            }
        });
        offsets.write(next);
        committed.forEach((partition, offset) -> written.put(partition, offset.offset()));
        consumer.commitAsync(committed, null);
    }

    private void write(List<ConsumerRecord<String, byte[]>> records, List<Entry> entries) {
        try {
            writer.write(entries);
        } catch (RuntimeException e) {
            if (isOutage(e)) {
                throw e;
            }
            LOG.warnf("%s: a batch of %d is written one by one, because the store refuses it", topic, entries.size());
            writeOneByOne(records, entries);
        }
    }

    private void writeOneByOne(List<ConsumerRecord<String, byte[]>> records, List<Entry> entries) {
        writer.forget();
        for (int i = 0; i < entries.size(); i++) {
            try {
                writer.write(List.of(entries.get(i)));
            } catch (RuntimeException e) {
                if (isOutage(e)) {
                    throw e;
                }
                writer.forget();
                bury(records.get(i), e);
            }
        }
    }

    private Entry read(ConsumerRecord<String, byte[]> record) {
        if (record.key() == null) {
            throw new SerializationException("the record has no key");
        }
        return new Entry(record.key(), record.value() == null ? null : kafka.serde().fromBytes(record.value()));
    }

    private void bury(ConsumerRecord<String, byte[]> record, RuntimeException reason) {
        LOG.errorf("%s[%d]@%d goes to the dead letters: %s", record.topic(), record.partition(), record.offset(), reason.getClass().getSimpleName());
        try {
            kafka.producer().sendDeadLetter(DeadLetter.of(record, String.valueOf(reason.getMessage()))).join();
        } catch (CompletionException e) {
            throw new IllegalStateException("cannot write a dead letter for " + record.topic() + '[' + record.partition() + "]@"
                    + record.offset(), e.getCause());
        }
    }

    private static boolean isOutage(RuntimeException e) {
        return e instanceof MongoException failure && !StoreRefusal.isRefusal(failure);
    }

    /// Asks it to stop after the batch in hand.
    void stop() {
        closing = true;
        consumer.wakeup();
    }

    @Override
    public void close() {
        stop();
        try {
            if (thread.getState() == Thread.State.NEW) {
                consumer.close();
            } else {
                thread.join(Duration.ofSeconds(10));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Assignment implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            unpositioned.addAll(partitions);
            consumer.pause(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(written::remove);
            unpositioned.removeAll(partitions);
        }
    }
}
