package io.turnstream.audit.archive;

import io.turnstream.contracts.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.KafkaConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// How many records of a run an earlier, interrupted import has left in each partition.
final class PresentRecords {

    private PresentRecords() {}

    /// @throws RunIsHereException if there are records of the run that no import wrote
    static Map<TopicPartition, Long> of(KafkaConnection connection, String runId, Collection<Topics> topics) {
        Map<String, Object> properties = connection.as("import").consumer();
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        Map<TopicPartition, Long> present = new HashMap<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(properties)) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (Topics topic : topics) {
                consumer.partitionsFor(topic.topicName()).forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.key() == null || !(record.key().equals(runId) || record.key().startsWith(runId + '/'))) {
                        continue;
                    }
                    if (!EventHeaders.isImported(record.headers())) {
                        throw new RunIsHereException(runId, "it was made here (" + record.topic() + '[' + record.partition() + "]@" + record.offset() + ')');
                    }
                    present.merge(new TopicPartition(record.topic(), record.partition()), 1L, Long::sum);
                }
            }
        }
        return present;
    }
}
