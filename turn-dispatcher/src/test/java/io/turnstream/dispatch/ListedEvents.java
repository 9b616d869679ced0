package io.turnstream.dispatch;

import io.turnstream.audit.LoggedEvent;
import io.turnstream.audit.RunEvents;
import io.turnstream.events.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Utils;

/// A log in memory, so that a test can tamper with every record of it in turn.
record ListedEvents(String runId, List<Recorded> records) implements RunEvents {

    private static final int PARTITIONS = 2;

    @Override
    public int partitions() {
        return PARTITIONS;
    }

    @Override
    public void read(Topics topic, Consumer<LoggedEvent> reader) {
        read(topic, 0, reader);
    }

    @Override
    public void read(Topics topic, int partition, Consumer<LoggedEvent> reader) {
        Map<Integer, Long> offsets = new HashMap<>();
        for (Recorded record : records) {
            if (record.topic() != topic) {
                continue;
            }
            long offset = offsets.merge(partitionOf(record), 1L, Long::sum) - 1;
            if (partitionOf(record) == partition) {
                byte[] bytes = RecordedRun.SERDE.toBytes(record.event());
                reader.accept(new LoggedEvent(topic, partition, offset, record.timestampMillis(), record.key(),
                        record.headers(),
                        RecordedRun.SERDE.asWritten(bytes), RecordedRun.SERDE.fromBytes(bytes)));
            }
        }
    }

    /// Where a record stands.
    long offsetOf(Recorded record) {
        return records.stream().takeWhile(other -> other != record)
                .filter(other -> other.topic() == record.topic() && partitionOf(other) == partitionOf(record))
                .count();
    }

    static int partitionOf(Recorded record) {
        return record.topic().keyed() == Topics.Keyed.BY_RUN
                ? 0
                : Utils.toPositive(Utils.murmur2(Utils.utf8(record.key()))) % PARTITIONS;
    }
}
