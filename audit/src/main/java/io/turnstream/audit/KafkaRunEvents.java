package io.turnstream.audit;

import io.turnstream.contracts.JudgementSetRefused;
import io.turnstream.contracts.JudgementSetRequested;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.Topics;
import io.turnstream.messaging.DamagedRecord;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/// A run's events in Kafka, committed ones only.
///
/// What is read of a partition begins at the time of the run's request, less a margin for clocks that disagree. The topics that say
/// what is true of a run ([Topics#RUNS], [Topics#DIALOGUE_PROGRESS], [Topics#DIALOGUE_EVENTS]) are read up to their end, so that a record
/// which somebody added later is found; the others end with the run.
public final class KafkaRunEvents implements RunEvents, AutoCloseable {

    /// Added to both ends of a run's time, for the clocks of different machines.
    static final Duration MARGIN = Duration.ofMinutes(2);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String runId;
    private final EventSerde serde;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<LoggedEvent> ofRun = new ArrayList<>();
    private final Map<TopicPartition, Long> starts = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final int partitions;

    private KafkaRunEvents(KafkaConsumer<String, byte[]> consumer, EventSerde serde, String runId) {
        this.consumer = consumer;
        this.serde = serde;
        this.runId = runId;
        this.partitions = consumer.partitionsFor(Topics.DIALOGUE_EVENTS.topicName()).size();
    }

