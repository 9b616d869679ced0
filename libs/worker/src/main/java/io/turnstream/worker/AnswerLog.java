package io.turnstream.worker;

import io.turnstream.contracts.RequestDeferred;
import io.turnstream.events.EventTypes;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.LogReader;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/// Finds what the log already answers, so that no call is paid for again.
///
/// Requests and answers share keys and partition numbers: whatever answers a request stands in the partition of the
/// same number, from the offset on that the last owner wrote beside its position ([CommitNote]). Where it wrote none
/// the broker's time of the request tells, less a margin: the leaders of two partitions are two machines, whose clocks
/// differ.
///
/// Partitions are read on a thread of their own until that succeeds; their requests wait for it
/// ([PartitionOffsets#await]), and nobody else.
final class AnswerLog {

    private static final Logger LOG = Logger.getLogger(AnswerLog.class);
    private static final Duration BEFORE_ANOTHER_TRY = Duration.ofMillis(500);
    /// By which clocks of brokers may differ.
    private static final Duration CLOCK_MARGIN = Duration.ofMinutes(10);

    private final KafkaConnection connection;
    private final EventSerde serde;
    private final String groupId;
    private final String answersTopic;
    private final Duration grace;
    private final Consumer<Throwable> fatal;

    /// @param groupId whose committed offsets count
    /// @param grace how long the last owner of a partition may go on with its calls
    /// @param fatal told of an error after which partitions stay unread
    AnswerLog(KafkaConnection connection, EventSerde serde, String groupId, String answersTopic, Duration grace,
            Consumer<Throwable> fatal) {
        this.connection = connection.as("answers");
        this.serde = serde;
        this.groupId = groupId;
        this.answersTopic = answersTopic;
        this.grace = grace;
        this.fatal = fatal;
    }

    /// Starts to read the answers of partitions that were just assigned.
    void load(Collection<PartitionOffsets> assigned) {
        if (!assigned.isEmpty()) {
            List<PartitionOffsets> partitions = List.copyOf(assigned);
            Thread.ofVirtual().name("answers-" + groupId).start(() -> readUntilItSucceeds(partitions));
        }
    }

    private void readUntilItSucceeds(List<PartitionOffsets> partitions) {
        List<PartitionOffsets> unread = partitions;
        long othersUntil = System.nanoTime() + grace.toNanos();
        try {
            while (!unread.isEmpty()) {
                try {
                    read(unread, othersUntil);
                } catch (RuntimeException e) {
                    LOG.warnf("the answers of %s cannot be read for now, their requests wait: %s", names(unread),
                            e.getMessage());
                    Thread.sleep(BEFORE_ANOTHER_TRY);
                }
                unread = unread.stream().filter(partition -> isUnread(partition)).toList();
                if (unread.size() > 1) {
                    // one without a leader, say, must not keep the others waiting
                    unread.forEach(partition -> load(List.of(partition)));
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            LOG.errorf(e, "the answers of %s cannot be read", names(unread));
            fatal.accept(e);
            throw e;
        }
    }

    private static boolean isUnread(PartitionOffsets partition) {
        return !partition.isRevoked() && (!partition.isLoaded() || partition.awaitsOthers());
    }

    private static String names(Collection<PartitionOffsets> partitions) {
        return partitions.stream().map(partition -> partition.partition().toString()).collect(Collectors.joining(", "));
    }

    private void read(List<PartitionOffsets> partitions, long othersUntil) {
        Map<TopicPartition, PartitionOffsets> byAnswers = new HashMap<>();
        partitions.forEach(partition -> byAnswers.put(answersOf(partition.partition()), partition));
        try (LogReader<String> log = LogReader.knowing(connection, groupId)) {
            Map<TopicPartition, Long> ends = log.ends(byAnswers.keySet());
            log.read(starts(log, partitions, ends),
                    record -> collect(record, byAnswers.get(new TopicPartition(record.topic(), record.partition()))),
                    (answers, position) -> isDone(byAnswers.get(answers), position, ends.get(answers),
                            System.nanoTime() - othersUntil > 0));
        }
    }

    private static boolean isDone(PartitionOffsets partition, long position, long end, boolean late) {
        if (position < end && !partition.isLoaded()) {
            return partition.isRevoked();
        }
        if (late) {
            partition.awaitOthersNoLonger();
        }
        partition.loaded(end);
        return !partition.awaitsOthers();
    }

    private TopicPartition answersOf(TopicPartition requests) {
        return new TopicPartition(answersTopic, requests.partition());
    }

    /// By partition of answers where to begin.
    private Map<TopicPartition, Long> starts(LogReader<String> log, List<PartitionOffsets> partitions,
            Map<TopicPartition, Long> ends) {
        Set<TopicPartition> ours = partitions.stream().map(PartitionOffsets::partition).collect(Collectors.toSet());
        // After the ends of the answers: whatever is requested from here on is answered behind those.
        Map<TopicPartition, Long> requestEnds = log.ends(ours);
        Map<TopicPartition, OffsetAndMetadata> committed = log.committed(ours);
        Map<TopicPartition, Long> starts = new HashMap<>(ends);
        Map<TopicPartition, Long> untold = new HashMap<>();
        Map<TopicPartition, Set<Long>> elsewhere = new HashMap<>();
        committed.forEach((requests, position) -> {
            CommitNote note = CommitNote.of(position == null ? null : position.metadata());
            if (position == null || note.answersFrom() < 0) {
                untold.put(requests, position == null ? 0 : position.offset());
            } else {
                starts.put(answersOf(requests), note.answersFrom());
                elsewhere.put(requests,
                        note.calling().stream().map(behind -> position.offset() + behind).collect(Collectors.toSet()));
            }
        });
        starts.putAll(answersSince(log, timesOf(log, untold)));
        partitions.forEach(partition -> {
            TopicPartition requests = partition.partition();
            partition.loading(starts.get(answersOf(requests)), requestEnds.get(requests),
                    elsewhere.getOrDefault(requests, Set.of()));
        });
        return starts;
    }

    /// When the first request that is not committed was written, for each partition that has one.
    private static Map<TopicPartition, Long> timesOf(LogReader<String> log, Map<TopicPartition, Long> uncommitted) {
        if (uncommitted.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, Long> ends = log.ends(uncommitted.keySet());
        Map<TopicPartition, Long> times = new HashMap<>();
        // Nothing readable may be left before the end: markers of transactions are no records.
        log.read(uncommitted,
                record -> times.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record.timestamp()),
                (requests, position) -> times.containsKey(requests) || position >= ends.get(requests));
        return times;
    }

    private Map<TopicPartition, Long> answersSince(LogReader<String> log, Map<TopicPartition, Long> times) {
        Map<TopicPartition, Long> since = new HashMap<>();
        times.forEach((requests, millis) -> since.put(answersOf(requests), millis - CLOCK_MARGIN.toMillis()));
        return log.since(since);
    }

    private void collect(ConsumerRecord<String, byte[]> record, PartitionOffsets partition) {
        SpecificRecord event;
        try {
            event = serde.fromBytes(record.value());
        } catch (RuntimeException e) {
            LOG.debugf("%s[%d]@%d is no answer: %s", record.topic(), record.partition(), record.offset(),
                    e.getMessage());
            return;
        }
        if (event instanceof RequestDeferred deferred) {
            String cause = deferred.getMeta().getCauseId();
            if (cause != null) {
                partition.found(cause);
            }
        } else if (EventTypes.requestIdOf(event) instanceof String requestId) {
            partition.found(requestId);
        }
    }
}
