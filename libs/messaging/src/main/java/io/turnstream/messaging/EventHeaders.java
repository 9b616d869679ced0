package io.turnstream.messaging;

import io.turnstream.contracts.EventMeta;
import io.turnstream.events.EventTypes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// CloudEvents 1.0 attributes in Kafka's binary mode (`ce_*`) and W3C trace context, on every record.
public final class EventHeaders {

    /// Name of the W3C trace context header.
    public static final String TRACEPARENT = "traceparent";

    /// Marks a record that another installation accepted and that was copied here. It tells what happened and asks for
    /// nothing: whoever acts on requests, plans and commands leaves it alone. Its value is the digest of the archive it
    /// came from.
    public static final String IMPORTED = "turnstream-imported";

    /// On the same records: where and when they were written first, `partition@offset@milliseconds since the epoch`.
    public static final String ORIGIN = "turnstream-origin";

    /// On the same records, where texts were withheld from the archive they came from: the record has the texts'
    /// commitments alone.
    public static final String REDACTED = "turnstream-redacted";

    /// On a record that a person sent back out of the dead letters: the letter's number. It asks as the first one did.
    public static final String REPLAYED = "turnstream-replayed";

    private static final Pattern VALID_TRACEPARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final byte[] SPEC_VERSION = bytes("1.0");
    private static final byte[] CONTENT_TYPE = bytes("application/vnd.apache.avro+binary");

    private EventHeaders() {}

    /// Headers of an event.
    ///
    /// @param source the service that writes it, such as `turn-dispatcher`
    /// @param subject what it is about: the record's key
    /// @param parent headers of the record that caused it, whose trace goes on; null starts a new trace
    public static Headers of(SpecificRecord event, String source, String subject, @Nullable Headers parent) {
        EventMeta meta = EventTypes.metaOf(event);
        Headers headers = new RecordHeaders();
        headers.add("ce_specversion", SPEC_VERSION);
        headers.add("ce_id", bytes(meta.getEventId()));
        headers.add("ce_type", bytes(event.getSchema().getFullName()));
        headers.add("ce_source", bytes("/turnstream/" + source));
        headers.add("ce_subject", bytes(subject));
        headers.add("ce_time", bytes(Instant.ofEpochMilli(meta.getOccurredAtMillis()).toString()));
        headers.add("content-type", CONTENT_TYPE);
        headers.add(TRACEPARENT, bytes(nextTraceparent(parent)));
        return headers;
    }

    /// Whether a record was copied from another installation.
    public static boolean isImported(Headers headers) {
        return headers.lastHeader(IMPORTED) != null;
    }

    /// Whether a record was copied from an archive that withholds texts.
    public static boolean isRedacted(Headers headers) {
        return headers.lastHeader(REDACTED) != null;
    }

    /// The `traceparent` of some headers, or null.
    public static @Nullable String traceparent(Headers headers) {
        Header header = headers.lastHeader(TRACEPARENT);
        return header == null ? null : new String(header.value(), StandardCharsets.US_ASCII);
    }

    /// `00-<trace id>-<new span id>-01`, with the parent's trace id where it has a valid one.
    static String nextTraceparent(@Nullable Headers parent) {
        String before = parent == null ? null : traceparent(parent);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String trace = before != null && VALID_TRACEPARENT.matcher(before).matches()
                ? before.substring(3, 35)
                : hex(random.nextLong()) + hex(random.nextLong() | 1);
        return "00-" + trace + '-' + hex(random.nextLong() | 1) + "-01";
    }

    private static String hex(long value) {
        return HexFormat.of().toHexDigits(value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
