package io.turnstream.audit.trace;

import io.turnstream.contracts.Topics;
import io.turnstream.messaging.KafkaConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// Finds the dialogue that somebody means by a part of its id.
public final class DialogueSearch {

    private DialogueSearch() {}

    /// Reads the keys of all planned dialogues.
    ///
    /// @param part a dialogueId or a part of one, such as `12/multimodal/unsafe`
    /// @return the ids that hold it, sorted; the id alone where it is one
    public static SortedSet<String> find(KafkaConnection connection, String part) {
        Map<String, Object> properties = connection.as("search").consumer();
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        SortedSet<String> found = new TreeSet<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(properties)) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.DIALOGUES.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.key() != null && record.key().equals(part)) {
                        return new TreeSet<>(List.of(part));
                    }
                    if (record.key() != null && record.key().contains(part)) {
                        found.add(record.key());
                    }
                }
            }
        }
        return found;
    }
}
