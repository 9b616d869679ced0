package io.turnstream.messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Reads partitions on and on, on a thread of its own, until it is closed.
///
/// Whatever fails on the way, it says so and goes on with another consumer where that one stood, after a pause that
/// grows to 10 s, for as long as it takes. Only a log that is damaged is no better the next time.
public final class LogFollower implements AutoCloseable {

    /// Who is told what comes; on the follower's thread.
    public interface Listener {

        /// Where to begin. Asked again after it has failed, and never once it has answered, unless [#isBeyondDamage()].
        Map<TopicPartition, Long> begin(LogReader<String> log);

        /// Takes a record. If this throws, the record comes again: what no repetition mends is the listener's to catch.
        void take(ConsumerRecord<String, byte[]> record);

        /// Everything before a position was taken; told of each partition several times a second, whether records come
        /// or not.
        default void reached(TopicPartition partition, long position) {}

        /// Whether it would rather begin anew than hear nothing any more because a record is damaged.
        default boolean isBeyondDamage() {
            return false;
        }
    }

    private static final Logger LOG = Logger.getLogger(LogFollower.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final String name;
    private final Supplier<LogReader<String>> readers;
    private final Listener listener;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    /// One past the offsets that were read; of the thread alone.
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private volatile @Nullable LogReader<String> reader;
    private volatile boolean closing;
    private volatile boolean following;

    private LogFollower(String name, Supplier<LogReader<String>> readers, Listener listener) {
        this.name = name;
        this.readers = readers;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::follow);
    }

    /// Starts to follow.
    ///
    /// @param name of the thread and the client
    public static LogFollower start(String name, KafkaConnection connection, Listener listener) {
        KafkaConnection named = connection.as(name);
        return start(name, () -> LogReader.following(named), listener);
    }

    /// @param readers makes one, and another one each time that one has failed
    static LogFollower start(String name, Supplier<LogReader<String>> readers, Listener listener) {
        LogFollower follower = new LogFollower(name, readers, listener);
        follower.thread.start();
        return follower;
    }

    /// Whether it hears of what comes. False until it has begun to, while its consumer has failed and the next one does
    /// not work yet, and once it has given up.
    public boolean isFollowing() {
        return following && thread.isAlive();
    }

    /// False once it has given up on a log that is damaged.
    public boolean isAlive() {
        return closing || thread.isAlive();
    }

    /// The outermost frame of the thread.
    private void follow() {
        Duration pause = FIRST_PAUSE;
        while (!closing) {
            Map<TopicPartition, Long> before = Map.copyOf(next);
            try {
                read();
            } catch (WakeupException e) {
                LOG.tracef("closed %s", name);
            } catch (Throwable e) {
                following = false;
                if (closing) {
                    LOG.debugf(e, "%s: what it was at when it was closed", name);
                    return;
                }
                if (DamagedRecord.in(e).isPresent()) {
                    if (!listener.isBeyondDamage()) {
                        throw e;
                    }
                    next.clear();
                }
                pause = next.equals(before) ? pause : FIRST_PAUSE;
                LOG.errorf(e, "%s: the log is not followed now; trying again in %d ms", name, pause.toMillis());
                await(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private void await(Duration pause) {
        try {
            ended.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            LOG.debugf("%s: the pause was cut short", name);
        }
    }

    private void read() {
        try (LogReader<String> opened = readers.get()) {
            reader = opened;
            if (next.isEmpty()) {
                next.putAll(listener.begin(opened));
            }
            if (next.isEmpty()) {
                throw new IllegalStateException("there are no partitions to follow");
            }
            Map<TopicPartition, Long> from = Map.copyOf(next);
            int[] asked = {0};
            opened.read(from, this::take, (partition, position) -> {
                next.put(partition, position);
                listener.reached(partition, position);
                // it can be told of what comes only once the log was looked at
                following |= ++asked[0] > from.size();
                return closing;
            });
        } finally {
            reader = null;
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        listener.take(record);
        next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
    }

    @Override
    public void close() {
        closing = true;
        ended.countDown();
        LogReader<String> open = reader;
        if (open != null) {
            open.wakeup();
        }
        try {
            thread.join(CLOSING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
