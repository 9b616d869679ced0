package io.turnstream.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.contracts.EventDigests;
import io.turnstream.contracts.EventTypes;
import io.turnstream.contracts.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/// The ids the registry gave our schemas, kept in the topic [Topics#SCHEMAS].
///
/// The registry is asked only for schemas that no process of this deployment has registered yet: at the very first start, and
/// after an update that brings new ones. Every other start reads the topic and needs no registry.
public final class SchemaCatalog implements SchemaIds, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SchemaCatalog.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Entry(int id, Schema schema) {}

    private final CompactedTable<Entry> table;
    private final Map<Schema, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

    private SchemaCatalog(CompactedTable<Entry> table) {
        this.table = table;
    }

    /// Reads the catalog and registers nothing: enough for who only reads, registry or not.
    ///
    /// @throws IllegalStateException if the catalog cannot be read
    public static SchemaCatalog reading(KafkaConnection connection) {
        SchemaCatalog catalog = new SchemaCatalog(new CompactedTable<>(connection, Topics.SCHEMAS, SchemaCatalog::entryOf));
        try {
            catalog.table.awaitLoaded(PATIENCE);
            catalog.table.entries().values().forEach(catalog::remember);
            return catalog;
        } catch (RuntimeException e) {
            catalog.close();
            throw e;
        }
    }

    /// Reads the catalog and registers what is missing.
    ///
    /// @param registry gives the registry's base address, waiting for it if need be; asked only if a schema is missing
    /// @throws IllegalStateException if a schema is missing and the registry cannot be reached or refuses it
    public static SchemaCatalog open(KafkaConnection connection, Supplier<URI> registry) {
        SchemaCatalog catalog = reading(connection);
        try {
            catalog.registerAlso(EventTypes.schemas(), connection, registry);
            return catalog;
        } catch (RuntimeException e) {
            catalog.close();
            throw e;
        }
    }

    /// Registers schemas that other versions of this code wrote events with, so that such events can be copied here.
    ///
    /// @param registry gives the registry's base address; asked only if a schema is missing
    /// @throws IllegalStateException if a schema is missing and the registry cannot be reached or refuses it
    public void registerAlso(Collection<Schema> others, KafkaConnection connection, Supplier<URI> registry) {
        List<Schema> missing = others.stream().filter(schema -> !ids.containsKey(schema)).toList();
        if (!missing.isEmpty()) {
            register(missing, connection, registry.get());
        }
    }

    @Override
    public int idOf(Schema schema) {
        Integer id = ids.get(schema);
        if (id == null) {
            throw new UnknownSchemaException("schema " + schema.getFullName() + " is not registered");
        }
        return id;
    }

    @Override
    public Schema schemaOf(int id) {
        Schema schema = schemas.get(id);
        if (schema == null) {
            table.entries().values().forEach(this::remember);
            schema = schemas.get(id);
        }
        return Optional.ofNullable(schema)
                .orElseThrow(() -> new UnknownSchemaException("no schema has the id " + id + " in " + Topics.SCHEMAS.topicName()));
    }

    private void remember(Entry entry) {
        ids.put(entry.schema(), entry.id());
        schemas.put(entry.id(), entry.schema());
    }

    private void register(List<Schema> missing, KafkaConnection connection, URI registry) {
        RegistryClient client = new RegistryClient(registry);
        List<Entry> registered = new ArrayList<>();
        try {
            client.requireBackwardCompatibility();
            for (Schema schema : missing) {
                registered.add(new Entry(client.register(schema), schema));
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot register the event schemas at " + registry + ": " + e.getMessage()
                    + ". The registry is needed once, at the first start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while registering schemas", e);
        }
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(connection.as("schemas").producer())) {
            for (Entry entry : registered) {
                producer.send(new ProducerRecord<>(Topics.SCHEMAS.topicName(), keyOf(entry.schema()), bytesOf(entry))).get();
                remember(entry);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while keeping schema ids", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot write " + Topics.SCHEMAS.topicName() + ": " + e.getCause().getMessage(), e);
        }
        LOG.infof("registered %d event schemas", registered.size());
    }

    private static String keyOf(Schema schema) {
        return schema.getFullName() + ':' + HexFormat.of().formatHex(EventDigests.fingerprint(schema));
    }

    private static byte[] bytesOf(Entry entry) {
        return JSON.createObjectNode().put("id", entry.id()).put("schema", entry.schema().toString()).toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Entry entryOf(byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(bytes);
            return new Entry(node.required("id").intValue(), new Schema.Parser().parse(node.required("schema").textValue()));
        } catch (IOException e) {
            throw new UncheckedIOException("reading a schema entry", e);
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
