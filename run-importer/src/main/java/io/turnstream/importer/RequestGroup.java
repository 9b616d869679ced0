package io.turnstream.importer;

import io.turnstream.contracts.Topics;
import io.turnstream.messaging.KafkaConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/// A consumer group for one import alone: begins where the log of requests ends now, so that an import reads nothing of the runs before it, and
/// is deleted when the import is over.
///
/// @param name the group's
record RequestGroup(KafkaConnection connection, String name) {

    private static final Logger LOG = Logger.getLogger(RequestGroup.class);

    /// A group that reads a topic from its present end.
    static RequestGroup atEndOf(Topics topic, String name, KafkaConnection connection) {
        try (Admin admin = Admin.create(connection.as("import-admin").common())) {
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            admin.describeTopics(List.of(topic.topicName())).allTopicNames().get().get(topic.topicName()).partitions()
                    .forEach(partition -> asked.put(new TopicPartition(topic.topicName(), partition.partition()), OffsetSpec.latest()));
            Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
            for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : admin.listOffsets(asked).all().get().entrySet()) {
                ends.put(end.getKey(), new OffsetAndMetadata(end.getValue().offset()));
            }
            admin.alterConsumerGroupOffsets(name, ends).all().get();
            return new RequestGroup(connection, name);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot find the end of " + topic.topicName() + " at " + connection.bootstrapServers() + ": "
                    + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for the end of " + topic.topicName(), e);
        }
    }

    /// Removes the group; one that stays behind costs a few bytes.
    void delete() {
        try (Admin admin = Admin.create(connection.as("import-admin").common())) {
            admin.deleteConsumerGroups(List.of(name)).all().get();
        } catch (ExecutionException e) {
            LOG.debugf("group %s stays behind: %s", name, e.getCause().getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
