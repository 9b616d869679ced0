package io.turnstream.worker;

import io.turnstream.messaging.KafkaSettings;
import java.time.Duration;

/// What a worker of either kind is told. Providers and their keys come from the environment alone, see
/// [io.turnstream.providers.Providers#fromEnvironment].
public interface WorkerSettings {

    /// Whether this process runs one.
    boolean enabled();

    /// How Kafka is reached.
    KafkaSettings kafka();

    /// How long running calls may go on when their partition goes to another worker, or this one stops
    /// (`TURNSTREAM_GRACE`).
    Duration grace();

    /// How long a request waits for a protocol pack that has not arrived.
    Duration packPatience();
}
