package io.turnstream.channels;

import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.eclipse.microprofile.config.Config;

/// Gives the channels' clients what every client of this process has: brokers and security.
@ApplicationScoped
class ChannelClients implements ClientCustomizer<Map<String, Object>> {

    private final Channels channels;

    ChannelClients(Channels channels) {
        this.channels = channels;
    }

    @Override
    public Map<String, Object> customize(String channel, Config channelConfig, Map<String, Object> settings) {
        channels.connection().ifPresent(connection -> connection.common().forEach((name, value) -> {
            if (!name.equals(CommonClientConfigs.CLIENT_ID_CONFIG)) {
                settings.put(name, String.valueOf(value));
            }
        }));
        return settings;
    }
}
