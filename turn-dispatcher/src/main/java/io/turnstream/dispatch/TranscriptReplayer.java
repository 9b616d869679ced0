package io.turnstream.dispatch;

import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.Topics;
import io.turnstream.contracts.TranscriptsReplayed;
import io.turnstream.messaging.DamagedRecord;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.RunLog;
import io.turnstream.messaging.ServiceKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Reads the transcripts of a recorded run back from the log when a judgement set is opened, and hands them to the dispatcher.
///
/// It has no state but its position in [Topics#RUNS], which it commits when a set's transcripts are all written: after a crash it reads
/// them again, and the dispatcher, which knows which round of a set it has taken a transcript for, takes each once.
final class TranscriptReplayer implements AutoCloseable {

    /// Its group; changing it reads every set's transcripts once more, to no effect.
    static final String GROUP = "turnstream-transcript-replayer";

    private static final Logger LOG = Logger.getLogger(TranscriptReplayer.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final int LONGEST_READING_MILLIS = (int) TimeUnit.HOURS.toMillis(1);

    private final ServiceKafka kafka;
    private final String groupId;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable KafkaConsumer<String, byte[]> consumer;

    TranscriptReplayer(ServiceKafka kafka) {
        this(kafka, GROUP);
    }

    TranscriptReplayer(ServiceKafka kafka, String groupId) {
        this.kafka = kafka;
        this.groupId = groupId;
        this.thread = Thread.ofPlatform().name("transcript-replayer").daemon().unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    /// False once it has stopped because of a failure.
    boolean isAlive() {
        return thread.isAlive() || thread.getState() == Thread.State.NEW || isClosing();
    }

    private void work() {
        Map<String, Object> properties = kafka.connection().as("transcripts").consumer(groupId);
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, LONGEST_READING_MILLIS);
        try (KafkaConsumer<String, byte[]> following = new KafkaConsumer<>(properties)) {
            consumer = following;
            following.subscribe(List.of(Topics.RUNS.topicName()));
            while (!isClosing()) {
                takeAll(following, following.poll(POLL));
            }
        } catch (WakeupException e) {
            LOG.tracef("closed %s", groupId);
        }
    }

    private void takeAll(KafkaConsumer<String, byte[]> following, ConsumerRecords<String, byte[]> records) {
        for (ConsumerRecord<String, byte[]> record : records) {
            if (!take(following, record)) {
                return;
            }
        }
        if (!records.isEmpty()) {
            following.commitSync();
        }
    }

    /// @return false if it could not be done now: everything from this record on is read again
    private boolean take(KafkaConsumer<String, byte[]> following, ConsumerRecord<String, byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        try {
            if (opened(record) instanceof JudgementSetOpened set) {
                replay(set, record);
                following.commitSync(Map.of(partition, new OffsetAndMetadata(record.offset() + 1)));
            }
            return true;
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warnf("%s: the transcripts for %s[%d]@%d are read again: %s", groupId, record.topic(), record.partition(),
                    record.offset(), e.getMessage());
            following.assignment().forEach(assigned -> {
                OffsetAndMetadata committed = following.committed(Set.of(assigned)).get(assigned);
                following.seek(assigned, committed == null ? 0 : committed.offset());
            });
            awaitClosing(PAUSE_AFTER_FAILURE);
            return false;
        }
    }

    private @Nullable JudgementSetOpened opened(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null || EventHeaders.isImported(record.headers())) {
            return null;
        }
        try {
            return kafka.serde().fromBytes(record.value()) instanceof JudgementSetOpened set ? set : null;
        } catch (SerializationException e) {
            LOG.debugf("%s[%d]@%d is not for %s: %s", record.topic(), record.partition(), record.offset(), groupId, e.getMessage());
            return null;
        }
    }

    private void replay(JudgementSetOpened set, ConsumerRecord<String, byte[]> record) {
        long startedNanos = System.nanoTime();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        TranscriptsReplayed replayed = read(set, record, failure);
        send(Topics.RUNS, set.getRunId(), replayed, record, failure);
        kafka.producer().flush();
        if (failure.get() instanceof Throwable cause) {
            throw new KafkaException("not every transcript was written", cause);
        }
        LOG.infof("%s of run %s: %d transcripts read back in %d ms%s", set.getSpec().getJudgementSetId(), set.getRunId(),
                replayed.getDialogues(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos),
                replayed.getProblem() == null ? "" : "; " + replayed.getProblem());
    }

    private TranscriptsReplayed read(
            JudgementSetOpened set, ConsumerRecord<String, byte[]> record, AtomicReference<@Nullable Throwable> failure) {
        try {
            RunLog log = RunLog.read(kafka.connection(), kafka.serde(), set.getRunId(), record.offset());
            return new TranscriptReading(set, log, kafka.connection(), kafka.serde(), transcript -> {
                if (isClosing()) {
                    throw new WakeupException();
                }
                send(Topics.DIALOGUE_COMMANDS, transcript.getSubject().getDialogueId(), transcript, record, failure);
            }).readAll();
        } catch (SerializationException | IllegalStateException e) {
            // Reading it again would end the same way, and every other set would wait for it.
            LOG.errorf(e, "the transcripts of run %s cannot be read", set.getRunId());
            return TranscriptReading.failed(set, "its transcripts cannot be read: " + e.getMessage());
        } catch (KafkaException e) {
            DamagedRecord damaged = DamagedRecord.in(e).orElseThrow(() -> e);
            LOG.errorf(e, "the transcripts of run %s cannot be read", set.getRunId());
            return TranscriptReading.failed(set, "its transcripts cannot be read: a record of " + damaged.partition() + " is damaged on the broker's disk; "
                    + "'turnstream verify' names it");
        }
    }

    private void send(
            Topics topic, String key, SpecificRecord event, ConsumerRecord<String, byte[]> cause, AtomicReference<@Nullable Throwable> failure) {
        kafka.producer().send(topic, key, event, cause.headers()).whenComplete((written, problem) -> {
            if (problem != null) {
                failure.compareAndSet(null, problem);
            }
        });
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void awaitClosing(Duration longest) {
        try {
            closing.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        KafkaConsumer<String, byte[]> following = consumer;
        if (following != null) {
            following.wakeup();
        }
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
