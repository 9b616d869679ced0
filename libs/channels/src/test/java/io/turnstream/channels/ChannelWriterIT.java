package io.turnstream.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.reactive.messaging.EmitterConfiguration;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.kafka.KafkaCDIEvents;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import io.smallrye.reactive.messaging.kafka.impl.KafkaSink;
import io.smallrye.reactive.messaging.providers.extension.MutinyEmitterImpl;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunState;
import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.LogReader;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Instance;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events through the connector itself to a real broker, without Quarkus.
class ChannelWriterIT {

    private static final String CHANNEL = "controls";

    @TempDir
    private Path folder;

    private EmbeddedKafka broker;
    private ServiceKafka kafka;
    private KafkaSink sink;
    private ChannelWriter writer;

    @BeforeEach
    void start() {
        broker = EmbeddedKafka.start(folder);
        KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers(), "test");
        kafka = ServiceKafka.sharing("tester", connection, SchemaIds.byPosition());
        Map<String, String> settings = new HashMap<>(
                Map.of("channel-name", CHANNEL, "bootstrap.servers", broker.bootstrapServers(),
                        "topic", Topics.RUN_CONTROL.topicName(), "value.serializer",
                        "org.apache.kafka.common.serialization.ByteArraySerializer",
                        "max.request.size", "2000", "max.block.ms", "300", "delivery.timeout.ms", "2147483647",
                        "max-inflight-messages", "0",
                        "cloud-events", "false", "tracing-enabled", "false"));
        sink = new KafkaSink(new KafkaConnectorOutgoingConfiguration(
                new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(settings, "channel", 100))
                        .addDefaultInterceptors().build()),
                new Untold(), none(), none(), none(), none());
        MutinyEmitterImpl<byte[]> emitter = new MutinyEmitterImpl<>(configuration(), 128);
        emitter.getPublisher().subscribe(subscriberOf(sink));
        writer = new ChannelWriter(emitter, kafka);
    }

    @AfterEach
    void stop() {
        sink.closeQuietly();
        kafka.close();
        broker.close();
    }

    @Test
    void writes_an_event_as_any_other_writer_does() {
        new TopicLayout(1, 1, (short) 1).createMissing(kafka.connection());

        RecordMetadata written = writer.write(Topics.RUN_CONTROL, "run", control("why"), null);
        kafka.producer().write(Topics.RUN_CONTROL, "run", control("why"), null);
        writer.write(Topics.RUNS, "run", control("elsewhere"), null);

        List<ConsumerRecord<String, byte[]>> records = records(Topics.RUN_CONTROL);
        assertThat(written.offset()).isZero();
        assertThat(records).hasSize(2);
        assertThat(records.get(0).value()).isEqualTo(records.get(1).value());
        assertThat(records.get(0).key()).isEqualTo(records.get(1).key());
        assertThat(names(records.get(0))).isEqualTo(names(records.get(1))).contains("ce_source");
        assertThat(records(Topics.RUNS)).hasSize(1);
    }

    @Test
    void what_kafka_refuses_is_told_to_its_writer_and_to_nobody_else() {
        new TopicLayout(1, 1, (short) 1).createMissing(kafka.connection());

        assertThatThrownBy(() -> writer.write(Topics.RUN_CONTROL, "run", control("x".repeat(3_000)), null))
                .isInstanceOf(RecordTooLargeException.class);

        assertThat(writer.write(Topics.RUN_CONTROL, "run", control("small"), null).offset()).isZero();
        assertThat(isAlive()).isTrue();
    }

    @Test
    void what_cannot_be_sent_yet_is_sent_later_and_the_channel_is_alive_again() throws Exception {
        // Given a topic that is not there
        CompletableFuture<RecordMetadata> waiting = writer.send(Topics.RUN_CONTROL, "run", control("early"), null);
        assertThatThrownBy(() -> waiting.get(700, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);

        // When
        new TopicLayout(1, 1, (short) 1).createMissing(kafka.connection());

        // Then
        assertThat(waiting.get(60, TimeUnit.SECONDS).offset()).isZero();
        assertThat(isAlive()).isTrue();
    }

    /// The connector takes messages of any type.
    @SuppressWarnings("unchecked")
    private static Flow.Subscriber<Message<? extends byte[]>> subscriberOf(KafkaSink sink) {
        return (Flow.Subscriber<Message<? extends byte[]>>) sink.getSink();
    }

    private boolean isAlive() {
        HealthReport.HealthReportBuilder report = HealthReport.builder();
        sink.isAlive(report);
        return report.build().isOk();
    }

    private List<ConsumerRecord<String, byte[]>> records(Topics topic) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        LogReader.readAll(kafka.connection(), topic, records::add);
        return records;
    }

    private static List<String> names(ConsumerRecord<String, byte[]> record) {
        List<String> names = new ArrayList<>();
        record.headers().forEach(header -> names.add(header.key()));
        return names;
    }

    private static RunControl control(String reason) {
        return new RunControl(new EventMeta("e", null, null, 0L), "run", RunState.PAUSED, reason, 1L);
    }

    private static EmitterConfiguration configuration() {
        return new EmitterConfiguration() {

            @Override
            public String name() {
                return CHANNEL;
            }

            @Override
            public io.smallrye.reactive.messaging.annotations.EmitterFactoryFor emitterType() {
                return io.smallrye.reactive.messaging.annotations.EmitterFactoryFor.Literal.of(MutinyEmitter.class);
            }

            @Override
            public OnOverflow.Strategy overflowBufferStrategy() {
                return OnOverflow.Strategy.UNBOUNDED_BUFFER;
            }

            @Override
            public long overflowBufferSize() {
                return -1;
            }

            @Override
            public boolean broadcast() {
                return false;
            }

            @Override
            public int numberOfSubscriberBeforeConnecting() {
                return -1;
            }
        };
    }

    /// What injection finds where there is no bean.
    @SuppressWarnings("unchecked")
    private static <T> Instance<T> none() {
        return (Instance<T>) Proxy.newProxyInstance(ChannelWriterIT.class.getClassLoader(),
                new Class<?>[] {Instance.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "isUnsatisfied" -> true;
                    case "isResolvable", "isAmbiguous" -> false;
                    case "iterator" -> List.of().iterator();
                    case "stream" -> java.util.stream.Stream.empty();
                    case "select" -> none();
                    default -> null;
                });
    }

    private static final class Untold extends KafkaCDIEvents {

        @Override
        @SuppressWarnings("unchecked")
        public Event<Consumer<?, ?>> consumer() {
            return (Event<Consumer<?, ?>>) nobody();
        }

        @Override
        @SuppressWarnings("unchecked")
        public Event<Producer<?, ?>> producer() {
            return (Event<Producer<?, ?>>) nobody();
        }

        private static Event<?> nobody() {
            return (Event<?>) Proxy.newProxyInstance(Untold.class.getClassLoader(), new Class<?>[] {Event.class},
                    (proxy, method, arguments) -> null);
        }
    }
}
