package io.turnstream.messaging;

import io.turnstream.contracts.LogRange;
import io.turnstream.contracts.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// Reads ranges of the log, and nothing beside them.
public final class LogRanges {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int RECORDS_PER_POLL = 2_000;

    private LogRanges() {}

    /// Reads committed records of some ranges, at most one a partition: in order within a partition, partitions side by side.
    ///
    /// @return how many records were read
    public static long read(KafkaConnection connection, List<LogRange> ranges, Consumer<ConsumerRecord<String, byte[]>> reader) {
        Map<String, Object> properties = connection.as("log-ranges").consumer();
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_PER_POLL);
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(properties)) {
            return read(consumer, ranges, reader);
        }
    }

    /// All that a topic holds now.
    public static List<LogRange> whole(KafkaConnection connection, Topics topic) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(connection.as("log-ranges").consumer())) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
            return partitions.stream()
                    .map(partition -> new LogRange(partition.topic(), partition.partition(), first.get(partition), end.get(partition)))
                    .toList();
        }
    }

    static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, Topics topic) {
        return consumer.partitionsFor(topic.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }

    static long read(KafkaConsumer<String, byte[]> consumer, List<LogRange> ranges, Consumer<ConsumerRecord<String, byte[]>> reader) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (LogRange range : ranges) {
            TopicPartition partition = new TopicPartition(range.getTopic(), range.getPartition());
            if (range.getFirstOffset() < range.getEndOffset() && ends.put(partition, range.getEndOffset()) != null) {
                throw new IllegalArgumentException("two ranges of " + partition + " cannot be read side by side");
            }
        }
        consumer.assign(ends.keySet());
        ranges.stream().filter(range -> range.getFirstOffset() < range.getEndOffset())
                .forEach(range -> consumer.seek(new TopicPartition(range.getTopic(), range.getPartition()), range.getFirstOffset()));
        long read = 0;
        while (!ends.isEmpty()) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                Long end = ends.get(new TopicPartition(record.topic(), record.partition()));
                if (end != null && record.offset() < end) {
                    read++;
                    reader.accept(record);
                }
            }
            List<TopicPartition> done = new ArrayList<>();
            ends.forEach((partition, end) -> {
                if (consumer.position(partition) >= end) {
                    done.add(partition);
                }
            });
            if (!done.isEmpty()) {
                consumer.pause(done);
                done.forEach(ends::remove);
            }
        }
        return read;
    }
}
