package io.turnstream.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apicurio.registry.resolver.config.SchemaResolverConfig;
import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.apicurio.registry.serde.avro.AvroSerdeConfig;
import io.turnstream.contracts.RunControl;
import io.turnstream.embedded.EmbeddedRegistry;
import io.turnstream.events.EventTypes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our records and those of Apicurio's serde as it comes, which knows of a registry only its address.
class StockSerdeIT {

    private static final String TOPIC = "turnstream.somewhere";

    @TempDir
    private static Path folder;

    private static EmbeddedRegistry registry;
    private static List<RegisteredSchema> registered;
    private static EventSerde ours;

    @BeforeAll
    static void start() {
        registry = EmbeddedRegistry.start(folder.resolve("registry"), folder.resolve("registry.log"));
        registry.awaitReady(Duration.ofSeconds(90));
        registered = RegisteredSchema.register(EventTypes.schemas(), URI.create(registry.url()));
        ours = new EventSerde(new Registered());
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void the_stock_deserializer_reads_our_records() {
        try (AvroKafkaDeserializer<SpecificRecord> stock = new AvroKafkaDeserializer<>()) {
            stock.configure(settings(Map.of(AvroSerdeConfig.USE_SPECIFIC_AVRO_READER, true)), false);

            assertThat(events())
                    .allSatisfy(event -> assertThat(stock.deserialize(TOPIC, ours.toBytes(event))).isEqualTo(event));
        }
    }

    @Test
    void the_stock_serializer_that_finds_our_artifacts_writes_the_bytes_that_we_write() {
        assertThat(events()).allSatisfy(event -> {
            try (AvroKafkaSerializer<SpecificRecord> stock = new AvroKafkaSerializer<>()) {
                stock.configure(settings(Map.of(
                        SchemaResolverConfig.EXPLICIT_ARTIFACT_GROUP_ID, "turnstream",
                        SchemaResolverConfig.EXPLICIT_ARTIFACT_ID, event.getSchema().getFullName(),
                        SchemaResolverConfig.FIND_LATEST_ARTIFACT, true)), false);

                assertThat(stock.serialize(TOPIC, event)).isEqualTo(ours.toBytes(event));
            }
        });
    }

    @Test
    void a_record_of_a_stock_serializer_that_registers_schemas_itself_is_read_by_what_the_registry_knows() {
        // Given one that registers an event's enums and nested records apart, each topic's schemas under the topic's
        // name
        try (AvroKafkaSerializer<SpecificRecord> stock = new AvroKafkaSerializer<>()) {
            stock.configure(settings(Map.of(SchemaResolverConfig.AUTO_REGISTER_ARTIFACT, true)), false);

            assertThat(events()).allSatisfy(event -> {
                byte[] bytes = stock.serialize(event.getSchema().getName(), event);

                assertThat(patiently(() -> ours.fromBytes(bytes))).isEqualTo(event);
                assertThat(patiently(() -> ours.asWritten(bytes)).toString()).isEqualTo(event.toString());
            });
        }
    }

    /// A machine that has other things to do can let the registry be late once; it is asked again after a while.
    private static <T> T patiently(Supplier<T> reading) {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (true) {
            try {
                return reading.get();
            } catch (SerializationException e) {
                if (!String.valueOf(e.getMessage()).contains("cannot be asked") || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
        }
    }

    @Test
    void registering_again_gives_the_same_ids() {
        assertThat(RegisteredSchema.register(EventTypes.schemas(), URI.create(registry.url()))).isEqualTo(registered);
    }

    @Test
    void the_registry_refuses_a_schema_that_cannot_read_what_was_written_before() {
        Schema incompatible = SchemaBuilder.record(RunControl.getClassSchema().getName())
                .namespace(RunControl.getClassSchema().getNamespace())
                .fields().requiredLong("somethingNew").endRecord();

        assertThatThrownBy(() -> RegisteredSchema.register(List.of(incompatible), URI.create(registry.url())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("refused the schema " + incompatible.getFullName())
                .hasMessageContaining("Incompatible artifact").hasMessageContaining("somethingNew");
    }

    private static List<SpecificRecord> events() {
        List<OldRecord> log = OldRecord.log();
        EventSerde reading = new EventSerde(new SchemaIds() {
            @Override
            public int idOf(Schema schema) {
                throw new UnknownSchemaException("nothing is written");
            }

            @Override
            public Schema schemaOf(int id) {
                return log.stream().filter(record -> record.id() == id).map(OldRecord::schema).findFirst()
                        .orElseThrow();
            }
        });
        return log.stream().map(record -> reading.fromBytes(record.value())).toList();
    }

    private static Map<String, Object> settings(Map<String, ?> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put(SchemaResolverConfig.REGISTRY_URL, registry.url());
        settings.put(SchemaResolverConfig.HTTP_ADAPTER, "JDK");
        return settings;
    }

    /// What we registered, and the registry for anything else.
    private static final class Registered implements SchemaIds {

        private final RegistryFallback fallback = new RegistryFallback(() -> URI.create(registry.url()),
                Clock.systemUTC());

        @Override
        public int idOf(Schema schema) {
            return registered.stream().filter(one -> one.schema().equals(schema)).findFirst().orElseThrow().id();
        }

        @Override
        public Schema schemaOf(int id) {
            return registered.stream().filter(one -> one.id() == id).map(RegisteredSchema::schema).findFirst()
                    .orElseGet(() -> fallback.schemaOf(id));
        }
    }
}
