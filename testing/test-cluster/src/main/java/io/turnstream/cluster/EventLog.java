package io.turnstream.cluster;

import io.turnstream.events.Topics;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// All that is committed in a topic now.
public final class EventLog {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaConnection connection;

    public EventLog(KafkaConnection connection) {
        this.connection = connection;
    }

    /// Records as they stand, partition by partition in order.
    public List<ConsumerRecord<String, byte[]>> records(Topics topic) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(connection.consumer())) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Await.until(PATIENCE, () -> topic.topicName() + " is read to its end", () -> {
                consumer.poll(POLL).forEach(records::add);
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
        }
        return records;
    }

    /// How many records a topic's partitions have room for: what was written, committed or not.
    public long size(Topics topic) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(connection.consumer())) {
            return consumer.endOffsets(partitions(consumer, topic)).values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, Topics topic) {
        return consumer.partitionsFor(topic.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
    }

    /// The events of one type whose key begins so, in order within each key.
    public <T extends SpecificRecord> List<T> events(Topics topic, Class<T> type, String keyPrefix) {
        try (SchemaCatalog catalog = SchemaCatalog.reading(connection.as("schemas"))) {
            EventSerde serde = new EventSerde(catalog);
            return records(topic).stream()
                    .filter(record -> record.key() != null && record.key().startsWith(keyPrefix)
                            && record.value() != null)
                    .map(record -> serde.fromBytes(record.value()))
                    .filter(type::isInstance).map(type::cast).toList();
        }
    }
}
