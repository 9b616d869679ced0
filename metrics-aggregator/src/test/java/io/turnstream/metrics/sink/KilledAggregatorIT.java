package io.turnstream.metrics.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.events.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.metrics.MetricsAggregator;
import io.turnstream.projection.store.ProjectionDatabase;
import io.turnstream.testsupport.TestBroker;
import io.turnstream.testsupport.TestConnector;
import io.turnstream.testsupport.TestDocumentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An aggregator that was killed in the middle of a transaction, and comes back.
class KilledAggregatorIT {

    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(45);
    private static final int PARTITIONS = 4;

    private final KafkaConnection connection = KafkaConnection.to(TestBroker.bootstrapServers(), "test");

    @Test
    void it_does_not_wait_until_its_own_transaction_times_out_and_leaves_those_of_others_alone(@TempDir Path state)
            throws Exception {
        // Given
        new TopicLayout(PARTITIONS, 1, (short) 1).createMissing(connection);
        String process = UUID.randomUUID().toString();
        remember(process, state);
        String other = transactionalId(UUID.randomUUID().toString());
        try (TestConnector connector = new TestConnector();
                ServiceKafka kafka = ServiceKafka.sharing("metrics-aggregator", connection, SchemaIds.byPosition());
                ProjectionDatabase database = ProjectionDatabase.open(TestDocumentStore.connectionString(),
                        TestDocumentStore.newDatabase("killed"));
                Admin admin = Admin.create(connection.common());
                KafkaProducer<byte[], byte[]> ofAnother = producer(other);
                KafkaProducer<byte[], byte[]> left = producer(transactionalId(process))) {
            begin(ofAnother, "turnstream-another-group");
            begin(left, MetricsAggregator.APPLICATION_ID);

            // When
            try (MetricsAggregator aggregator = new MetricsAggregator(SinksUnderTest.channels(connector), kafka,
                    database.database(), state, 1, Duration.ofMillis(100), 1 << 20)) {
                aggregator.start();

                // Then
                SinkFixture.await("the aggregator is ready", SOON, aggregator::isReady);
            }
            assertThat(admin.describeTransactions(List.of(other)).description(other).get().state())
                    .isEqualTo(TransactionState.ONGOING);
        }
    }

    private static void begin(KafkaProducer<byte[], byte[]> producer, String group) {
        producer.initTransactions();
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            positions.put(new TopicPartition(Topics.SCORE_ROWS.topicName(), partition), new OffsetAndMetadata(0));
        }
        producer.sendOffsetsToTransaction(positions, new ConsumerGroupMetadata(group));
    }

    private KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        Map<String, Object> properties = new HashMap<>(connection.common());
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION_TIMEOUT.toMillis());
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static String transactionalId(String process) {
        return MetricsAggregator.APPLICATION_ID + '-' + process + "-1";
    }

    /// As Kafka Streams keeps the id of the process.
    private static void remember(String process, Path state) throws IOException {
        Path folder = Files.createDirectories(state.resolve(MetricsAggregator.APPLICATION_ID));
        Files.writeString(folder.resolve("kafka-streams-process-metadata"), "{\"processId\":\"" + process + "\"}");
    }
}
