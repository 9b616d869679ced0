package io.turnstream.channels;

import io.turnstream.messaging.EventProducer;
import io.turnstream.messaging.KafkaConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.interceptor.Interceptor;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What the channels of this process share: where the connector's parts and the services find the same.
@ApplicationScoped
public class Channels {

    /// Of observers of Quarkus' start that have to be done before channels start: those subscribe to topics that are
    /// there.
    public static final int BEFORE_THEY_START = Interceptor.Priority.LIBRARY_BEFORE - 100;

    private final Map<String, EventProducer> deadLetters = new ConcurrentHashMap<>();
    private volatile @Nullable KafkaConnection connection;

    /// Lets all channels reach Kafka as this connection does, security included. Asked for before channels start.
    public void reach(KafkaConnection kafka) {
        connection = kafka;
    }

    Optional<KafkaConnection> connection() {
        return Optional.ofNullable(connection);
    }

    /// Says who writes a channel's dead letters. Asked for before its first record is handled.
    ///
    /// @param channel as in `mp.messaging.incoming`
    public void layAside(String channel, EventProducer producer) {
        deadLetters.put(channel, producer);
    }

    EventProducer deadLetters(String channel) {
        return Optional.ofNullable(deadLetters.get(channel))
                .orElseThrow(
                        () -> new IllegalStateException("nobody writes the dead letters of the channel " + channel));
    }
}
