package io.turnstream.messaging;

import io.turnstream.contracts.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/// A single-partition compacted topic, read in full at the start and followed from then on: a small table in every process.
///
/// @param <V> what a record's bytes are turned into
public final class CompactedTable<V> implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(CompactedTable.class);

    private final Topics topic;
    private final Function<byte[], V> reader;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, V> entries = new ConcurrentHashMap<>();
    private final CountDownLatch loaded = new CountDownLatch(1);
    private final Object changed = new Object();
    private final Thread thread;
    private volatile boolean closing;

    /// Starts to read.
    public CompactedTable(KafkaConnection connection, Topics topic, Function<byte[], V> reader) {
        if (topic.keyed() != Topics.Keyed.SINGLE) {
            throw new IllegalArgumentException(topic + " has several partitions: it cannot be read as a table");
        }
        this.topic = topic;
        this.reader = reader;
        Map<String, Object> properties = connection.as("table-" + topic.topicName()).consumer();
        // Closing waits for the fetch that is under way.
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        this.consumer = new KafkaConsumer<>(properties);
        this.thread = Thread.ofPlatform().name("table-" + topic.topicName()).daemon().start(this::follow);
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

    private void follow() {
        TopicPartition partition = new TopicPartition(topic.topicName(), 0);
        try (consumer) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = -1;
            while (!closing) {
                try {
                    if (end < 0) {
                        end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
                        // where nothing was ever written there is nothing to wait for
                        noteLoaded(partition, end);
                    }
                    for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                        apply(record);
                    }
                    noteLoaded(partition, end);
                } catch (WakeupException e) {
                    return;
                } catch (org.apache.kafka.common.errors.RetriableException e) {
                    LOG.debugf("reading %s: %s", topic.topicName(), e.getMessage());
                }
            }
        } catch (WakeupException e) {
            LOG.tracef("closed %s", topic.topicName());
        }
    }

    private void noteLoaded(TopicPartition partition, long end) {
        if (loaded.getCount() > 0 && consumer.position(partition) >= end) {
            loaded.countDown();
        }
    }

    private void apply(ConsumerRecord<String, byte[]> record) {
        try {
            if (record.value() == null) {
                entries.remove(record.key());
            } else {
                entries.put(record.key(), reader.apply(record.value()));
            }
        } catch (RuntimeException e) {
            LOG.errorf("%s[%d]@%d cannot be read and is left out: %s", topic.topicName(), record.partition(), record.offset(),
                    e.getMessage());
        }
        synchronized (changed) {
            changed.notifyAll();
        }
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
