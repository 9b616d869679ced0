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
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A single-partition compacted topic, read in full at the start and followed from then on, whatever happens to its consumer: a small table in
/// every process.
///
/// @param <V> what a record's bytes are turned into
public final class CompactedTable<V> implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(CompactedTable.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Topics topic;
    private final Function<byte[], V> reader;
    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Map<String, V> entries = new ConcurrentHashMap<>();
    private final CountDownLatch loaded = new CountDownLatch(1);
    private final Object changed = new Object();
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Consumer<String, byte[]> consumer;
    private volatile boolean closing;
    private volatile boolean following;
    /// The offset behind what was read; of the thread alone.
    private long next;

    /// Starts to read.
    public CompactedTable(KafkaConnection connection, Topics topic, Function<byte[], V> reader) {
        this(topic, reader, () -> {
            Map<String, Object> properties = connection.as("table-" + topic.topicName()).consumer();
            // Closing waits for the fetch that is under way.
            properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
            return new KafkaConsumer<>(properties);
        });
    }

    /// @param consumers makes one, and another one each time that one has failed
    CompactedTable(Topics topic, Function<byte[], V> reader, Supplier<Consumer<String, byte[]>> consumers) {
        if (topic.keyed() != Topics.Keyed.SINGLE) {
            throw new IllegalArgumentException(topic + " has several partitions: it cannot be read as a table");
        }
        this.topic = topic;
        this.reader = reader;
        this.consumers = consumers;
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

    /// Whether it hears of changes. False while its consumer has failed and the next one does not work yet, and once it has given up on a log
    /// that cannot be read.
    public boolean isFollowing() {
        return following && thread.isAlive();
    }

    /// The outermost frame of the thread: whatever its consumer fails at, the next one goes on where that one stood, for as long as it takes.
    /// Only a log that is damaged is no better the next time.
    private void follow() {
        Duration pause = FIRST_PAUSE;
        while (!closing) {
            long before = next;
            try {
                read();
            } catch (WakeupException e) {
                LOG.tracef("closed %s", topic.topicName());
            } catch (Throwable e) {
                following = false;
                if (DamagedRecord.in(e).isPresent()) {
                    throw e;
                }
                pause = next > before ? FIRST_PAUSE : pause;
                LOG.errorf(e, "%s is not followed now; trying again in %d ms", topic.topicName(), pause.toMillis());
                await(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private void await(Duration pause) {
        try {
            ended.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            LOG.debugf("%s: the pause was cut short", topic.topicName());
        }
    }

    private void read() {
        TopicPartition partition = new TopicPartition(topic.topicName(), 0);
        try (Consumer<String, byte[]> opened = consumers.get()) {
            consumer = opened;
            opened.assign(List.of(partition));
            if (next == 0) {
                opened.seekToBeginning(List.of(partition));
            } else {
                opened.seek(partition, next);
            }
            long end = -1;
            while (!closing) {
                try {
                    if (end < 0) {
                        end = opened.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
                        // where nothing was ever written there is nothing to wait for
                        noteLoaded(opened, partition, end);
                    }
                    for (ConsumerRecord<String, byte[]> record : opened.poll(POLL)) {
                        apply(record);
                        next = record.offset() + 1;
                    }
                    noteLoaded(opened, partition, end);
                    following = true;
                } catch (org.apache.kafka.common.errors.RetriableException e) {
                    LOG.debugf("reading %s: %s", topic.topicName(), e.getMessage());
                }
            }
        } finally {
            consumer = null;
        }
    }

    private void noteLoaded(Consumer<String, byte[]> opened, TopicPartition partition, long end) {
        if (loaded.getCount() > 0 && opened.position(partition) >= end) {
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
        } catch (RuntimeException | StackOverflowError e) {
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
        ended.countDown();
        Consumer<String, byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
