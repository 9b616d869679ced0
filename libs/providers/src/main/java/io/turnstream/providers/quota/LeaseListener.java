package io.turnstream.providers.quota;

import io.turnstream.contracts.LeaseGranted;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.LogFollower;
import io.turnstream.messaging.LogReader;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/// Hears every lease that is granted from now on, and tells the time between.
final class LeaseListener implements LogFollower.Listener {

    private static final Logger LOG = Logger.getLogger(LeaseListener.class);
    private static final TopicPartition LEASES = new TopicPartition(Topics.QUOTA_LEASES.topicName(), 0);

    private final EventSerde serde;
    private final QuotaClient client;
    private boolean hearing;

    LeaseListener(EventSerde serde, QuotaClient client) {
        this.serde = serde;
        this.client = client;
    }

    @Override
    public Map<TopicPartition, Long> begin(LogReader<String> log) {
        return log.ends(List.of(LEASES));
    }

    /// An answer to a question that is asked before would be missed.
    @Override
    public void reached(TopicPartition partition, long position) {
        if (!hearing) {
            hearing = true;
            client.hearing();
        }
        client.tick();
    }

    /// A lease that cannot be read is lost to this worker; it counts as used, and another will be asked for.
    @Override
    public void take(ConsumerRecord<String, byte[]> record) {
        try {
            if (record.value() != null && serde.fromBytes(record.value()) instanceof LeaseGranted granted) {
                client.receive(granted);
            }
        } catch (RuntimeException | StackOverflowError e) {
            LOG.errorf("%s@%d cannot be read: %s", LEASES, record.offset(), e.getMessage());
        }
    }

    /// If nobody heard of leases any more, calls would wait for their quota for good.
    @Override
    public boolean isBeyondDamage() {
        return true;
    }
}
