package io.turnstream.providers.quota;

import io.turnstream.contracts.LeaseGranted;
import io.turnstream.contracts.Topics;
import io.turnstream.messaging.ServiceKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/// Hears every lease that is granted from now on, and tells the time between.
final class LeaseListener implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LeaseListener.class);
    private static final TopicPartition LEASES = new TopicPartition(Topics.QUOTA_LEASES.topicName(), 0);
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration AFTER_A_FAILURE = Duration.ofMillis(500);

    private final ServiceKafka kafka;
    private final QuotaClient client;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;
    private volatile boolean closing;

    LeaseListener(ServiceKafka kafka, QuotaClient client) {
        this.kafka = kafka;
        this.client = client;
        Map<String, Object> properties = kafka.connection().as("quota-leases").consumer();
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        this.consumer = new KafkaConsumer<>(properties);
        this.thread = Thread.ofPlatform().name("quota-leases").daemon().start(this::follow);
    }

    private void follow() {
        try (consumer) {
            consumer.assign(List.of(LEASES));
            consumer.seekToEnd(List.of(LEASES));
            boolean hearing = false;
            while (!closing) {
                if (hearing) {
                    look();
                } else if (hearing = isAtEnd()) {
                    client.hearing();
                }
            }
        } catch (WakeupException e) {
            LOG.tracef("closed %s", LEASES);
        }
    }

    /// An answer to a question that is asked before would be missed.
    private boolean isAtEnd() {
        try {
            return consumer.position(LEASES) >= 0;
        } catch (WakeupException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warnf("the end of %s is not known yet: %s", LEASES.topic(), e.getMessage());
            pause();
            return false;
        }
    }

    private void look() {
        attempt(() -> consumer.poll(TICK).forEach(this::hear));
        attempt(client::tick);
    }

    private void attempt(Runnable part) {
        try {
            part.run();
        } catch (WakeupException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            // whatever it is: if nobody heard of leases any more, calls would wait for their quota for good
            LOG.warnf(e, "%s cannot be read for now", LEASES.topic());
            pause();
        }
    }

    /// A lease that cannot be read is lost to this worker; it counts as used, and another will be asked for.
    private void hear(ConsumerRecord<String, byte[]> record) {
        try {
            if (record.value() != null && kafka.serde().fromBytes(record.value()) instanceof LeaseGranted granted) {
                client.receive(granted);
            }
        } catch (SerializationException e) {
            LOG.errorf("%s@%d cannot be read: %s", LEASES, record.offset(), e.getMessage());
        }
    }

    private void pause() {
        try {
            Thread.sleep(AFTER_A_FAILURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing = true;
        }
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
