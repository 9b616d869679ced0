package io.turnstream.standalone.platform;

import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.messaging.DeadLetterDesk;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.KafkaDeadLetters;
import io.turnstream.messaging.SchemaCatalog;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.standalone.home.HomeLayout;
import java.time.Clock;

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

    /// @throws io.turnstream.embedded.CannotStartException if the broker cannot start
    static HomeLog open(HomeLayout home) {
        EmbeddedKafka broker = EmbeddedKafka.start(home.kafka());
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
