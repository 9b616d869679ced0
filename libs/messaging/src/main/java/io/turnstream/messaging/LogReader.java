package io.turnstream.messaging;

import io.turnstream.contracts.LogRange;
import io.turnstream.events.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads committed records of the log from where to where it is told, shares them with nobody and commits nothing: the
/// one place that has a plain Kafka consumer. What comes later, too, is for a [LogFollower].
///
/// How far it has read is told by its position, not by the last record: what stands last may be a marker of a
/// transaction, which nobody sees. Records that retention has taken are passed over. A broker that is away is waited
/// for. What a consumer fails at, it fails at; of a damaged record the failure says where it lies ([DamagedRecord]).
///
/// For one thread.
///
/// @param <K> keys as text, or as bytes where they must stay what they are
public final class LogReader<K> implements AutoCloseable {

    /// Whether enough of a partition is read.
    @FunctionalInterface
    public interface Until {

        /// @param position one past the last offset that was read, or where reading begins
        boolean isRead(TopicPartition partition, long position);
    }

    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RECORDS_AT_ONCE = 2_000;
    /// A fetch that waits at the end of one partition holds up the next, and closing.
    private static final int FETCH_WAIT_MILLIS = 5;
    private static final int FETCH_WAIT_FOLLOWING_MILLIS = 100;
    private static final int GROUP_PATIENCE_MILLIS = 10_000;

    private final org.apache.kafka.clients.consumer.Consumer<K, byte[]> consumer;
    private boolean isReading;

    LogReader(org.apache.kafka.clients.consumer.Consumer<K, byte[]> consumer) {
        this.consumer = consumer;
    }

    private LogReader(Map<String, Object> properties) {
        this(new KafkaConsumer<>(properties));
    }

    /// A reader of what stands in the log.
    public static LogReader<String> of(KafkaConnection connection) {
        return new LogReader<>(reading(connection.consumer()));
    }

    /// A reader that leaves keys as they are.
    public static LogReader<byte[]> ofBytes(KafkaConnection connection) {
        Map<String, Object> properties = reading(connection.consumer());
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return new LogReader<>(properties);
    }

