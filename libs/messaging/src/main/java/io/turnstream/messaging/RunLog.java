package io.turnstream.messaging;

import io.turnstream.contracts.LogRange;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// What the log says of one run: its records in [Topics#RUNS], and where in [Topics#DIALOGUE_EVENTS] its accepted
/// events stand, so that whoever reads a run again does not read the whole log.
///
/// The broker stamps both topics. Events of a run are accepted only between the times that the run's records name, so
/// the offsets of these times bound them, also where others' events lie between them.
public final class RunLog {

    /// How far the brokers' clocks may be apart.
    public static final Duration CLOCK_SKEW = Duration.ofMillis(250);

    private static final Duration REQUESTERS_CLOCK_SKEW = Duration.ofHours(1);

    private static final Logger LOG = Logger.getLogger(RunLog.class);

    private final List<Entry> entries;

    /// A record of a run in [Topics#RUNS].
    public record Entry(SpecificRecord event, long offset, long timestampMillis) {}

    RunLog(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /// Reads the records of a run.
    ///
    /// @param endOffset one past the last record to read in the run's partition; [Long#MAX_VALUE] for all
    public static RunLog read(KafkaConnection connection, EventSerde serde, String runId, long endOffset) {
        List<Entry> entries = new ArrayList<>();
        try (LogReader<String> log = LogReader.of(connection.as("run-log"))) {
            TopicPartition partition = partitionOf(runId, log);
            long end = Math.min(endOffset, log.ends(List.of(partition)).get(partition));
            log.read(List.of(LogReader.range(partition, firstOffset(log, partition, runId), end)), record -> {
                if (runId.equals(record.key())) {
                    event(serde, record)
                            .ifPresent(event -> entries.add(new Entry(event, record.offset(), record.timestamp())));
                }
            });
        }
        return new RunLog(entries);
    }

    /// Waits for the first record of a run that another event of it brought about.
    ///
    /// @param causeId eventId of that event
    /// @return empty if there is none in time
    public static Optional<SpecificRecord> awaitAnswer(
            KafkaConnection connection, EventSerde serde, String runId, String causeId, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        AtomicReference<@Nullable SpecificRecord> answer = new AtomicReference<>();
        try (LogReader<String> log = LogReader.following(connection.as("run-log"))) {
            TopicPartition partition = partitionOf(runId, log);
            log.read(Map.of(partition, firstOffset(log, partition, runId)), record -> {
                if (answer.get() == null && runId.equals(record.key())) {
                    event(serde, record).filter(event -> causeId.equals(EventTypes.metaOf(event).getCauseId()))
                            .ifPresent(answer::set);
                }
            }, (place, position) -> answer.get() != null || System.nanoTime() - deadline > 0);
            return Optional.ofNullable(answer.get());
        }
    }

    /// A record that cannot be read says nothing about the run, and stands in nobody's way; the services lay it aside.
    private static Optional<SpecificRecord> event(EventSerde serde, ConsumerRecord<String, byte[]> record) {
        try {
            return record.value() == null ? Optional.empty() : Optional.of(serde.fromBytes(record.value()));
        } catch (SerializationException e) {
            LOG.debugf("%s[%d]@%d is left out: %s", record.topic(), record.partition(), record.offset(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    /// No record of a run is older than its id, give or take what its maker's clock was wrong.
    private static long firstOffset(LogReader<?> log, TopicPartition partition, String runId) {
        long first = log.beginnings(List.of(partition)).get(partition);
        OptionalLong made = Ids.timeOf(runId);
        return made.isEmpty()
                ? first
                : log.since(Map.of(partition, made.getAsLong() - REQUESTERS_CLOCK_SKEW.toMillis()))
                        .getOrDefault(partition, first);
    }

    /// The run's records with their places, in the order of the log.
    public List<Entry> entries() {
        return entries;
    }

    /// The run's records, in the order of the log.
    public List<SpecificRecord> events() {
        return entries.stream().map(Entry::event).toList();
    }

    /// The run's records of one type, in the order of the log.
    public <T extends SpecificRecord> Stream<T> events(Class<T> type) {
        return entries.stream().map(Entry::event).filter(type::isInstance).map(type::cast);
    }

    /// The ranges of [Topics#DIALOGUE_EVENTS] in which the run's accepted events stand: for each time in which
    /// something was done for it one list, in the order of time. They hold events of whatever else was done then, too.
    ///
    /// @param untilMillis where something is still being done: up to when, ms since the epoch
    public List<List<LogRange>> ranges(KafkaConnection connection, long untilMillis) {
        List<List<LogRange>> ranges = new ArrayList<>();
        try (LogReader<String> log = LogReader.of(connection.as("run-log"))) {
            List<TopicPartition> partitions = log.partitions(Topics.DIALOGUE_EVENTS);
            Map<TopicPartition, Long> ends = log.ends(partitions);
            Map<TopicPartition, Long> before = new HashMap<>();
            for (RunSpans.Span span : RunSpans.of(entries)) {
                Map<TopicPartition, Long> first = offsets(log, ends, span.fromMillis() - CLOCK_SKEW.toMillis());
                long to = span.toMillis() == null ? untilMillis : span.toMillis();
                Map<TopicPartition, Long> end = offsets(log, ends, to + CLOCK_SKEW.toMillis() + 1);
                List<LogRange> ofSpan = new ArrayList<>();
                for (TopicPartition partition : partitions) {
                    long from = Math.max(first.get(partition), before.getOrDefault(partition, 0L));
                    if (from < end.get(partition)) {
                        ofSpan.add(LogReader.range(partition, from, end.get(partition)));
                        before.put(partition, end.get(partition));
                    }
                }
                ranges.add(ofSpan);
            }
        }
        return ranges;
    }

    private static Map<TopicPartition, Long> offsets(LogReader<?> log, Map<TopicPartition, Long> ends, long atMillis) {
        Map<TopicPartition, Long> times = new HashMap<>();
        ends.keySet().forEach(partition -> times.put(partition, atMillis));
        Map<TopicPartition, Long> offsets = new HashMap<>(ends);
        log.since(times).forEach((partition, found) -> offsets.merge(partition, found, Math::min));
        return offsets;
    }

    private static TopicPartition partitionOf(String runId, LogReader<?> log) {
        int partitions = log.partitions(Topics.RUNS).size();
        return new TopicPartition(Topics.RUNS.topicName(),
                BuiltInPartitioner.partitionForKey(runId.getBytes(StandardCharsets.UTF_8), partitions));
    }
}
