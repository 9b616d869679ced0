package io.turnstream.messaging;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Where Kafka is and how this process reaches it; the one place that sets what every client must have.
///
/// @param bootstrapServers `host:port,...`
/// @param clientId name of this process in the broker's logs and metrics
/// @param security further client properties, such as `security.protocol`; never printed
public record KafkaConnection(String bootstrapServers, String clientId, Map<String, String> security) {

    /// How long the broker waits for a silent consumer before its partitions go to another.
    public static final int SESSION_TIMEOUT_MILLIS = 6_000;

    /// Most bytes of a record on an event topic, headers included: what producers send and topics take.
    public static final int MOST_RECORD_BYTES = 8 * 1024 * 1024;

    public KafkaConnection {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException(
                    "no Kafka bootstrap servers: set KAFKA_BOOTSTRAP_SERVERS to host:port,...");
        }
        security = Map.copyOf(security);
    }

    /// A connection without security settings.
    public static KafkaConnection to(String bootstrapServers, String clientId) {
        return new KafkaConnection(bootstrapServers, clientId, Map.of());
    }

    /// The same connection under the name of one of the process's parts.
    public KafkaConnection as(String part) {
        return new KafkaConnection(bootstrapServers, clientId + '-' + part, security);
    }

    /// What every kind of client needs.
    public Map<String, Object> common() {
        Map<String, Object> properties = new HashMap<>(security);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        properties.put("enable.metrics.push", false);
        return properties;
    }

    /// A consumer of committed records that commits nothing by itself and starts at the beginning.
    public Map<String, Object> consumer() {
        Map<String, Object> properties = common();
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return properties;
    }

    /// A consumer that shares its topics with the other members of a group.
    public Map<String, Object> consumer(String groupId) {
        Map<String, Object> properties = consumer();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, SESSION_TIMEOUT_MILLIS / 4);
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        return properties;
    }

    /// An idempotent producer that waits for all in-sync replicas.
    public Map<String, Object> producer() {
        Map<String, Object> properties = common();
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 10);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_RECORD_BYTES);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        return properties;
    }

    /// Names server and client, never the security settings.
    @Override
    public String toString() {
        return "KafkaConnection[" + bootstrapServers + ", " + clientId + ']';
    }
}
