package io.turnstream.worker;

import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.eclipse.microprofile.config.Config;

/// Gives the channels' clients what every client of this process has: brokers and security.
@ApplicationScoped
class ChannelClients implements ClientCustomizer<Map<String, Object>> {

    private final Workers workers;

    ChannelClients(Workers workers) {
        this.workers = workers;
    }

    @Override
    public Map<String, Object> customize(String channel, Config channelConfig, Map<String, Object> settings) {
        workers.connection().ifPresent(connection -> connection.common().forEach((name, value) -> {
            if (!name.equals(CommonClientConfigs.CLIENT_ID_CONFIG)) {
                settings.put(name, String.valueOf(value));
            }
        }));
        return settings;
    }
}
