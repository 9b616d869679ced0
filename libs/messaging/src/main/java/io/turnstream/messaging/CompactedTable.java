package io.turnstream.messaging;

import io.turnstream.events.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/// A single-partition compacted topic, read in full at the start and followed from then on, whatever happens to its
/// consumer: a small table in every process.
///
/// @param <V> what a record's bytes are turned into
public final class CompactedTable<V> implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(CompactedTable.class);

    private final Topics topic;
    private final Function<byte[], V> reader;
    private final Map<String, V> entries = new ConcurrentHashMap<>();
    private final CountDownLatch loaded = new CountDownLatch(1);
    private final Object changed = new Object();
    private final LogFollower follower;

    /// Starts to read.
    public CompactedTable(KafkaConnection connection, Topics topic, Function<byte[], V> reader) {
        this(topic, reader, () -> LogReader.following(connection.as("table-" + topic.topicName())));
    }

    /// @param readers makes one, and another one each time that one has failed
    CompactedTable(Topics topic, Function<byte[], V> reader, Supplier<LogReader<String>> readers) {
        if (topic.keyed() != Topics.Keyed.SINGLE) {
            throw new IllegalArgumentException(topic + " has several partitions: it cannot be read as a table");
        }
        this.topic = topic;
        this.reader = reader;
        this.follower = LogFollower.start("table-" + topic.topicName(), readers, new Rows());
    }

    /// The entry of a key as far as it is read.
    public Optional<V> get(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    /// All entries as far as they are read.
    public Map<String, V> entries() {
        return Map.copyOf(entries);
    }

    /// Waits until everything is read that stood in the topic at the start.
    ///
    /// @return this
    /// @throws IllegalStateException if that takes longer than `timeout`
    public CompactedTable<V> awaitLoaded(Duration timeout) {
        try {
            if (!loaded.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("could not read " + topic.topicName() + " within " + timeout.toSeconds()
                        + " s: is the broker reachable?");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading " + topic.topicName(), e);
        }
        return this;
    }

    /// The entry of a key, waiting for it to arrive.
    ///
    /// @return empty if it did not arrive in time
    public Optional<V> await(String key, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        synchronized (changed) {
            while (!entries.containsKey(key)) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return Optional.empty();
                }
                changed.wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            }
        }
        return get(key);
    }

    /// Whether it hears of changes. False while its consumer has failed and the next one does not work yet, and once it
    /// has given up on a log that cannot be read.
    public boolean isFollowing() {
        return follower.isFollowing();
    }

    private final class Rows implements LogFollower.Listener {

        private long end;

        @Override
        public Map<TopicPartition, Long> begin(LogReader<String> log) {
            List<TopicPartition> partition = List.of(new TopicPartition(topic.topicName(), 0));
            end = log.ends(partition).values().iterator().next();
            return log.beginnings(partition);
        }

        @Override
        public void take(ConsumerRecord<String, byte[]> record) {
            apply(record);
        }

        @Override
        public void reached(TopicPartition partition, long position) {
            if (position >= end) {
                loaded.countDown();
            }
        }
    }

    private void apply(ConsumerRecord<String, byte[]> record) {
        try {
            if (record.value() == null) {
                entries.remove(record.key());
            } else {
                entries.put(record.key(), reader.apply(record.value()));
            }
        } catch (RuntimeException | StackOverflowError e) {
            LOG.errorf("%s[%d]@%d cannot be read and is left out: %s", topic.topicName(), record.partition(),
                    record.offset(),
                    e.getMessage());
        }
        synchronized (changed) {
            changed.notifyAll();
        }
    }

    @Override
    public void close() {
        follower.close();
    }
}
