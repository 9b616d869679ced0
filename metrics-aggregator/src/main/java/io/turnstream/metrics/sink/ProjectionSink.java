package io.turnstream.metrics.sink;

import com.mongodb.MongoException;
import io.turnstream.messaging.DeadLetter;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.projection.store.Entry;
import io.turnstream.projection.store.EventWriter;
import io.turnstream.projection.store.SinkOffsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jboss.logging.Logger;

/// Writes one topic into the projection, and its position beside the data and after it.
///
/// What cannot be read goes to the dead letters, and what the store refuses, each alone; the others are written.
final class ProjectionSink {

    private static final Logger LOG = Logger.getLogger(ProjectionSink.class);
    private static final int BATCH_BYTES = 2 << 20;

    private final String topic;
    private final String group;
    private final ServiceKafka kafka;
    private final EventWriter writer;
    private final SinkOffsets offsets;
    private volatile boolean forgetful;

    ProjectionSink(String topic, String group, ServiceKafka kafka, EventWriter writer, SinkOffsets offsets) {
        this.topic = topic;
        this.group = group;
        this.kafka = kafka;
        this.writer = writer;
        this.offsets = offsets;
    }

    String topic() {
        return topic;
    }

    String group() {
        return group;
    }

    /// As its consumer reaches Kafka.
    KafkaConnection connection() {
        return kafka.connection().as("sink-" + topic);
    }

    /// The next offset of each partition, as the store has it; a partition of which nothing was written is missing.
    Map<Integer, Long> positions(Collection<Integer> partitions) {
        return offsets.read(partitions);
    }

    /// Somebody else may have written since.
    void forget() {
        forgetful = true;
    }

    /// Writes the records of some partitions, then their positions.
    ///
    /// @return the positions
    /// @throws MongoException if the store did not take them; all can be written again
    Map<TopicPartition, OffsetAndMetadata> write(
            ConsumerRecords<String, byte[]> records, Collection<TopicPartition> partitions) {
        if (forgetful) {
            forgetful = false;
            writer.forget();
        }
        List<ConsumerRecord<String, byte[]>> readable = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        int bytes = 0;
        for (TopicPartition partition : partitions) {
            for (ConsumerRecord<String, byte[]> record : records.records(partition)) {
                try {
                    entries.add(read(record));
                    readable.add(record);
                } catch (RuntimeException | StackOverflowError e) {
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
            positions.put(partition, next(records, partition));
        }
        write(readable, entries);
        Map<Integer, Long> next = new HashMap<>();
        positions.forEach((partition, offset) -> next.put(partition.partition(), offset.offset()));
        offsets.write(next);
        return positions;
    }

    /// Behind the last record, and behind a transaction's marker that follows it.
    private static OffsetAndMetadata next(ConsumerRecords<String, byte[]> records, TopicPartition partition) {
        OffsetAndMetadata next = records.nextOffsets().get(partition);
        return next == null ? new OffsetAndMetadata(records.records(partition).getLast().offset() + 1) : next;
    }

    private void write(List<ConsumerRecord<String, byte[]>> records, List<Entry> entries) {
        try {
            writer.write(entries);
        } catch (RuntimeException | StackOverflowError e) {
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
            } catch (RuntimeException | StackOverflowError e) {
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

    private void bury(ConsumerRecord<String, byte[]> record, Throwable reason) {
        LOG.errorf("%s[%d]@%d goes to the dead letters: %s", record.topic(), record.partition(), record.offset(),
                reason.getClass().getSimpleName());
        try {
            kafka.producer().sendDeadLetter(DeadLetter.of(record, String.valueOf(reason.getMessage()))).join();
        } catch (CompletionException e) {
            throw new IllegalStateException(
                    "cannot write a dead letter for " + record.topic() + '[' + record.partition() + "]@"
                            + record.offset(),
                    e.getCause());
        }
    }

    private static boolean isOutage(Throwable e) {
        return e instanceof MongoException failure && !StoreRefusal.isRefusal(failure);
    }
}
