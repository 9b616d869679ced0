package io.turnstream.messaging;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// What every service is told about Kafka; a service's `@ConfigMapping` nests it as its `kafka()` group.
///
/// | key | environment |
/// |---|---|
/// | `bootstrap-servers` | `KAFKA_BOOTSTRAP_SERVERS` |
/// | `registry-url` | `REGISTRY_URL` |
/// | `dialogue-partitions`, `run-partitions`, `replication-factor` | `TURNSTREAM_DIALOGUE_PARTITIONS`, `TURNSTREAM_RUN_PARTITIONS`, `TURNSTREAM_REPLICATION_FACTOR` |
/// | `security.*` | |
public interface KafkaSettings {

    /// The brokers, `host:port,...`.
    String bootstrapServers();

    /// Base address of the schema registry; needed only at the first start of a deployment.
    Optional<URI> registryUrl();

    /// Partitions of topics keyed by dialogue, where this service is the one to create them.
    int dialoguePartitions();

    /// Partitions of topics keyed by run.
    int runPartitions();

    /// Copies of each partition; -1 for the broker's default.
    short replicationFactor();

    /// Further client properties such as `security.protocol`; never printed.
    Map<String, String> security();
}
