package io.turnstream.embedded;

import java.nio.file.Path;
import java.util.Properties;

/// The settings of the embedded broker. What is not named here stays as Kafka has it.
final class BrokerSettings {

    static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final String BROKER_LISTENER = "PLAINTEXT";

    private BrokerSettings() {}

    static Properties of(int nodeId, Path folder, int port, int controllerPort) {
        Properties settings = new Properties();
        node(settings, nodeId, folder, port, controllerPort);
        retention(settings);
        internalTopics(settings);
        groups(settings);
        size(settings);
        return settings;
    }

    private static void node(Properties settings, int nodeId, Path folder, int port, int controllerPort) {
        String broker = BROKER_LISTENER + "://" + Loopback.HOST + ":" + port;
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(nodeId));
        settings.put("controller.quorum.voters", nodeId + "@" + Loopback.HOST + ":" + controllerPort);
        settings.put("listeners",
                broker + "," + CONTROLLER_LISTENER + "://" + Loopback.HOST + ":" + controllerPort);
        settings.put("advertised.listeners", broker);
        settings.put("listener.security.protocol.map",
                BROKER_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        settings.put("inter.broker.listener.name", BROKER_LISTENER);
        settings.put("controller.listener.names", CONTROLLER_LISTENER);
        settings.put("log.dirs", folder.toString());
        settings.put("auto.create.topics.enable", "false");
        // After a kill -9 the controller holds the dead broker's registration for this long before it takes the new
        // one.
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");
        settings.put("controller.quorum.election.timeout.ms", "200");
        settings.put("controller.quorum.election.backoff.max.ms", "100");
        // no records that say nothing: an idle platform writes nothing
        settings.put("metadata.max.idle.interval.ms", "0");
    }

    private static void retention(Properties settings) {
        settings.put("log.retention.ms", "-1");
        settings.put("log.retention.bytes", "-1");
        settings.put("offsets.retention.minutes", String.valueOf(Integer.MAX_VALUE));
        settings.put("transactional.id.expiration.ms", String.valueOf(Integer.MAX_VALUE));
    }

    private static void internalTopics(Properties settings) {
        settings.put("num.partitions", "1");
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(topic + ".num.partitions", "1");
            settings.put(topic + ".replication.factor", "1");
            // pre-allocated neither on disk nor in memory, but it bounds what a restart reads
            settings.put(topic + ".segment.bytes", String.valueOf(16 * 1024 * 1024));
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        // A hanging transaction blocks read_committed consumers: find it soon. 60 s is what producers ask for by
        // default.
        settings.put("transaction.max.timeout.ms", "60000");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    }

    private static void groups(Properties settings) {
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "1000");
        settings.put("group.consumer.session.timeout.ms", "6000");
        settings.put("group.consumer.min.session.timeout.ms", "6000");
        settings.put("group.consumer.heartbeat.interval.ms", "2000");
        settings.put("group.consumer.min.heartbeat.interval.ms", "2000");
    }

    private static void size(Properties settings) {
        // for topics that do not say: the changelogs of homes that were made before those did
        settings.put("message.max.bytes", String.valueOf(16 * 1024 * 1024));
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("num.recovery.threads.per.data.dir", "2");
        settings.put("group.coordinator.threads", "1");
        settings.put("share.coordinator.threads", "1");
        settings.put("log.cleaner.threads", "1");
        settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 * 1024 * 1024));
        settings.put("log.cleaner.io.buffer.size", String.valueOf(128 * 1024));
        // two of them are mapped per partition; 1 MB serves a segment of about 350 MB
        settings.put("log.index.size.max.bytes", String.valueOf(1024 * 1024));
        settings.put("log.segment.bytes", String.valueOf(256 * 1024 * 1024));
        settings.put("socket.send.buffer.bytes", "-1");
        settings.put("socket.receive.buffer.bytes", "-1");
    }
}