    /// A reader that knows how far a group has come, without joining it. Its questions are given up after 10 s.
    public static LogReader<String> knowing(KafkaConnection connection, String groupId) {
        Map<String, Object> properties = reading(connection.consumer(groupId));
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, GROUP_PATIENCE_MILLIS);
        return new LogReader<>(properties);
    }

    /// A reader that waits at the end of the log most of the time.
    static LogReader<String> following(KafkaConnection connection) {
        Map<String, Object> properties = connection.consumer();
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_FOLLOWING_MILLIS);
        return new LogReader<>(properties);
    }

    /// Reads all that a topic holds now.
    public static void readAll(KafkaConnection connection, Topics topic,
            Consumer<ConsumerRecord<String, byte[]>> reader) {
        try (LogReader<String> log = of(connection)) {
            log.read(log.whole(topic), reader);
        }
    }

    private static Map<String, Object> reading(Map<String, Object> properties) {
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_AT_ONCE);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        return properties;
    }

    /// The partitions of a topic, in order.
    public List<TopicPartition> partitions(Topics topic) {
        return partitions(topic.topicName());
    }

    /// The partitions of a topic, in order.
    public List<TopicPartition> partitions(String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }

    /// The first offsets that are there.
    public Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions) {
        assign(partitions);
        return consumer.beginningOffsets(partitions);
    }

    /// One past the last offsets before which no transaction is open.
    public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        assign(partitions);
        return consumer.endOffsets(partitions);
    }

    /// The offsets of the first records at given times or later; nothing for a partition that has none.
    ///
    /// @param millis ms since the epoch; what is before it counts as the epoch
    public Map<TopicPartition, Long> since(Map<TopicPartition, Long> millis) {
        Map<TopicPartition, Long> times = new HashMap<>();
        millis.forEach((partition, time) -> times.put(partition, Math.max(0, time)));
        assign(times.keySet());
        Map<TopicPartition, Long> offsets = new HashMap<>();
        consumer.offsetsForTimes(times).forEach((partition, found) -> {
            if (found != null) {
                offsets.put(partition, found.offset());
            }
        });
        return offsets;
    }

    /// Also to ask for offsets: else the client warns that it has no use for what it is told.
    private void assign(Collection<TopicPartition> partitions) {
        if (isReading) {
            throw new IllegalStateException(
                    "it reads already: what is told of a record needs a reader of its own to look further");
        }
        consumer.assign(partitions);
    }

    /// What the group of [#knowing] has committed; null for a partition of which it has committed nothing.
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        return consumer.committed(partitions);
    }

    /// All that a topic holds now.
    public List<LogRange> whole(Topics topic) {
        List<TopicPartition> partitions = partitions(topic);
        Map<TopicPartition, Long> first = beginnings(partitions);
        Map<TopicPartition, Long> end = ends(partitions);
        return partitions.stream().map(partition -> range(partition, first.get(partition), end.get(partition)))
                .toList();
    }

    /// @param first offset
    /// @param end one past the last offset
    public static LogRange range(TopicPartition partition, long first, long end) {
        return new LogRange(partition.topic(), partition.partition(), first, end);
    }

    /// Reads ranges, at most one a partition: in order within a partition, partitions side by side. What `reader`
    /// throws ends the reading.
    ///
    /// @return how many records were read
    /// @throws TimeoutException if nothing more comes for 60 s
    public long read(Collection<LogRange> ranges, Consumer<ConsumerRecord<K, byte[]>> reader) {
        return new Ranges(ranges, reader).read();
    }

    /// Whether a record that can be read stands in one of some ranges.
    public boolean holdsRecords(Collection<LogRange> ranges) {
        return new Ranges(ranges, record -> {}).findOne();
    }

    /// Reads partitions side by side, each from an offset on, until enough of each is read.
    ///
    /// @param until asked before each look for more, which takes a moment; records may be read beyond
    public void read(Map<TopicPartition, Long> from, Consumer<ConsumerRecord<K, byte[]>> reader, Until until) {
        assign(from.keySet());
        // from an earlier reading some may be paused
        consumer.resume(from.keySet());
        from.forEach(consumer::seek);
        isReading = true;
        try {
            Set<TopicPartition> unread = new HashSet<>(from.keySet());
            while (true) {
                List<TopicPartition> read = unread.stream()
                        .filter(partition -> until.isRead(partition, consumer.position(partition)))
                        .toList();
                read.forEach(unread::remove);
                if (unread.isEmpty()) {
                    return;
                }
                consumer.pause(read);
                consumer.poll(LOOK).forEach(reader);
            }
        } finally {
            isReading = false;
        }
    }

    /// Where reading stands in a partition that is being read, or was until it failed.
    public long position(TopicPartition partition) {
        return consumer.position(partition);
    }

    /// Ends what it is doing with a [org.apache.kafka.common.errors.WakeupException]; from another thread.
    void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }

    /// One reading of ranges.
    private final class Ranges {

        private final Map<TopicPartition, LogRange> ranges = new HashMap<>();
        private final Map<TopicPartition, Long> from = new HashMap<>();
        private final Map<TopicPartition, Long> positions = new HashMap<>();
        private final Consumer<ConsumerRecord<K, byte[]>> reader;
        private long count;
        private long countBefore;
        private long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();

        private Ranges(Collection<LogRange> all, Consumer<ConsumerRecord<K, byte[]>> reader) {
            this.reader = reader;
            for (LogRange range : all) {
                TopicPartition partition = new TopicPartition(range.getTopic(), range.getPartition());
                if (range.getFirstOffset() < range.getEndOffset()) {
                    from.put(partition, range.getFirstOffset());
                    if (ranges.put(partition, range) != null) {
                        throw new IllegalArgumentException(
                                "two ranges of " + partition + " cannot be read side by side");
                    }
                }
            }
        }

        private long read() {
            LogReader.this.read(from, this::take, this::isRead);
            return count;
        }

        private boolean findOne() {
            LogReader.this.read(from, this::take, (partition, position) -> count > 0 || isRead(partition, position));
            return count > 0;
        }

        private void take(ConsumerRecord<K, byte[]> record) {
            LogRange range = ranges.get(new TopicPartition(record.topic(), record.partition()));
            if (record.offset() >= range.getFirstOffset() && record.offset() < range.getEndOffset()) {
                count++;
                reader.accept(record);
            }
        }

        private boolean isRead(TopicPartition partition, long position) {
            if (position >= ranges.get(partition).getEndOffset()) {
                return true;
            }
            Long before = positions.put(partition, position);
            if (before == null || before != position || count > countBefore) {
                countBefore = count;
                deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() - deadlineNanos > 0) {
                throw new TimeoutException(
                        "cannot read " + partition + " on from offset " + position + ": nothing came for "
                                + PATIENCE.toSeconds() + " s");
            }
            return false;
        }
    }
}
