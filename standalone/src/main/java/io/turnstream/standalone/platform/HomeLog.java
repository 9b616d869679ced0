package io.turnstream.standalone.platform;

import io.turnstream.embedded.CannotStartException;
import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.messaging.DeadLetterDesk;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.KafkaDeadLetters;
import io.turnstream.messaging.SchemaCatalog;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.metrics.ProjectionRemains;
import io.turnstream.standalone.home.HomeLayout;
import java.time.Clock;
import java.util.function.Consumer;

/// The log of a home on which no platform runs: the broker alone, and nobody who would act on what is in it.
final class HomeLog implements AutoCloseable {

    private final EmbeddedKafka broker;
    private final KafkaConnection connection;
    private final SchemaCatalog schemas;

    private HomeLog(EmbeddedKafka broker, KafkaConnection connection, SchemaCatalog schemas) {
        this.broker = broker;
        this.connection = connection;
        this.schemas = schemas;
    }

    /// Whether anything was ever logged there.
    static boolean isIn(HomeLayout home) {
        return EmbeddedKafka.isIn(home.kafka());
    }

    /// Starts the broker of a home.
    ///
    /// @param lost called once if it cannot go on
    /// @throws CannotStartException if it cannot start, or a file of the log is missing, damaged or cut short
    static EmbeddedKafka broker(HomeLayout home, Consumer<CannotStartException> lost) {
        EmbeddedKafka broker = EmbeddedKafka.start(home.kafka(), topic -> !ProjectionRemains.owns(topic));
        broker.onFailure(lost);
        return broker;
    }

    /// @param lost called once if the broker cannot go on
    /// @throws CannotStartException if the broker cannot start
    static HomeLog open(HomeLayout home, Consumer<CannotStartException> lost) {
        EmbeddedKafka broker = broker(home, lost);
        try {
            KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers(), "standalone");
            TopicLayout.standalone().createMissing(connection);
            return new HomeLog(broker, connection, SchemaCatalog.reading(connection));
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    DeadLetterDesk deadLetters() {
        return new KafkaDeadLetters(connection, new EventSerde(schemas), Clock.systemUTC());
    }

    @Override
    public void close() {
        schemas.close();
        broker.close();
    }
}
