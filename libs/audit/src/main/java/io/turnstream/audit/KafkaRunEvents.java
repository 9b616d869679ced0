package io.turnstream.audit;

import io.turnstream.contracts.JudgementSetRefused;
import io.turnstream.contracts.JudgementSetRequested;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.LogRange;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.events.Topics;
import io.turnstream.messaging.DamagedRecord;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.LogReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/// A run's events in Kafka, committed ones only.
///
/// What is read of a partition begins at the time of the run's request, less a margin for clocks that disagree. The
/// topics that say what is true of a run ([Topics#RUNS], [Topics#DIALOGUE_PROGRESS], [Topics#DIALOGUE_EVENTS]) are read
/// up to their end, so that a record which somebody added later is found; the others end with the run.
public final class KafkaRunEvents implements RunEvents, AutoCloseable {

    /// Added to both ends of a run's time, for the clocks of different machines.
    static final Duration MARGIN = Duration.ofMinutes(2);

    private final String runId;
    private final EventSerde serde;
    private final LogReader<String> log;
    private final List<LoggedEvent> ofRun = new ArrayList<>();
    /// What is read of each topic, by partition.
    private final Map<Topics, List<LogRange>> ranges = new EnumMap<>(Topics.class);
    private final int partitions;

    private KafkaRunEvents(LogReader<String> log, EventSerde serde, String runId) {
        this.log = log;
        this.serde = serde;
        this.runId = runId;
        this.partitions = log.partitions(Topics.DIALOGUE_EVENTS).size();
    }

    /// Finds a run in the log.
    ///
    /// @throws NoSuchRunException if nothing was ever asked under that id
    /// @throws UnreadableRecordException if what was asked of the run cannot be read
    public static KafkaRunEvents open(KafkaConnection connection, EventSerde serde, String runId) {
        KafkaRunEvents events = new KafkaRunEvents(LogReader.of(connection.as("audit")), serde, runId);
        try {
            events.locate();
            return events;
        } catch (RuntimeException e) {
            events.close();
            throw e;
        }
    }

    /// Reads the topic of runs, which is small, and from it the time of the run.
    private void locate() {
        log.whole(Topics.RUNS).forEach(range -> scan(Topics.RUNS, range, ofRun::add));
        if (ofRun.isEmpty()) {
            throw new NoSuchRunException(runId);
        }
        // What was brought in from elsewhere is older than its record here.
        long first = ofRun.stream()
                .mapToLong(event -> Math.min(event.timestampMillis(), event.meta().getOccurredAtMillis())).min()
                .orElseThrow()
                - MARGIN.toMillis();
        long last = ofRun.stream().mapToLong(LoggedEvent::timestampMillis).max().orElseThrow() + MARGIN.toMillis();
        locate(Topics.DIALOGUE_PROGRESS, first, Long.MAX_VALUE);
        for (Topics topic : BY_DIALOGUE) {
            locate(topic, first, topic == Topics.DIALOGUE_EVENTS || !hasEnded() ? Long.MAX_VALUE : last);
        }
    }

    private void locate(Topics topic, long firstMillis, long lastMillis) {
        List<TopicPartition> all = log.partitions(topic);
        Map<TopicPartition, Long> ends = new HashMap<>(log.ends(all));
        Map<TopicPartition, Long> starts = log.since(allAt(all, firstMillis));
        if (lastMillis < Long.MAX_VALUE) {
            log.since(allAt(all, lastMillis)).forEach((partition, beyond) -> ends.merge(partition, beyond, Math::min));
        }
        ranges.put(topic,
                all.stream()
                        .map(partition -> LogReader.range(partition,
                                starts.getOrDefault(partition, ends.get(partition)), ends.get(partition)))
                        .toList());
    }

    private static Map<TopicPartition, Long> allAt(List<TopicPartition> partitions, long millis) {
        return partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> millis));
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
                case JudgementSetStateChanged changed when isFinal(changed.getState()) ->
                    judging.remove(changed.getJudgementSetId());
                case JudgementSetStateChanged changed -> judging.add(changed.getJudgementSetId());
                default -> {
                    /* changes nothing about that */ }
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
        ranges.get(topic).forEach(range -> scan(topic, range, reader));
    }

    @Override
    public void read(Topics topic, int partition, Consumer<LoggedEvent> reader) {
        scan(topic, ranges.get(topic).get(partition), reader);
    }

    private void scan(Topics topic, LogRange range, Consumer<LoggedEvent> reader) {
        try {
            log.read(List.of(range), record -> {
                if (isOfRun(topic, record.key())) {
                    reader.accept(eventOf(topic, record));
                }
            });
        } catch (KafkaException e) {
            DamagedRecord damaged = DamagedRecord.in(e).orElseThrow(() -> e);
            throw new UnreadableRecordException(
                    new Place(topic.topicName(), range.getPartition(),
                            log.position(new TopicPartition(range.getTopic(), range.getPartition()))),
                    damaged.problem());
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
            return new LoggedEvent(topic, record.partition(), record.offset(), record.timestamp(), record.key(),
                    record.headers(), written, event);
        } catch (SerializationException e) {
            throw new UnreadableRecordException(place, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
