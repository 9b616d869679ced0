package io.turnstream.metrics;

import com.mongodb.client.MongoDatabase;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.metrics.sink.SinkChannels;
import io.turnstream.projection.store.ProjectionComparison;
import io.turnstream.projection.store.ProjectionGeneration;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// A generation of the projection that is made from the log beside the live one: an aggregator of its own, with
/// application id, topics, tables and database of its own, that begins at the first record. It writes nothing that
/// anybody else reads. Once it has caught up it is a projection like any other, and its aggregator goes on as the live
/// one.
public final class Rebuild implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration SWIFT = Duration.ofSeconds(2);
    private static final Duration STUCK = Duration.ofSeconds(120);

    private final ServiceKafka kafka;
    private final MongoDatabase database;
    private final ProjectionGeneration generation;
    private final MetricsAggregator aggregator;

    /// How far it has come.
    ///
    /// @param read offsets of the log that were read by all who read them
    /// @param total offsets that the log has
    public record Progress(long read, long total) {}

    /// It was asked to stop before it was done.
    public static final class StoppedException extends RuntimeException {
        private StoppedException() {
            super("the rebuild was stopped");
        }
    }

    /// Prepares it; [#start] sets it going.
    ///
    /// @param channels that its sinks take from what they write
    /// @param layout of its topics
    /// @param database that belongs to this generation alone
    public Rebuild(SinkChannels channels, ServiceKafka kafka, TopicLayout layout, MongoDatabase database,
            ProjectionGeneration generation,
            MetricsAggregator.Settings settings) {
        this.kafka = kafka;
        this.database = database;
        this.generation = generation;
        layout.createMissing(kafka.connection(), MetricsAggregator.topics(generation));
        this.aggregator = new MetricsAggregator(channels, kafka, database, generation, settings);
    }

    /// Begins to read.
    public void start() {
        aggregator.start();
    }

    /// Waits until everything is projected that the log holds, and what was added meanwhile.
    ///
    /// @param listener hears how far it is, every moment; ends the waiting by throwing [#stopped()]
    /// @throws IllegalStateException if it has failed, or has not moved for two minutes
    public void awaitCaughtUp(Consumer<Progress> listener) {
        long took;
        do {
            long started = System.nanoTime();
            try (CatchUp catchUp = new CatchUp(kafka.connection(), database, generation)) {
                await(catchUp, listener);
            }
            took = System.nanoTime() - started;
            // what was added while a long reading went on is read again, until the rest is a matter of a moment
        } while (took > SWIFT.toNanos());
    }

    private void await(CatchUp catchUp, Consumer<Progress> listener) {
        long movedAt = System.nanoTime();
        long read = -1;
        boolean over = false;
        while (!over) {
            if (!aggregator.isAlive()) {
                throw new IllegalStateException(
                        "the aggregator of generation " + generation.number() + " has failed; the log says why");
            }
            over = aggregator.isReady() && catchUp.isOver();
            long now = over ? catchUp.total() : catchUp.read();
            listener.accept(new Progress(now, catchUp.total()));
            if (now != read) {
                read = now;
                movedAt = System.nanoTime();
            } else if (!over && System.nanoTime() - movedAt > STUCK.toNanos()) {
                throw new IllegalStateException("the rebuild has not moved for " + STUCK.toSeconds() + " s, at " + now
                        + " of " + catchUp.total()
                        + (aggregator.isReady() ? "" : "; the document store does not take what it writes"));
            }
            if (!over) {
                LockSupport.parkNanos(LOOK.toNanos());
            }
        }
    }

    /// What a listener throws to end the waiting.
    public static StoppedException stopped() {
        return new StoppedException();
    }

    /// Its number, and with it the names of all it has.
    public ProjectionGeneration generation() {
        return generation;
    }

    /// How many documents each collection of it holds.
    public Map<String, Long> documents() {
        return ProjectionComparison.documents(database);
    }

    /// Its aggregator, to go on as the live one.
    public MetricsAggregator aggregator() {
        return aggregator;
    }

    /// Stops it; what it made stays, see [ProjectionRemains].
    @Override
    public void close() {
        aggregator.close();
    }
}
