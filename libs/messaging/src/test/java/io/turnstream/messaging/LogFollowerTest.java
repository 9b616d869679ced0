package io.turnstream.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogFollowerTest {

    private static final TopicPartition LEFT = new TopicPartition("topic", 0);
    private static final TopicPartition RIGHT = new TopicPartition("topic", 1);
    private static final long PATIENCE_SECONDS = 30;

    /// What polls do, one after the other; nothing once it is empty.
    private final Queue<Runnable> script = new ArrayDeque<>();
    private final BlockingQueue<Log> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    private final Listening listening = new Listening();
    private LogFollower follower;
    private Log log;

    private final class Log extends MockConsumer<String, byte[]> {

        private final Map<TopicPartition, Long> from = new HashMap<>();

        Log() {
            super("earliest");
        }

        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            from.put(partition, offset);
            super.seek(partition, offset);
        }

        @Override
        public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            synchronized (script) {
                log = this;
                if (!script.isEmpty()) {
                    script.remove().run();
                }
            }
            return super.poll(timeout);
        }
    }

    private class Listening implements LogFollower.Listener {

        private volatile Throwable failure;
        private volatile boolean beyondDamage;
        private volatile long first = 0;

        @Override
        public Map<TopicPartition, Long> begin(LogReader<String> reader) {
            return Map.of(LEFT, first, RIGHT, first);
        }

        @Override
        public void take(ConsumerRecord<String, byte[]> record) {
            Throwable now = failure;
            failure = null;
            if (now instanceof Error error) {
                throw error;
            }
            taken.add(new String(record.value(), StandardCharsets.UTF_8));
        }

        @Override
        public boolean isBeyondDamage() {
            return beyondDamage;
        }
    }

    @AfterEach
    void close() {
        follower.close();
    }

    @Test
    void each_partition_is_gone_on_with_where_it_stood() throws Exception {
        then(() -> add(LEFT, 0, "a"), () -> add(RIGHT, 0, "b"), () -> add(RIGHT, 1, "c"),
                () -> fail(new KafkaException("not authorized any more")));

        follow();

        next();
        assertThat(next().from).containsExactlyInAnyOrderEntriesOf(Map.of(LEFT, 1L, RIGHT, 2L));
        assertThat(taken).containsExactly("a", "b", "c");
    }

    @Test
    void a_record_that_an_error_befell_comes_again() throws Exception {
        listening.failure = new NoClassDefFoundError("once");
        then(() -> add(LEFT, 0, "a"));

        follow();

        next();
        assertThat(next().from).containsEntry(LEFT, 0L);
        then(() -> add(LEFT, 0, "a"));
        assertThat(taken.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("a");
    }

    @Test
    void it_does_not_say_that_it_follows_while_it_fails() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        then(() -> fail(new KafkaException("away")), () -> awaitLatch(goOn));

        follow();

        next();
        next();
        assertThat(follower.isFollowing()).isFalse();
        goOn.countDown();
        await(follower::isFollowing);
        assertThat(follower.isAlive()).isTrue();
    }

    @Test
    void a_damaged_log_ends_it_and_it_says_so() {
        then(LogFollowerTest::failDamaged);

        follow();

        await(() -> !follower.isAlive());
        assertThat(follower.isFollowing()).isFalse();
    }

    @Test
    void who_can_do_without_what_was_lost_begins_anew_behind_the_damage() throws Exception {
        listening.beyondDamage = true;
        then(() -> add(LEFT, 0, "a"), () -> listening.first = 7, LogFollowerTest::failDamaged);

        follow();

        next();
        assertThat(next().from).containsExactlyInAnyOrderEntriesOf(Map.of(LEFT, 7L, RIGHT, 7L));
        await(follower::isFollowing);
    }

    @Test
    void it_ends_at_once_when_it_is_closed() throws Exception {
        follow();
        Log open = next();
        await(follower::isFollowing);

        follower.close();

        assertThat(open.closed()).isTrue();
        assertThat(follower.isFollowing()).isFalse();
    }

    private void follow() {
        follower = LogFollower.start("test", () -> {
            Log next = new Log();
            opened.add(next);
            return new LogReader<>(next);
        }, listening);
    }

    private Log next() throws InterruptedException {
        Log next = opened.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("another consumer").isNotNull();
        await(() -> next.from.size() == 2);
        return next;
    }

    private void then(Runnable... polls) {
        synchronized (script) {
            script.addAll(List.of(polls));
        }
    }

    private void add(TopicPartition partition, long offset, String value) {
        log.addRecord(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, "key",
                value.getBytes(StandardCharsets.UTF_8)));
    }

    private static void fail(RuntimeException failure) {
        throw failure;
    }

    private static void failDamaged() {
        throw new KafkaException(
                "Received exception when fetching the next record from topic-0. If needed, please seek past the record to continue consumption.",
                new CorruptRecordException("crc"));
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
