package io.turnstream.messaging;

import io.turnstream.events.ProcessLocale;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A service's access to Kafka, the same way in every service: connection, serde and producer.
///
/// [#open] is what a service does that runs as a process of its own: it creates the topics that are missing, reads the
/// schema ids (asking the registry for those that nobody registered yet) and opens a producer. Where several services
/// share a process, topics and schema ids are prepared once and each service gets its own [#sharing].
public final class ServiceKafka implements AutoCloseable {

    private final String name;
    private final KafkaConnection connection;
    private final EventSerde serde;
    private final EventProducer producer;
    private final @Nullable SchemaCatalog owned;

    private ServiceKafka(KafkaConnection connection, SchemaIds ids, String service, @Nullable SchemaCatalog owned) {
        this.name = service;
        this.connection = connection;
        this.serde = new EventSerde(ids);
        this.producer = new EventProducer(connection, serde, service);
        this.owned = owned;
    }

    /// Opens Kafka for a service with a process of its own, whose language it fixes ([ProcessLocale]).
    ///
    /// @param service its name, as in `ce_source` and the clients' ids
    /// @throws IllegalStateException if Kafka cannot be reached, or a schema is new and the registry cannot be reached
    public static ServiceKafka open(String service, KafkaSettings settings) {
        ProcessLocale.fix();
        KafkaConnection connection = new KafkaConnection(settings.bootstrapServers(), service, settings.security());
        return open(service, connection, TopicLayout.of(settings),
                () -> settings.registryUrl().orElseThrow(() -> new IllegalStateException(
                        "an event schema is not in turnstream.schemas and there is no registry to ask: set REGISTRY_URL to its base address")));
    }

    /// The same with the parts given.
    ///
    /// @param registry gives the registry's base address; asked only for a schema that is missing
    public static ServiceKafka open(String service, KafkaConnection connection, TopicLayout layout,
            Supplier<URI> registry) {
        layout.createMissing(connection);
        SchemaCatalog catalog = SchemaCatalog.open(connection, registry);
        return new ServiceKafka(connection, catalog, service, catalog);
    }

    /// Access for one of several services in a process, whose topics exist and whose schema ids are known; [#close]
    /// leaves `ids` open.
    public static ServiceKafka sharing(String service, KafkaConnection connection, SchemaIds ids) {
        return new ServiceKafka(connection.as(service), ids, service, null);
    }

    /// The service's name, as in `ce_source`.
    public String name() {
        return name;
    }

    public KafkaConnection connection() {
        return connection;
    }

    public EventSerde serde() {
        return serde;
    }

    public EventProducer producer() {
        return producer;
    }

    @Override
    public void close() {
        producer.close();
        if (owned != null) {
            owned.close();
        }
    }
}
