package io.turnstream.projection.store;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A connection to the database that holds the projection: a MongoDB, or the embedded store.
public final class ProjectionDatabase implements AutoCloseable {

    /// The database's name where none is given.
    public static final String DEFAULT_NAME = "turnstream";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// How long an answer may take. The driver by itself waits forever, and a store that falls silent would hold its
    /// sink for good.
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /// Held, so that the level stays: the driver tells every connection and its whole configuration.
    private static final Logger DRIVER_LOG = Logger.getLogger("org.mongodb.driver");

    private final MongoClient client;
    private final MongoDatabase database;

    private ProjectionDatabase(MongoClient client, MongoDatabase database) {
        this.client = client;
        this.database = database;
    }

    /// Opens it. The server is looked for at the first command, for at most 5 s each time, and an answer is waited for
    /// at most 60 s.
    ///
    /// @param connectionString `mongodb://host:port`, with `?serverSelectionTimeoutMS=`, `connectTimeoutMS=` or
    ///        `socketTimeoutMS=` for other times; may hold a password and is never printed
    /// @throws IllegalArgumentException if the string is none, without repeating it
    public static ProjectionDatabase open(String connectionString, String databaseName) {
        if (DRIVER_LOG.getLevel() == null) {
            DRIVER_LOG.setLevel(Level.WARNING);
        }
        ConnectionString parsed = parse(connectionString);
        MongoClientSettings settings = MongoClientSettings.builder()
                .applicationName("turnstream")
                .applyToClusterSettings(
                        cluster -> cluster.serverSelectionTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout((int) PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .readTimeout((int) SILENCE.toMillis(), TimeUnit.MILLISECONDS))
                .applyConnectionString(parsed)
                .build();
        MongoClient client = MongoClients.create(settings);
        return new ProjectionDatabase(client, client.getDatabase(databaseName));
    }

    private static ConnectionString parse(String connectionString) {
        try {
            return new ConnectionString(connectionString);
        } catch (IllegalArgumentException e) {
            // the driver's message can repeat what stands in the string
            throw new IllegalArgumentException(
                    "the MongoDB address cannot be read: set MONGODB_URL to mongodb://host:port");
        }
    }

    public MongoDatabase database() {
        return database;
    }

    @Override
    public void close() {
        client.close();
    }
}
