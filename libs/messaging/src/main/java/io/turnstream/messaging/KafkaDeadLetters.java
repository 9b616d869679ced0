package io.turnstream.messaging;

import io.turnstream.events.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Dead letters as they stand in [Topics#DEAD_LETTERS].
///
/// A record that is sent back and the note of it are one transaction. The note is a record without a value in the same
/// topic, whose header `dl_replayed` names the letter; nothing is changed or taken away.
public final class KafkaDeadLetters implements DeadLetterDesk {

    private static final String TRANSACTIONAL_ID = "turnstream-dead-letters";
    private static final int MOST_CHARACTERS = 20_000;
    private static final int MOST_HEX = 256;
    /// Whose readers project: they take a rebuild, and a second record would stand in the log for ever.
    private static final Set<String> PROJECTED = Set.of(Topics.DIALOGUE_EVENTS.topicName(),
            Topics.SCORE_ROWS.topicName(), Topics.SCORE_CELLS.topicName());
    private static final String PROJECTOR = "metrics-aggregator";

    private final KafkaConnection connection;
    private final EventSerde serde;
    private final Clock clock;

    /// @param serde reads what the letters hold, as far as it can
    public KafkaDeadLetters(KafkaConnection connection, EventSerde serde, Clock clock) {
        this.connection = connection.as("dead-letters");
        this.serde = serde;
        this.clock = clock;
    }

    @Override
    public List<Letter> letters() {
        Map<String, Letter> letters = new LinkedHashMap<>();
        Map<Long, String> places = new TreeMap<>();
        LogReader.readAll(connection, Topics.DEAD_LETTERS, record -> {
            String replayed = DeadLetter.text(record.headers(), DeadLetter.REPLAYED);
            if (replayed == null) {
                Letter letter = letter(record);
                String place = letter.service() + ' ' + letter.place();
                places.put(letter.id(), place);
                letters.merge(place, letter, (first, copy) -> copied(first));
            } else {
                letters.computeIfPresent(places.getOrDefault(number(replayed), ""), (place, letter) -> replayed(letter,
                        new Replay(Instant.ofEpochMilli(record.timestamp()),
                                number(DeadLetter.text(record.headers(), DeadLetter.OFFSET)))));
            }
        });
        return List.copyOf(letters.values());
    }

    private static Letter letter(ConsumerRecord<String, byte[]> record) {
        Headers headers = record.headers();
        return new Letter(record.offset(), safe(DeadLetter.text(headers, DeadLetter.TOPIC)),
                (int) number(DeadLetter.text(headers, DeadLetter.PARTITION)),
                number(DeadLetter.text(headers, DeadLetter.OFFSET)),
                Instant.ofEpochMilli(record.timestamp()), safe(DeadLetter.text(headers, DeadLetter.SERVICE)),
                safe(DeadLetter.text(headers, DeadLetter.REASON)),
                record.key() == null ? null : Escapes.line(record.key()),
                record.value() == null ? -1 : bytes(record), 1, List.of());
    }

    private static int bytes(ConsumerRecord<?, byte[]> letter) {
        String whole = DeadLetter.text(letter.headers(), DeadLetter.VALUE_BYTES);
        return whole == null ? letter.value().length : (int) number(whole);
    }

    private static String safe(@Nullable String text) {
        return text == null ? "?" : Escapes.line(text);
    }

    private static Letter copied(Letter letter) {
        return new Letter(letter.id(), letter.topic(), letter.partition(), letter.offset(), letter.at(),
                letter.service(), letter.reason(),
                letter.key(), letter.bytes(), letter.copies() + 1, letter.replays());
    }

    private static Letter replayed(Letter letter, Replay replay) {
        List<Replay> replays = new ArrayList<>(letter.replays());
        replays.add(replay);
        return new Letter(letter.id(), letter.topic(), letter.partition(), letter.offset(), letter.at(),
                letter.service(), letter.reason(),
                letter.key(), letter.bytes(), letter.copies(), replays);
    }

    /// A foreign record among the dead letters has what headers it likes.
    private static long number(@Nullable String text) {
        try {
            return text == null ? -1 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public Optional<Opened> open(long id) {
        return letters().stream().filter(letter -> letter.id() == id).findFirst().map(letter -> {
            ConsumerRecord<byte[], byte[]> record = at(Topics.DEAD_LETTERS.topicName(), 0, id)
                    .orElseThrow(() -> new IllegalStateException("the dead letter " + id + " cannot be read any more"));
            Map<String, String> headers = new TreeMap<>();
            for (Header header : DeadLetter.own(record.headers())) {
                headers.put(Escapes.line(header.key()),
                        header.value() == null ? "" : Escapes.line(new String(header.value(), StandardCharsets.UTF_8)));
            }
            return opened(letter, headers, original(letter, record).map(ConsumerRecord::value).orElse(record.value()));
        });
    }

    private Opened opened(Letter letter, Map<String, String> headers, byte @Nullable [] value) {
        if (value == null) {
            return new Opened(letter, headers, null, null, null);
        }
        try {
            GenericRecord event = serde.asWritten(value);
            return new Opened(letter, headers, event.getSchema().getFullName(),
                    beginning(Escapes.line(event.toString())), null);
        } catch (SerializationException e) {
            byte[] first = Arrays.copyOf(value, Math.min(value.length, MOST_HEX));
            return new Opened(letter, headers, null, beginning(Escapes.line(new String(value, StandardCharsets.UTF_8))),
                    HexFormat.of().formatHex(first));
        }
    }

    private static String beginning(String text) {
        return text.length() <= MOST_CHARACTERS
                ? text
                : text.substring(0, MOST_CHARACTERS) + "… (" + text.length() + " characters)";
    }

    @Override
    public Optional<Letter> replay(long id, boolean again) {
        Optional<Letter> found = letters().stream().filter(letter -> letter.id() == id).findFirst();
        found.ifPresent(letter -> requireReplayable(letter, again));
        return found.map(letter -> replayed(letter, send(letter)));
    }

    private static void requireReplayable(Letter letter, boolean again) {
        if (PROJECTED.contains(letter.topic()) || letter.service().equals(PROJECTOR)) {
            throw new ReplayRefusedException(
                    "record " + letter.place() + " stands in the log, and a second one would be one too many",
                    "'turnstream rebuild' reads it again from where it stands, with the version of Turnstream that is installed now.");
        }
        if (Arrays.stream(Topics.values()).noneMatch(topic -> topic.topicName().equals(letter.topic()))
                || letter.partition() < 0) {
            throw new ReplayRefusedException("dead letter " + letter.id() + " does not say where it came from",
                    "Nothing can be sent back.");
        }
        if (!letter.replays().isEmpty() && !again) {
            throw new ReplayRefusedException(
                    "dead letter " + letter.id() + " was sent back on " + letter.replays().getLast().at() + " already",
                    "To send it back once more, say --again.");
        }
    }

    private Replay send(Letter letter) {
        ConsumerRecord<byte[], byte[]> laidAside = at(Topics.DEAD_LETTERS.topicName(), 0, letter.id()).orElseThrow();
        // the record itself, while it is there: a letter's key went through text
        ConsumerRecord<byte[], byte[]> record = original(letter, laidAside).orElse(laidAside);
        if (record == laidAside && isCut(laidAside)) {
            throw new ReplayRefusedException(
                    "dead letter " + letter.id() + " holds only the beginning of a record of " + letter.bytes()
                            + " bytes, and the record is no longer at " + letter.place(),
                    "Nothing can be sent back.");
        }
        Headers headers = DeadLetter.own(record.headers());
        headers.remove(EventHeaders.REPLAYED);
        headers.add(EventHeaders.REPLAYED, Long.toString(letter.id()).getBytes(StandardCharsets.UTF_8));
        Map<String, Object> properties = connection.producer();
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 60_000);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties)) {
            producer.initTransactions();
            producer.beginTransaction();
            try {
                long offset = producer
                        .send(new ProducerRecord<>(letter.topic(), letter.partition(), null, record.key(),
                                record.value(), headers))
                        .get().offset();
                producer.send(new ProducerRecord<>(Topics.DEAD_LETTERS.topicName(), null, null, laidAside.key(), null,
                        note(letter, offset))).get();
                producer.commitTransaction();
                return new Replay(clock.instant(), offset);
            } catch (ExecutionException | KafkaException e) {
                producer.abortTransaction();
                throw new IllegalStateException("dead letter " + letter.id() + " could not be sent back to "
                        + letter.topic() + ": " + e.getMessage(), e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending a dead letter back", e);
        }
    }

    /// The record that the letter is about, if it still stands where it stood.
    private Optional<ConsumerRecord<byte[], byte[]>> original(Letter letter, ConsumerRecord<byte[], byte[]> laidAside) {
        if (letter.partition() < 0 || letter.offset() < 0
                || Arrays.stream(Topics.values()).noneMatch(topic -> topic.topicName().equals(letter.topic()))) {
            return Optional.empty();
        }
        return at(letter.topic(), letter.partition(), letter.offset()).filter(original -> isCut(laidAside)
                ? original.value() != null && original.value().length == letter.bytes()
                        && Arrays.mismatch(original.value(), laidAside.value()) == laidAside.value().length
                : Arrays.equals(original.value(), laidAside.value()));
    }

    private static boolean isCut(ConsumerRecord<?, ?> laidAside) {
        return DeadLetter.text(laidAside.headers(), DeadLetter.VALUE_BYTES) != null;
    }

    private static Headers note(Letter letter, long offset) {
        Headers headers = new RecordHeaders();
        Map.of(DeadLetter.REPLAYED, Long.toString(letter.id()), DeadLetter.TOPIC, letter.topic(), DeadLetter.PARTITION,
                Integer.toString(letter.partition()),
                DeadLetter.OFFSET, Long.toString(offset))
                .forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        return headers;
    }

    /// The committed record at an offset, its bytes untouched.
    private Optional<ConsumerRecord<byte[], byte[]>> at(String topic, int partition, long offset) {
        TopicPartition place = new TopicPartition(topic, partition);
        AtomicReference<@Nullable ConsumerRecord<byte[], byte[]>> found = new AtomicReference<>();
        try (LogReader<byte[]> log = LogReader.ofBytes(connection)) {
            if (offset < log.ends(List.of(place)).get(place)) {
                log.read(List.of(LogReader.range(place, offset, offset + 1)), found::set);
            }
        }
        return Optional.ofNullable(found.get());
    }
}
