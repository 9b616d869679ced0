package io.turnstream.audit.archive;

import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.LogReader;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// How many records of a run an earlier, interrupted import has left in each partition.
final class PresentRecords {

    private PresentRecords() {}

    /// @throws RunIsHereException if there are records of the run that no import wrote
    static Map<TopicPartition, Long> of(KafkaConnection connection, String runId, Collection<Topics> topics) {
        Map<TopicPartition, Long> present = new HashMap<>();
        try (LogReader<String> log = LogReader.of(connection.as("import"))) {
            log.read(topics.stream().flatMap(topic -> log.whole(topic).stream()).toList(), record -> {
                if (record.key() == null || !(record.key().equals(runId) || record.key().startsWith(runId + '/'))) {
                    return;
                }
                if (!EventHeaders.isImported(record.headers())) {
                    throw new RunIsHereException(runId, "it was made here (" + record.topic() + '[' + record.partition()
                            + "]@" + record.offset() + ')');
                }
                present.merge(new TopicPartition(record.topic(), record.partition()), 1L, Long::sum);
            });
        }
        return present;
    }
}
