package io.turnstream.worker;

import io.turnstream.channels.Channels;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The workers of this process, each by the channel of its requests: where the connector's parts and the services find
/// the same one.
@ApplicationScoped
public class Workers {

    private final Map<String, Worker> byChannel = new ConcurrentHashMap<>();
    private final Channels channels;

    /// @param channels that they are among
    public Workers(Channels channels) {
        this.channels = channels;
    }

    /// The worker of a channel.
    ///
    /// @param channel of requests, as in `mp.messaging.incoming`
    public Worker of(String channel) {
        return byChannel.computeIfAbsent(channel, name -> new Worker(name, channels));
    }

    Channels channels() {
        return channels;
    }
}
