package io.turnstream.providers.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.turnstream.events.Topics;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.SchemaIds;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LeaseListenerTest {

    private static final String TOPIC = Topics.QUOTA_LEASES.topicName();

    private final QuotaClient client = new QuotaClient("w1", ask -> {}, listening -> () -> {}, Clock.systemUTC(),
            System::nanoTime);
    private final LeaseListener listener = new LeaseListener(new EventSerde(SchemaIds.byPosition()), client);

    @Test
    void a_record_that_is_no_lease_holds_up_none_that_come_after_it() {
        assertThatCode(() -> {
            listener.take(new ConsumerRecord<>(TOPIC, 0, 0, "group", new byte[] {1, 2, 3}));
            listener.take(new ConsumerRecord<>(TOPIC, 0, 1, "group", new byte[0]));
            listener.take(new ConsumerRecord<>(TOPIC, 0, 2, "group", null));
            listener.reached(new TopicPartition(TOPIC, 0), 3);
        }).doesNotThrowAnyException();
    }

    @Test
    void leases_are_heard_again_behind_a_damaged_one() {
        assertThat(listener.isBeyondDamage()).isTrue();
    }
}
