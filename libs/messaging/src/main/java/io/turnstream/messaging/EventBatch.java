package io.turnstream.messaging;

import io.turnstream.events.Topics;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Events that belong together: sent without waiting for each, but for no more than 1,000 at a time, and waited for at
/// the end. Thread-safe.
public final class EventBatch {

    private static final int MOST_UNDER_WAY = 1_000;

    private final EventWriter writer;
    private final Semaphore room = new Semaphore(MOST_UNDER_WAY);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    public EventBatch(EventWriter writer) {
        this.writer = writer;
    }

    /// Sends an event once there is room.
    ///
    /// @param parent headers of the record that caused it, or null
    public void send(Topics topic, String key, SpecificRecord event, @Nullable Headers parent)
            throws InterruptedException {
        room.acquire();
        boolean sent = false;
        try {
            writer.send(topic, key, event, parent).whenComplete((written, problem) -> {
                if (problem != null) {
                    failure.compareAndSet(null, problem);
                }
                room.release();
            });
            sent = true;
        } finally {
            if (!sent) {
                room.release();
            }
        }
    }

    /// Makes sure that nothing has failed so far.
    ///
    /// @throws KafkaException if an event could not be written
    public void requireUnbroken() {
        Throwable problem = failure.get();
        if (problem != null) {
            throw new KafkaException("not every event was written: " + problem.getMessage(), problem);
        }
    }

    /// Waits until every event is written that was sent.
    ///
    /// @throws KafkaException if one could not be written
    public void awaitWritten() throws InterruptedException {
        room.acquire(MOST_UNDER_WAY);
        room.release(MOST_UNDER_WAY);
        requireUnbroken();
    }
}
