package io.turnstream.worker;

import io.turnstream.messaging.KafkaConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The workers of this process, each by the channel of its requests: where the connector's parts and the services find the same one.
@ApplicationScoped
public class Workers {

    private final Map<String, Worker> byChannel = new ConcurrentHashMap<>();
    private volatile @Nullable KafkaConnection connection;

    /// The worker of a channel.
    ///
    /// @param channel of requests, as in `mp.messaging.incoming`
    public Worker of(String channel) {
        return byChannel.computeIfAbsent(channel, Worker::new);
    }

    /// Lets all channels reach Kafka as this connection does, security included. Asked for before channels start.
    public void reach(KafkaConnection kafka) {
        connection = kafka;
    }

    Optional<KafkaConnection> connection() {
        return Optional.ofNullable(connection);
    }
}
