package io.turnstream.messaging;

import io.turnstream.contracts.EventTypes;
import io.turnstream.contracts.RequestDeferred;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/// Finds what the log already answers, so that no call is paid for again.
///
/// Requests and answers share keys and partition numbers, and the broker stamps both: whatever answers a request stands in the
/// partition of the same number, at or after the request's time.
final class AnswerLog {

    private static final Logger LOG = Logger.getLogger(AnswerLog.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConnection connection;
    private final EventSerde serde;
    private final String answersTopic;

    AnswerLog(KafkaConnection connection, EventSerde serde, String answersTopic) {
        this.connection = connection.as("answers");
        this.serde = serde;
        this.answersTopic = answersTopic;
    }

    /// Reads the answers since the first requests that are not committed, of all partitions at once: a rebalance waits for it.
    ///
    /// @param uncommitted for each partition of requests the first offset that is not committed
    /// @return for each of them requestIds that have an answer, and eventIds of requests that were handed back
    Map<TopicPartition, Set<String>> answeredSince(Map<TopicPartition, Long> uncommitted) {
        Map<TopicPartition, Set<String>> answered = new HashMap<>();
        uncommitted.keySet().forEach(requests -> answered.put(requests, new HashSet<>()));
        Map<String, Object> properties = connection.consumer();
        // Closing waits for the fetch that is under way.
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(properties)) {
            Map<TopicPartition, Long> starts = answersSince(consumer, timesOf(consumer, uncommitted));
            if (starts.isEmpty()) {
                return answered;
            }
            consumer.assign(starts.keySet());
            starts.forEach(consumer::seek);
            Map<TopicPartition, Long> ends = consumer.endOffsets(starts.keySet());
            while (starts.keySet().stream().anyMatch(answers -> consumer.position(answers) < ends.get(answers))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    Set<String> ids = answered.get(requestsOf(uncommitted, record.partition()));
                    if (ids != null) {
                        collect(record, ids);
                    }
                }
            }
        }
        return answered;
    }

    /// When the first request that is not committed was written, for each partition that has one.
    private static Map<TopicPartition, Long> timesOf(KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> uncommitted) {
        consumer.assign(uncommitted.keySet());
        uncommitted.forEach(consumer::seek);
        Map<TopicPartition, Long> ends = consumer.endOffsets(uncommitted.keySet());
        Set<TopicPartition> waiting = new HashSet<>(uncommitted.keySet());
        waiting.removeIf(requests -> uncommitted.get(requests) >= ends.get(requests));
        consumer.pause(uncommitted.keySet().stream().filter(requests -> !waiting.contains(requests)).toList());
        Map<TopicPartition, Long> times = new HashMap<>();
        while (!waiting.isEmpty()) {
            ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
            for (TopicPartition requests : records.partitions()) {
                times.putIfAbsent(requests, records.records(requests).getFirst().timestamp());
            }
            // Nothing readable may be left before the end: markers of transactions are no records.
            waiting.removeIf(requests -> times.containsKey(requests) || consumer.position(requests) >= ends.get(requests));
            consumer.pause(uncommitted.keySet().stream().filter(requests -> !waiting.contains(requests)).toList());
        }
        return times;
    }

    private Map<TopicPartition, Long> answersSince(KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> times) {
        Map<TopicPartition, Long> since = new HashMap<>();
        times.forEach((requests, millis) -> since.put(new TopicPartition(answersTopic, requests.partition()), millis));
        Map<TopicPartition, Long> starts = new HashMap<>();
        if (!since.isEmpty()) {
            consumer.offsetsForTimes(since).forEach((answers, first) -> {
                if (first != null) {
                    starts.put(answers, first.offset());
                }
            });
        }
        return starts;
    }

    private static TopicPartition requestsOf(Map<TopicPartition, Long> uncommitted, int partition) {
        return new TopicPartition(uncommitted.keySet().iterator().next().topic(), partition);
    }

    private void collect(ConsumerRecord<String, byte[]> record, Set<String> answered) {
        SpecificRecord event;
        try {
            event = serde.fromBytes(record.value());
        } catch (RuntimeException e) {
            LOG.debugf("%s[%d]@%d is no answer: %s", record.topic(), record.partition(), record.offset(), e.getMessage());
            return;
        }
        if (event instanceof RequestDeferred deferred) {
            String cause = deferred.getMeta().getCauseId();
            if (cause != null) {
                answered.add(cause);
            }
        } else if (EventTypes.requestIdOf(event) instanceof String requestId) {
            answered.add(requestId);
        }
    }
}
