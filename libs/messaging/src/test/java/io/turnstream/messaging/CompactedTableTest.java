package io.turnstream.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.events.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CompactedTableTest {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.RUN_CONTROL.topicName(), 0);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BlockingQueue<Log> opened = new LinkedBlockingQueue<>();
    private final CompactedTable<String> table = new CompactedTable<>(Topics.RUN_CONTROL, CompactedTableTest::read,
            this::open);

    /// A consumer of a log that holds one record at the start, which remembers from where it was read.
    private static final class Log extends MockConsumer<String, byte[]> {

        private volatile Throwable failure;
        private volatile long from = -1;

        Log() {
            super("earliest");
            updateBeginningOffsets(Map.of(PARTITION, 0L));
            updateEndOffsets(Map.of(PARTITION, 1L));
        }

        @Override
        public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            Throwable now = failure;
            if (now instanceof Error error) {
                throw error;
            }
            if (now instanceof RuntimeException exception) {
                throw exception;
            }
            if (from < 0) {
                from = position(PARTITION);
                if (from == 0) {
                    addRecord(record(0, "run", "running"));
                }
            }
            return super.poll(timeout);
        }

        synchronized void add(long offset, String key, String value) {
            addRecord(record(offset, key, value));
        }

        private static ConsumerRecord<String, byte[]> record(long offset, String key, String value) {
            return new ConsumerRecord<>(PARTITION.topic(), 0, offset, key, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private LogReader<String> open() {
        Log log = new Log();
        opened.add(log);
        return new LogReader<>(log);
    }

    private static String read(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.equals("deep")) {
            throw new StackOverflowError();
        }
        return text;
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void goes_on_with_another_consumer_where_one_has_failed_that_no_retry_mends() throws Exception {
        table.awaitLoaded(PATIENCE);
        Log first = next();

        first.failure = new KafkaException("not authorized any more");
        Log second = next();

        await(() -> second.from >= 0);
        assertThat(second.from).as("where the first one stood").isEqualTo(1);
        second.add(1, "run", "cancelled");
        await(() -> table.get("run").equals(Optional.of("cancelled")));
        assertThat(table.isFollowing()).isTrue();
        assertThat(first.closed()).isTrue();
    }

    @Test
    void an_error_ends_it_as_little_as_an_exception_does_and_shows_meanwhile() throws Exception {
        table.awaitLoaded(PATIENCE);
        Log first = next();
        await(table::isFollowing);

        first.failure = new NoClassDefFoundError("once");
        await(() -> !table.isFollowing());

        next();
        await(table::isFollowing);
    }

    @Test
    void a_record_that_overflows_the_stack_is_left_out() throws Exception {
        table.awaitLoaded(PATIENCE);
        Log log = next();

        log.add(1, "other", "deep");
        log.add(2, "third", "running");

        await(() -> table.get("third").isPresent());
        assertThat(table.get("other")).isEmpty();
    }

    private Log next() throws InterruptedException {
        Log log = opened.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(log).as("another consumer").isNotNull();
        return log;
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void all_entries_are_there_once_it_is_loaded() {
        assertThat(table.awaitLoaded(PATIENCE).entries()).isEqualTo(Map.of("run", "running"));
    }
}
