package io.turnstream.messaging;

import io.turnstream.events.EventTypes;
import io.turnstream.events.Topics;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The ids the registry gave our schemas, kept in the topic [Topics#SCHEMAS].
///
/// The registry is asked only for schemas that no process of this deployment has registered yet: at the very first
/// start, and after an update that brings new ones. Every other start reads the topic and needs no registry. A record
/// whose id the topic does not hold, because another program wrote it, say, is read by what the registry has under that
/// id, if it can be asked.
public final class SchemaCatalog implements SchemaIds, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SchemaCatalog.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CompactedTable<RegisteredSchema> table;
    private final @Nullable RegistryFallback fallback;
    private final Map<Schema, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

    private SchemaCatalog(CompactedTable<RegisteredSchema> table, @Nullable RegistryFallback fallback) {
        this.table = table;
        this.fallback = fallback;
    }

    /// Reads the catalog and registers nothing: enough for who only reads, registry or not.
    ///
    /// @throws IllegalStateException if the catalog cannot be read
    public static SchemaCatalog reading(KafkaConnection connection) {
        return reading(connection, null);
    }

    private static SchemaCatalog reading(KafkaConnection connection, @Nullable RegistryFallback fallback) {
        SchemaCatalog catalog = new SchemaCatalog(
                new CompactedTable<>(connection, Topics.SCHEMAS, RegisteredSchema::of), fallback);
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
    /// @param registry gives the registry's base address, waiting for it if need be; asked only for a schema that is
    ///         missing
    /// @throws IllegalStateException if a schema is missing and the registry cannot be reached or refuses it
    public static SchemaCatalog open(KafkaConnection connection, Supplier<URI> registry) {
        return open(connection, registry, List.of());
    }

    /// Reads the catalog and registers what is missing, unless nothing was ever registered and the registry is known to
    /// hold it.
    ///
    /// @param registry gives the registry's base address, waiting for it if need be; asked only for a schema that is
    ///         missing
    /// @param held schemas that stand in that registry before it is asked
    /// @throws IllegalStateException if a schema is missing and the registry cannot be reached or refuses it
    public static SchemaCatalog open(KafkaConnection connection, Supplier<URI> registry, List<RegisteredSchema> held) {
        SchemaCatalog catalog = reading(connection, new RegistryFallback(registry, Clock.systemUTC()));
        try {
            if (catalog.ids.isEmpty() && !held.isEmpty()) {
                catalog.keep(held, connection);
            }
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
            keep(RegisteredSchema.register(missing, registry.get()), connection);
            LOG.infof("registered %d event schemas", missing.size());
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
        if (schema == null && fallback != null) {
            // kept here and not in the topic, where it would take the place of the id that our events of that schema
            // have
            schema = fallback.schemaOf(id);
            schemas.put(id, schema);
        }
        if (schema == null) {
            throw new UnknownSchemaException("no schema has the id " + id + " in " + Topics.SCHEMAS.topicName());
        }
        return schema;
    }

    private void remember(RegisteredSchema entry) {
        ids.put(entry.schema(), entry.id());
        schemas.put(entry.id(), entry.schema());
    }

    private void keep(List<RegisteredSchema> registered, KafkaConnection connection) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(connection.as("schemas").producer())) {
            List<Future<RecordMetadata>> written = new ArrayList<>();
            for (RegisteredSchema one : registered) {
                written.add(producer.send(new ProducerRecord<>(Topics.SCHEMAS.topicName(), one.key(), one.toBytes())));
            }
            producer.flush();
            for (Future<RecordMetadata> one : written) {
                one.get();
            }
            registered.forEach(this::remember);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while keeping schema ids", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "cannot write " + Topics.SCHEMAS.topicName() + ": " + e.getCause().getMessage(), e);
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
