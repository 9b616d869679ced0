package io.turnstream.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.contracts.DialogueClosed;
import io.turnstream.events.EventTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSerdeTest {

    private static final int UNKNOWN_ID = 4711;
    private static final int UNKNOWN_EVENT = 4712;
    private static final List<OldRecord> LOG = OldRecord.log();

    private final EventSerde serde = new EventSerde(new KnownSchemas());

    @Test
    void a_log_that_was_written_before_is_read_as_it_was_written() {
        assertThat(LOG).hasSizeGreaterThan(15).allSatisfy(record -> {
            assertThat(serde.asWritten(record.value()).toString()).isEqualTo(record.event());
            assertThat(serde.fromBytes(record.value()).getSchema())
                    .isEqualTo(EventTypes.byName(record.schema().getFullName()));
            assertThat(serde.deserializer().deserialize(record.topic(), record.value()))
                    .isEqualTo(serde.fromBytes(record.value()));
        });
    }

    @Test
    void a_copy_of_an_event_has_the_bytes_that_it_was_written_with() {
        assertThat(LOG).allSatisfy(
                record -> assertThat(serde.copyToBytes(serde.asWritten(record.value()))).isEqualTo(record.value()));
    }

    @Test
    void an_event_is_written_with_the_same_bytes_as_before() {
        assertThat(LOG).filteredOn(record -> record.schema().equals(EventTypes.byName(record.schema().getFullName())))
                .isNotEmpty()
                .allSatisfy(
                        record -> assertThat(serde.toBytes(serde.fromBytes(record.value()))).isEqualTo(record.value()));
    }

    @Test
    void an_event_is_a_zero_byte_the_id_of_its_schema_and_avros_binary_encoding() {
        assertThat(LOG).allSatisfy(record -> {
            SpecificRecord event = serde.fromBytes(record.value());
            assertThat(serde.toBytes(event)).isEqualTo(encoded(KnownSchemas.idOfOurs(event.getSchema()), event));
            assertThat(serde.serializer().serialize(record.topic(), new RecordHeaders(), event))
                    .isEqualTo(serde.toBytes(event));
        });
    }

    @Test
    void no_value_stays_no_value() {
        assertThat(serde.serializer().serialize("t", null)).isNull();
        assertThat(serde.deserializer().deserialize("t", (byte[]) null)).isNull();
        assertThat(serde.deserializer().deserialize("t", new RecordHeaders(), (byte[]) null)).isNull();
    }

    @Test
    void whatever_is_no_event_is_refused_as_unreadable() {
        byte[] event = LOG.getFirst().value();
        List<byte[]> damaged = new ArrayList<>(List.of(new byte[0], new byte[1], new byte[4], new byte[5],
                "{\"json\": true}".getBytes(StandardCharsets.UTF_8), withId(event, UNKNOWN_ID),
                withId(event, UNKNOWN_EVENT), withId(event, -1)));
        for (int length = 5; length < event.length - 1; length += 7) {
            damaged.add(Arrays.copyOf(event, length));
        }
        for (OldRecord other : LOG.subList(1, LOG.size())) {
            byte[] lengths = other.value().clone();
            Arrays.fill(lengths, 5, lengths.length, (byte) 0xff);
            damaged.add(lengths);
        }

        assertThat(damaged).allSatisfy(bytes -> {
            assertThatThrownBy(() -> serde.fromBytes(bytes)).isInstanceOf(SerializationException.class)
                    .hasMessageNotContaining("null");
            assertThatThrownBy(() -> serde.deserializer().deserialize("t", new RecordHeaders(), bytes))
                    .isInstanceOf(SerializationException.class);
        });
        assertThat(damaged).filteredOn(bytes -> bytes.length < 5 || ByteBuffer.wrap(bytes).getInt(1) != UNKNOWN_EVENT)
                .allSatisfy(bytes -> assertThatThrownBy(() -> serde.asWritten(bytes))
                        .isInstanceOf(SerializationException.class));
        assertThatThrownBy(() -> serde.fromBytes(null)).isInstanceOf(SerializationException.class);
        assertThatThrownBy(() -> serde.asWritten(null)).isInstanceOf(SerializationException.class);
    }

    @Test
    void an_unreadable_record_says_why() {
        byte[] event = LOG.getFirst().value();

        assertThatThrownBy(() -> serde.fromBytes(new byte[] {1, 2, 3})).hasMessageContaining("zero byte")
                .hasMessageContaining("3 bytes");
        assertThatThrownBy(() -> serde.fromBytes(withId(event, UNKNOWN_ID)))
                .hasMessageContaining("schema id " + UNKNOWN_ID);
        assertThatThrownBy(() -> serde.fromBytes(withId(event, UNKNOWN_EVENT)))
                .hasMessageContaining("does not know the event other.Event");
        assertThatThrownBy(() -> serde.fromBytes(Arrays.copyOf(event, event.length - 3)))
                .hasMessageContaining("schema id " + ByteBuffer.wrap(event).getInt(1));
    }

    @Test
    void an_event_whose_schema_has_no_id_is_not_written() {
        Schema nobodys = SchemaBuilder.record("Nobodys").namespace("other").fields().endRecord();

        assertThatThrownBy(() -> serde.copyToBytes(new GenericData.Record(nobodys)))
                .isInstanceOf(SerializationException.class).hasMessageContaining("other.Nobodys");
    }

    @Test
    void an_event_that_lacks_a_field_is_not_written() {
        assertThatThrownBy(() -> serde.toBytes(new DialogueClosed()))
                .isInstanceOf(SerializationException.class).hasMessageContaining("DialogueClosed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JSON", "BINARY", "nonsense", ""})
    void headers_that_other_programs_gave_a_record_change_nothing_for_it_nor_for_the_next(String encoding) {
        OldRecord record = LOG.getFirst();
        Headers foreign = new RecordHeaders();
        foreign.add("apicurio.value.encoding", encoding.getBytes(StandardCharsets.UTF_8));
        foreign.add("apicurio.value.globalId", ByteBuffer.allocate(8).putLong(UNKNOWN_ID).array());
        foreign.add("apicurio.value.contentId", ByteBuffer.allocate(8).putLong(UNKNOWN_ID).array());

        assertThat(serde.deserializer().deserialize(record.topic(), foreign, record.value()))
                .isEqualTo(serde.fromBytes(record.value()));
        assertThat(serde.deserializer().deserialize(record.topic(), foreign, ByteBuffer.wrap(record.value())))
                .isEqualTo(serde.fromBytes(record.value()));
        assertThat(serde.fromBytes(record.value()).toString())
                .isEqualTo(new EventSerde(new KnownSchemas()).fromBytes(record.value()).toString());
    }

    @Test
    void writing_adds_no_headers() {
        Headers headers = new RecordHeaders();

        serde.serializer().serialize("t", headers, serde.fromBytes(LOG.getFirst().value()));

        assertThat(headers).isEmpty();
    }

    @Test
    void many_threads_read_and_write_with_one_serde() throws Exception {
        // Given the events of all types, read and written by threads that live for one record only
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> written = new ArrayList<>();
            for (int i = 0; i < 20 * LOG.size(); i++) {
                byte[] value = LOG.get(i % LOG.size()).value();
                written.add(threads.submit(() -> {
                    GenericRecord copy = serde.asWritten(value);
                    serde.toBytes(serde.fromBytes(value));
                    return serde.copyToBytes(copy);
                }));
            }

            // Then
            for (int i = 0; i < written.size(); i++) {
                assertThat(written.get(i).get()).isEqualTo(LOG.get(i % LOG.size()).value());
            }
        }
    }

    private static byte[] withId(byte[] event, int id) {
        byte[] bytes = event.clone();
        ByteBuffer.wrap(bytes).putInt(1, id);
        return bytes;
    }

    private static byte[] encoded(int id, SpecificRecord event) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.writeBytes(ByteBuffer.allocate(4).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new SpecificDatumWriter<SpecificRecord>(event.getSchema()).write(event, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    /// The ids of the log, and others for those of our schemas that are not in it.
    private static final class KnownSchemas implements SchemaIds {

        private static final int OURS = 1000;

        static int idOfOurs(Schema schema) {
            return LOG.stream().filter(record -> record.schema().equals(schema)).findFirst().map(OldRecord::id)
                    .orElseGet(() -> OURS + EventTypes.schemas().indexOf(schema));
        }

        @Override
        public int idOf(Schema schema) {
            if (schema.getNamespace().equals("other")) {
                throw new UnknownSchemaException("schema " + schema.getFullName() + " is not registered");
            }
            return idOfOurs(schema);
        }

        @Override
        public Schema schemaOf(int id) {
            if (id == UNKNOWN_EVENT) {
                return SchemaBuilder.record("Event").namespace("other").fields().requiredString("text").endRecord();
            }
            if (id >= OURS && id < OURS + EventTypes.schemas().size()) {
                return EventTypes.schemas().get(id - OURS);
            }
            return LOG.stream().filter(record -> record.id() == id).findFirst().map(OldRecord::schema)
                    .orElseThrow(() -> new UnknownSchemaException("no schema has the id " + id));
        }
    }
}
