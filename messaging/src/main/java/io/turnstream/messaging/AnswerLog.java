package io.turnstream.messaging;

import io.turnstream.contracts.EventTypes;
import io.turnstream.contracts.RequestDeferred;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/// Finds what the log already answers, so that no call is paid for again.
///
/// Requests and answers share keys and partition numbers, and the broker stamps both: whatever answers a request stands in the
/// partition of the same number, at or after the request's time.
final class AnswerLog {

    private static final Logger LOG = Logger.getLogger(AnswerLog.class);

    private final KafkaConnection connection;
    private final EventSerde serde;
    private final String answersTopic;

    AnswerLog(KafkaConnection connection, EventSerde serde, String answersTopic) {
        this.connection = connection.as("answers");
        this.serde = serde;
        this.answersTopic = answersTopic;
    }

    /// Reads the answers since a request.
    ///
    /// @param fromOffset first request that is not committed
    /// @return requestIds that have an answer, and eventIds of requests that were handed back
    Set<String> answeredSince(TopicPartition requests, long fromOffset) {
        Set<String> answered = new HashSet<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(connection.consumer())) {
            Long since = timeOf(consumer, requests, fromOffset);
            if (since == null) {
                return answered;
            }
            TopicPartition answers = new TopicPartition(answersTopic, requests.partition());
            OffsetAndTimestamp first = consumer.offsetsForTimes(Map.of(answers, since)).get(answers);
            if (first == null) {
                return answered;
            }
            consumer.assign(List.of(answers));
            consumer.seek(answers, first.offset());
            long end = consumer.endOffsets(List.of(answers)).get(answers);
            while (consumer.position(answers) < end) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    collect(record, answered);
                }
            }
        }
        return answered;
    }

    private static Long timeOf(KafkaConsumer<String, byte[]> consumer, TopicPartition requests, long fromOffset) {
        consumer.assign(List.of(requests));
        long end = consumer.endOffsets(List.of(requests)).get(requests);
        consumer.seek(requests, fromOffset);
        while (consumer.position(requests) < end) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                return record.timestamp();
            }
        }
        return null;
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
