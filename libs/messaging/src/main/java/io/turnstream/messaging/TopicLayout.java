package io.turnstream.messaging;

import io.turnstream.events.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/// How many partitions and replicas the topics of a deployment have, and their creation.
///
/// @param dialoguePartitions of topics keyed by dialogue: 4 standalone, 64 in a cluster
/// @param runPartitions of topics keyed by run
/// @param replicationFactor copies of each partition; -1 for the broker's default
public record TopicLayout(int dialoguePartitions, int runPartitions, short replicationFactor) {

    /// Topics whose order in time is asked for, so that the broker's clock counts: workers look up answers by the time
    /// of requests, and a run's accepted events are found by the times between which it was at work ([RunLog]). Quotas
    /// are kept by one clock, whoever grants.
    private static final Set<Topics> BROKER_TIME = EnumSet.of(Topics.TURN_REQUESTS, Topics.TURN_ANSWERS,
            Topics.JUDGE_REQUESTS,
            Topics.JUDGEMENTS, Topics.RUNS, Topics.DIALOGUE_EVENTS, Topics.QUOTA_ASKS);

    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 20;

    public TopicLayout {
        if (dialoguePartitions < 1 || runPartitions < 1) {
            throw new IllegalArgumentException(
                    "partitions must be 1 or more: " + dialoguePartitions + ", " + runPartitions);
        }
    }

    /// What a service was told.
    public static TopicLayout of(KafkaSettings settings) {
        return new TopicLayout(settings.dialoguePartitions(), settings.runPartitions(), settings.replicationFactor());
    }

    /// Few partitions, so that one process starts in seconds.
    public static TopicLayout standalone() {
        return new TopicLayout(4, 1, (short) 1);
    }

    /// Creates the topics that are missing; safe to call from many processes at once.
    public void createMissing(KafkaConnection connection) {
        Map<String, Topics> all = new HashMap<>();
        for (Topics topic : Topics.values()) {
            all.put(topic.topicName(), topic);
        }
        createMissing(connection, all);
    }

    /// Creates topics under names of their own, laid out as others are; those that exist are left alone.
    ///
    /// @param likeWhat by name the topic whose layout it gets
    public void createMissing(KafkaConnection connection, Map<String, Topics> likeWhat) {
        try (Admin admin = Admin.create(connection.as("admin").common())) {
            Set<String> present = admin.listTopics().names().get();
            List<NewTopic> missing = new ArrayList<>();
            likeWhat.forEach((name, like) -> {
                if (!present.contains(name)) {
                    missing.add(newTopic(name, like));
                }
            });
            for (var result : admin.createTopics(missing).values().values()) {
                awaitCreated(result);
            }
            awaitVisible(admin, missing.stream().map(NewTopic::name).toList());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating topics", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot create the topics at " + connection.bootstrapServers() + ": "
                    + e.getCause().getMessage(), e.getCause());
        }
    }

    /// The controller has the topics; brokers hear of them a moment later, and a topology whose topics are missing
    /// gives up.
    private static void awaitVisible(Admin admin, List<String> names) throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + VISIBLE_WITHIN.toNanos();
        while (!admin.listTopics().names().get().containsAll(names)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the topics were created, but the brokers do not list them after "
                        + VISIBLE_WITHIN.toSeconds() + " s: " + names);
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private static void awaitCreated(org.apache.kafka.common.KafkaFuture<Void> result)
            throws InterruptedException, ExecutionException {
        try {
            result.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private NewTopic newTopic(String name, Topics topic) {
        int partitions = switch (topic.keyed()) {
            case BY_DIALOGUE -> dialoguePartitions;
            case BY_RUN -> runPartitions;
            case SINGLE -> 1;
        };
        Map<String, String> settings = new HashMap<>();
        topic.settings().forEach(setting -> settings.put(setting[0], setting[1]));
        settings.put("max.message.bytes", Integer.toString(KafkaConnection.MOST_RECORD_BYTES));
        if (BROKER_TIME.contains(topic)) {
            settings.put("message.timestamp.type", "LogAppendTime");
        }
        return new NewTopic(name, Optional.of(partitions),
                replicationFactor < 0 ? Optional.empty() : Optional.of(replicationFactor))
                .configs(settings);
    }
}
