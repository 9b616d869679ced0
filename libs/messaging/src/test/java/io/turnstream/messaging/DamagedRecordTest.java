package io.turnstream.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedRecordTest {

    /// As consumers of Kafka 4.1 say it.
    @ParameterizedTest
    @ValueSource(strings = {
            "Received exception when fetching the next record from turnstream.dialogue-events-3. If needed, please seek past the record to continue consumption.",
            "Record batch for partition turnstream.dialogue-events-3 at offset 12 is invalid, cause: Record is corrupt (stored crc = 1, computed crc = 2)",
            "Record for partition turnstream.dialogue-events-3 at offset 12 is invalid, cause: Record is corrupt"
    })
    void is_found_in_what_a_consumer_says_with_its_partition(String message) {
        assertThat(DamagedRecord.in(new IllegalStateException("a thread has failed", new KafkaException(message))))
                .contains(new DamagedRecord(new TopicPartition("turnstream.dialogue-events", 3)));
    }

    @Test
    void is_not_seen_in_other_failures() {
        assertThat(DamagedRecord.in(new KafkaException("Failed to construct kafka consumer", new RuntimeException())))
                .isEmpty();
    }
}