    /// Finds a run in the log.
    ///
    /// @throws NoSuchRunException if nothing was ever asked under that id
    /// @throws UnreadableRecordException if what was asked of the run cannot be read
    public static KafkaRunEvents open(KafkaConnection connection, EventSerde serde, String runId) {
        Map<String, Object> properties = connection.as("audit").consumer();
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        // A fetch that waits at the end of one partition would hold up the next.
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 5);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 * 1024 * 1024);
        KafkaRunEvents log = new KafkaRunEvents(new KafkaConsumer<>(properties), serde, runId);
        try {
            log.locate();
            return log;
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /// Reads the topic of runs, which is small, and from it the time of the run.
    private void locate() {
        for (TopicPartition partition : partitionsOf(Topics.RUNS)) {
            starts.put(partition, 0L);
        }
        ends.putAll(consumer.endOffsets(starts.keySet()));
        for (TopicPartition partition : partitionsOf(Topics.RUNS)) {
            scan(Topics.RUNS, partition, ofRun::add);
        }
        if (ofRun.isEmpty()) {
            throw new NoSuchRunException(runId);
        }
        // What was brought in from elsewhere is older than its record here.
        long first = ofRun.stream().mapToLong(event -> Math.min(event.timestampMillis(), event.meta().getOccurredAtMillis())).min().orElseThrow()
                - MARGIN.toMillis();
        long last = ofRun.stream().mapToLong(LoggedEvent::timestampMillis).max().orElseThrow() + MARGIN.toMillis();
        locate(Topics.DIALOGUE_PROGRESS, first, Long.MAX_VALUE);
        for (Topics topic : BY_DIALOGUE) {
            locate(topic, first, topic == Topics.DIALOGUE_EVENTS || !hasEnded() ? Long.MAX_VALUE : last);
        }
    }

    private void locate(Topics topic, long firstMillis, long lastMillis) {
        List<TopicPartition> all = partitionsOf(topic);
        Map<TopicPartition, Long> end = consumer.endOffsets(all);
        Map<TopicPartition, Long> from = new HashMap<>();
        all.forEach(partition -> from.put(partition, Math.max(0, firstMillis)));
        consumer.offsetsForTimes(from).forEach((partition, first) -> starts.put(partition, first == null ? end.get(partition) : first.offset()));
        ends.putAll(end);
        if (lastMillis < Long.MAX_VALUE) {
            Map<TopicPartition, Long> until = new HashMap<>();
            all.forEach(partition -> until.put(partition, lastMillis));
            consumer.offsetsForTimes(until).forEach((partition, beyond) -> {
                if (beyond != null) {
                    ends.merge(partition, beyond.offset(), Math::min);
                }
            });
        }
    }

    /// Whether the last word on the run, and on every judgement set that was asked for later, is that it is over.
    private boolean hasEnded() {
        RunState state = RunState.UNKNOWN;
        Set<String> judging = new HashSet<>();
        for (LoggedEvent event : ofRun) {
            switch (event.event()) {
                case RunStateChanged changed -> state = changed.getState();
                case JudgementSetRequested requested -> judging.add(requested.getSpec().getJudgementSetId());
                case JudgementSetRefused refused -> judging.remove(refused.getJudgementSetId());
                case JudgementSetStateChanged changed when isFinal(changed.getState()) -> judging.remove(changed.getJudgementSetId());
                case JudgementSetStateChanged changed -> judging.add(changed.getJudgementSetId());
                default -> { /* changes nothing about that */ }
            }
        }
        return isFinal(state) && judging.isEmpty();
    }

    private static boolean isFinal(RunState state) {
        return switch (state) {
            case COMPLETED, INCOMPLETE, CANCELLED, FAILED -> true;
            case PLANNING, RUNNING, PAUSED, HALTED, UNKNOWN -> false;
        };
    }

    @Override
    public String runId() {
        return runId;
    }

    @Override
    public int partitions() {
        return partitions;
    }

    @Override
    public void read(Topics topic, Consumer<LoggedEvent> reader) {
        if (topic == Topics.RUNS) {
            ofRun.forEach(reader);
            return;
        }
        for (TopicPartition partition : partitionsOf(topic)) {
            scan(topic, partition, reader);
        }
    }

    @Override
    public void read(Topics topic, int partition, Consumer<LoggedEvent> reader) {
        scan(topic, new TopicPartition(topic.topicName(), partition), reader);
    }

    private void scan(Topics topic, TopicPartition partition, Consumer<LoggedEvent> reader) {
        long end = ends.get(partition);
        if (starts.get(partition) >= end) {
            return;
        }
        consumer.assign(List.of(partition));
        consumer.seek(partition, starts.get(partition));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition) < end) {
            ConsumerRecords<String, byte[]> records = poll(topic, partition);
            for (ConsumerRecord<String, byte[]> record : records) {
                if (record.offset() >= end) {
                    return;
                }
                if (isOfRun(topic, record.key())) {
                    reader.accept(eventOf(topic, record));
                }
            }
            if (!records.isEmpty()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new IllegalStateException("cannot read " + partition + " on from offset " + consumer.position(partition)
                        + ": nothing came for " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    private ConsumerRecords<String, byte[]> poll(Topics topic, TopicPartition partition) {
        try {
            return consumer.poll(POLL);
        } catch (KafkaException e) {
            DamagedRecord damaged = DamagedRecord.in(e).orElseThrow(() -> e);
            throw new UnreadableRecordException(new Place(topic.topicName(), partition.partition(), consumer.position(partition)), damaged.problem());
        }
    }

    private boolean isOfRun(Topics topic, String key) {
        if (key == null) {
            return false;
        }
        return topic.keyed() == Topics.Keyed.BY_RUN
                ? key.equals(runId)
                : key.length() > runId.length() && key.charAt(runId.length()) == '/' && key.startsWith(runId);
    }

    private LoggedEvent eventOf(Topics topic, ConsumerRecord<String, byte[]> record) {
        Place place = new Place(record.topic(), record.partition(), record.offset());
        if (record.value() == null) {
            throw new UnreadableRecordException(place, "it is empty");
        }
        try {
            GenericRecord written = serde.asWritten(record.value());
            SpecificRecord event = serde.fromBytes(record.value());
            return new LoggedEvent(topic, record.partition(), record.offset(), record.timestamp(), record.key(), record.headers(), written, event);
        } catch (SerializationException e) {
            throw new UnreadableRecordException(place, String.valueOf(e.getMessage()));
        }
    }

    private List<TopicPartition> partitionsOf(Topics topic) {
        return consumer.partitionsFor(topic.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
