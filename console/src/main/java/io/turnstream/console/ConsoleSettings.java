package io.turnstream.console;

import io.smallrye.config.ConfigMapping;
import io.turnstream.messaging.KafkaSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What the console is told.
@ConfigMapping(prefix = "turnstream.console")
public interface ConsoleSettings {

    /// Whether this process opens its own connections; false where another part of the process gives it a [Platform].
    boolean enabled();

    /// How Kafka is reached.
    KafkaSettings kafka();

    /// Where the projection lives.
    Mongodb mongodb();

    /// Which generation of the projection is read (`TURNSTREAM_PROJECTION`), as for the aggregator; another one after a
    /// rebuild.
    int projection();

    /// What callers must send as bearer token (`TURNSTREAM_TOKEN`); absent lets everybody on this machine in.
    Optional<String> token();

    /// Further names that the API is called by (`TURNSTREAM_HOSTS`), without port. Without a token no other is answered
    /// but those of this machine.
    Optional<List<String>> hosts();

    /// Whether the operator sees to it that only this machine reaches the port, although it is opened on all addresses,
    /// as that of a container is (`TURNSTREAM_LOOPBACK_ONLY`).
    boolean loopbackOnly();

    /// Providers whose models may be asked for (`TURNSTREAM_PROVIDERS`), by their names in the workers' configuration.
    Optional<List<String>> providers();

    /// Folders below which orders may name data sets, captions and categories (`TURNSTREAM_DATASET_FOLDERS`, separated
    /// by commas), as the loader sees them; give it the same. Wherever it is not set: `/datasets`.
    List<Path> datasetFolders();

    /// Prices of models (`TURNSTREAM_PRICES`); the bundled ones where there is none.
    Optional<Path> prices();

    /// Version of this code, kept with each run.
    String version();

    /// The document store.
    interface Mongodb {

        /// Its address (`MONGODB_URL`), `mongodb://host:port`; may hold a password and is never printed.
        String url();

        /// The database of the projection's first generation (`MONGODB_DATABASE`).
        String database();
    }
}
