package io.turnstream.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class TestBrokerIT {

    @Test
    void topics_of_the_same_prefix_get_names_of_their_own() throws Exception {
        String first = TestBroker.newTopic("turns", 2);
        String second = TestBroker.newTopic("turns", 1);

        assertThat(first).isNotEqualTo(second);
        try (Admin admin = Admin.create(TestBroker.clientSettings())) {
            assertThat(admin.listTopics().names().get()).contains(first, second);
            assertThat(admin.describeTopics(List.of(first)).allTopicNames().get().get(first).partitions())
                    .hasSize(2);
        }
    }
}
