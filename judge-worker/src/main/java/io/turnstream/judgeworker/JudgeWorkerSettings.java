package io.turnstream.judgeworker;

import io.smallrye.config.ConfigMapping;
import io.turnstream.messaging.KafkaSettings;
import java.time.Duration;

/// What a judge worker is told. Providers and their keys come from the environment alone, see
/// [io.turnstream.providers.Providers#fromEnvironment].
@ConfigMapping(prefix = "turnstream.judge-worker")
public interface JudgeWorkerSettings {

    /// Whether this process runs one.
    boolean enabled();

    /// How Kafka is reached.
    KafkaSettings kafka();

    /// How often at most a judge is asked again after an answer without a verdict.
    int repeats();

    /// How long running calls may go on when their partition goes to another worker, or this one stops (`TURNSTREAM_GRACE`).
    Duration grace();

    /// How long a request waits for a protocol pack that has not arrived.
    Duration packPatience();
}
