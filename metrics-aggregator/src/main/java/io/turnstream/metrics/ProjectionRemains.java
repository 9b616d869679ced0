package io.turnstream.metrics;

import io.turnstream.events.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.projection.store.ProjectionGeneration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/// What generations of the projection have on the brokers: topics and groups that nothing but their own aggregator
/// uses. Those of a generation that is no longer read, or of a rebuild that was broken off, can go.
public final class ProjectionRemains {

    private static final Pattern OF_APPLICATION = Pattern
            .compile(Pattern.quote(MetricsAggregator.APPLICATION_ID) + "(?:-(\\d+))?(?:-(?!\\d+(?:-|$)).+)?");
    private static final Pattern OF_SCORES = Pattern.compile('(' + Pattern.quote(Topics.SCORE_ROWS.topicName()) + '|'
            + Pattern.quote(Topics.SCORE_CELLS.topicName()) + ")(?:-(\\d+))?");

    private static final Logger LOG = Logger.getLogger(ProjectionRemains.class);

    private final KafkaConnection connection;

    public ProjectionRemains(KafkaConnection connection) {
        this.connection = connection.as("remains");
    }

    /// Whether a topic belongs to a generation of the projection, so that it can be made again from the others.
    public static boolean owns(String topic) {
        return generationOf(topic) > 0;
    }

    /// The numbers of all generations that have a topic or a group.
    public Set<Integer> generations() {
        try (Admin admin = Admin.create(connection.common())) {
            Set<Integer> numbers = new TreeSet<>();
            Stream.concat(topics(admin).stream(), groups(admin).stream()).map(ProjectionRemains::generationOf)
                    .filter(number -> number > 0)
                    .forEach(numbers::add);
            return numbers;
        }
    }

    /// Deletes the topics and groups of one generation, whose aggregator must not run any more.
    public void remove(ProjectionGeneration generation) {
        try (Admin admin = Admin.create(connection.common())) {
            List<String> groups = groups(admin).stream().filter(name -> generationOf(name) == generation.number())
                    .toList();
            List<String> topics = topics(admin).stream().filter(name -> generationOf(name) == generation.number())
                    .toList();
            groups.forEach(group -> forgetMembers(admin, group));
            awaitAll(admin.deleteConsumerGroups(groups).deletedGroups().values());
            awaitAll(admin.deleteTopics(topics).topicNameValues().values());
        }
    }

    /// @return 0 for a topic or group that belongs to no generation
    static int generationOf(String name) {
        Matcher scores = OF_SCORES.matcher(name);
        if (scores.matches()) {
            return number(scores.group(2));
        }
        Matcher application = OF_APPLICATION.matcher(name);
        return application.matches() ? number(application.group(1)) : 0;
    }

    private static int number(String digits) {
        return digits == null ? 1 : Integer.parseInt(digits);
    }

    private static Set<String> topics(Admin admin) {
        return await(admin.listTopics().names());
    }

    private static Collection<String> groups(Admin admin) {
        return await(admin.listGroups(new ListGroupsOptions()).valid()).stream().map(GroupListing::groupId).toList();
    }

    /// Kafka Streams leaves its group without saying so, and a group with members cannot be deleted until their time is
    /// up.
    private static void forgetMembers(Admin admin, String group) {
        try {
            if (!await(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group)).members().isEmpty()) {
                await(admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions()).all());
            }
        } catch (KafkaException e) {
            LOG.debugf("%s: %s", group, e.getMessage());
        }
    }

    private static void awaitAll(Collection<KafkaFuture<Void>> all) {
        for (KafkaFuture<Void> one : all) {
            try {
                await(one);
            } catch (UnknownTopicOrPartitionException | GroupIdNotFoundException e) {
                // gone already
            }
        }
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking after topics and groups", e);
        }
    }
}
