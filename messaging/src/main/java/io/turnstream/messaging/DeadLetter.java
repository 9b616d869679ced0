package io.turnstream.messaging;

import io.turnstream.contracts.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// A record that could not be read or handled: its bytes and headers as they were, where it stood, and why.
///
/// In [Topics#DEAD_LETTERS] place and reason stand in the headers `dl_topic`, `dl_partition`, `dl_offset`, `dl_reason` and
/// `dl_service`.
public record DeadLetter(
        String topic, int partition, long offset, byte @Nullable [] key, byte @Nullable [] value, Headers headers, String reason) {

    static final String TOPIC = "dl_topic";
    static final String PARTITION = "dl_partition";
    static final String OFFSET = "dl_offset";
    static final String REASON = "dl_reason";
    static final String SERVICE = "dl_service";

    /// On the note that a letter was sent back: the letter's offset; [#OFFSET] is that of the new record.
    static final String REPLAYED = "dl_replayed";

    private static final String PREFIX = "dl_";

    /// The dead letter of a record whose key was read.
    public static DeadLetter of(ConsumerRecord<String, byte[]> record, String reason) {
        return new DeadLetter(record.topic(), record.partition(), record.offset(),
                record.key() == null ? null : record.key().getBytes(StandardCharsets.UTF_8), record.value(), record.headers(), reason);
    }

    ProducerRecord<String, byte[]> toRecord(String service) {
        RecordHeaders all = new RecordHeaders();
        for (Header header : headers) {
            all.add(header);
        }
        put(all, TOPIC, topic);
        put(all, PARTITION, Integer.toString(partition));
        put(all, OFFSET, Long.toString(offset));
        put(all, REASON, reason);
        put(all, SERVICE, service);
        return new ProducerRecord<>(Topics.DEAD_LETTERS.topicName(), null,
                key == null ? null : new String(key, StandardCharsets.UTF_8), value, all);
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /// The value of a header as text, or null.
    static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /// The headers that the record itself had.
    static Headers own(Headers headers) {
        RecordHeaders own = new RecordHeaders();
        for (Header header : headers) {
            if (!header.key().startsWith(PREFIX)) {
                own.add(header);
            }
        }
        return own;
    }
}
