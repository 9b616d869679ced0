package io.turnstream.modelworker;

import io.smallrye.config.ConfigMapping;
import io.turnstream.messaging.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;

/// What a model worker is told. Providers and their keys come from the environment alone, see
/// [io.turnstream.providers.Providers#fromEnvironment].
@ConfigMapping(prefix = "turnstream.model-worker")
public interface ModelWorkerSettings {

    /// Whether this process runs one.
    boolean enabled();

    /// How Kafka is reached.
    KafkaSettings kafka();

    /// The store of prepared images (`TURNSTREAM_IMAGE_STORE`); in a cluster a volume that loader and workers share.
    Path images();

    /// How long running calls may go on when their partition goes to another worker, or this one stops (`TURNSTREAM_GRACE`).
    Duration grace();

    /// How long a request waits for a protocol pack that has not arrived.
    Duration packPatience();
}
