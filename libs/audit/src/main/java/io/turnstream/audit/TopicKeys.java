package io.turnstream.audit;

import io.turnstream.events.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.LogReader;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What a log holds, by the keys of its records.
public final class TopicKeys {

    private TopicKeys() {}

    /// The keys in a topic that fit, sorted. Reads the topic in full, but no event in it.
    public static SortedSet<String> in(KafkaConnection connection, Topics topic, Predicate<String> wanted) {
        SortedSet<String> keys = new TreeSet<>();
        LogReader.readAll(connection.as("keys"), topic, record -> {
            if (record.key() != null && wanted.test(record.key())) {
                keys.add(record.key());
            }
        });
        return keys;
    }
}
