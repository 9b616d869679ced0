package io.turnstream.metrics;

import io.smallrye.config.ConfigMapping;
import io.turnstream.messaging.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;

/// What the aggregator is told.
@ConfigMapping(prefix = "turnstream.metrics-aggregator")
public interface MetricsAggregatorSettings {

    /// Whether this process runs it.
    boolean enabled();

    /// How Kafka is reached.
    KafkaSettings kafka();

    /// Where the projection lives.
    Mongodb mongodb();

    /// Which generation of the projection it makes (`TURNSTREAM_PROJECTION`). A number that was never used rebuilds
    /// everything from the log, beside the live one.
    int projection();

    /// Where its tables live (`TURNSTREAM_STATE_DIRECTORY`); lost, they are restored from the log.
    Path stateDirectory();

    /// Stream threads (`TURNSTREAM_STREAM_THREADS`).
    int threads();

    /// How long a score waits for its transaction at most (`TURNSTREAM_COMMIT_INTERVAL`).
    Duration commitInterval();

    /// Bytes of its tables that are held back from their changelogs between commits (`TURNSTREAM_CACHE_BYTES`).
    long cacheBytes();

    /// The document store.
    interface Mongodb {

        /// Its address (`MONGODB_URL`), `mongodb://host:port`; may hold a password and is never printed.
        String url();

        /// The database of the first generation (`MONGODB_DATABASE`); that of the Nth has `-N` behind its name.
        String database();
    }
}
