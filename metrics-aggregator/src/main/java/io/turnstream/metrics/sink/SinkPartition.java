package io.turnstream.metrics.sink;

import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One reading of a partition: from its assignment, or from the last time that its sink went back, until the next.
/// Records travel with the reading they belong to as metadata, so that those of one that is over can be told.
final class SinkPartition {

    private final TopicPartition partition;
    private final boolean positioned;
    private volatile @Nullable Long written;
    private volatile boolean over;

    private SinkPartition(TopicPartition partition, boolean positioned, @Nullable Long written) {
        this.partition = partition;
        this.positioned = positioned;
        this.written = written;
    }

    /// One that begins where the store stands.
    ///
    /// @param stored null where nothing was written
    static SinkPartition from(TopicPartition partition, @Nullable Long stored) {
        return new SinkPartition(partition, true, stored);
    }

    /// One whose store could not be asked: nothing of it is written.
    static SinkPartition unpositioned(TopicPartition partition) {
        return new SinkPartition(partition, false, null);
    }

    TopicPartition partition() {
        return partition;
    }

    /// Whether its records may be written.
    boolean isCurrent() {
        return positioned && !over;
    }

    /// Whether the store's position is not the one that was left there.
    boolean standsElsewhere(@Nullable Long stored) {
        return !positioned || !Objects.equals(stored, written);
    }

    /// The store has this position now.
    void written(long next) {
        written = next;
    }

    void end() {
        over = true;
    }
}
