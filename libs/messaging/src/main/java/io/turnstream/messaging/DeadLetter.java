package io.turnstream.messaging;

import io.turnstream.events.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// A record that could not be read or handled: its bytes and headers as they were, where it stood, and why.
///
/// In [Topics#DEAD_LETTERS] place and reason stand in the headers `dl_topic`, `dl_partition`, `dl_offset`, `dl_reason`
/// and `dl_service`. A record so large that place and reason would not fit beside it is cut: `dl_value_bytes` then says
/// how long its value was, and the record itself stays where it stood.
public record DeadLetter(
        String topic, int partition, long offset, byte @Nullable [] key, byte @Nullable [] value, Headers headers,
        String reason) {

    static final String TOPIC = "dl_topic";
    static final String PARTITION = "dl_partition";
    static final String OFFSET = "dl_offset";
    static final String REASON = "dl_reason";
    static final String SERVICE = "dl_service";

    /// How many bytes the record's value has, where the letter holds only its beginning.
    static final String VALUE_BYTES = "dl_value_bytes";

    /// On the note that a letter was sent back: the letter's offset; [#OFFSET] is that of the new record.
    static final String REPLAYED = "dl_replayed";

    private static final String PREFIX = "dl_";

    /// Most characters of a reason, and most bytes of a record that is kept beside its reason, key and headers counted.
    private static final int MOST_REASON = 4_000;
    private static final int MOST_BYTES = KafkaConnection.MOST_RECORD_BYTES - 64 * 1024;

    /// What is left of a record that is larger.
    private static final int CUT_BYTES = 64 * 1024;

    /// The dead letter of a record whose key was read.
    public static DeadLetter of(ConsumerRecord<String, byte[]> record, String reason) {
        return new DeadLetter(record.topic(), record.partition(), record.offset(),
                record.key() == null ? null : record.key().getBytes(StandardCharsets.UTF_8), record.value(),
                record.headers(), reason);
    }

    ProducerRecord<String, byte[]> toRecord(String service) {
        boolean cut = bytes() > MOST_BYTES;
        RecordHeaders all = new RecordHeaders();
        int room = cut ? CUT_BYTES : Integer.MAX_VALUE;
        for (Header header : headers) {
            room -= bytesOf(header);
            if (room >= 0) {
                all.add(header);
            }
        }
        put(all, TOPIC, topic);
        put(all, PARTITION, Integer.toString(partition));
        put(all, OFFSET, Long.toString(offset));
        String why = reason.length() <= MOST_REASON ? reason : reason.substring(0, MOST_REASON) + "…";
        put(all, REASON,
                cut
                        ? "too large to be laid aside whole (%d bytes), only its beginning is kept: %s"
                                .formatted(value == null ? 0 : value.length, why)
                        : why);
        put(all, SERVICE, service);
        if (cut) {
            put(all, VALUE_BYTES, Integer.toString(value == null ? -1 : value.length));
        }
        byte[] shownKey = cut ? beginning(key) : key;
        return new ProducerRecord<>(Topics.DEAD_LETTERS.topicName(), null,
                shownKey == null ? null : new String(shownKey, StandardCharsets.UTF_8),
                cut ? beginning(value) : value, all);
    }

    private long bytes() {
        long bytes = (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
        for (Header header : headers) {
            bytes += bytesOf(header);
        }
        return bytes;
    }

    private static int bytesOf(Header header) {
        return header.key().length() + (header.value() == null ? 0 : header.value().length);
    }

    private static byte @Nullable [] beginning(byte @Nullable [] whole) {
        return whole == null || whole.length <= CUT_BYTES ? whole : Arrays.copyOf(whole, CUT_BYTES);
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
