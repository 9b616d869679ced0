package io.turnstream.metrics.sink;

import com.mongodb.MongoException;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The channel that one sink writes from: asks for a batch once the one before it is written.
///
/// While the store is away the batch in hand is tried again, with a growing pause: nothing more is asked for, so the
/// connector pauses its partitions, polls on, and stays in its group. Before each batch, and every few seconds without
/// one, it looks whether the store still has the position that was left there; where it has not, the partition is read
/// again from where the store stands, and what was fetched of it is dropped.
///
/// Nothing that is thrown ends it unnoticed: it asks for nothing more then, and is not alive.
final class SinkChannel implements Flow.Subscriber<Message<List<byte[]>>>, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SinkChannel.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration IDLE_CHECK = Duration.ofSeconds(5);
    /// As long as a store may be silent before its driver gives up.
    private static final Duration BATCH_PATIENCE = Duration.ofSeconds(30);
    private static final Duration CLOSING_PATIENCE = Duration.ofSeconds(10);

    private final String name;
    /// Held while the store is asked or written to.
    private final ReentrantLock storing = new ReentrantLock();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Duration pause;

    private volatile @Nullable ProjectionSink sink;
    private volatile @Nullable SinkPositions positions;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile long lookAtNanos = System.nanoTime();
    private volatile boolean ready;
    private volatile boolean failed;

    SinkChannel(String name) {
        this.name = name;
    }

    void attach(SinkPositions checkpoint) {
        positions = checkpoint;
    }

    /// Begins to ask for batches; its consumer joins no group before.
    synchronized void open(ProjectionSink writer) {
        sink = writer;
        begin();
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription upstream) {
        subscription = upstream;
        begin();
    }

    private void begin() {
        if (sink != null && subscription != null && !isStopped()) {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(Message<List<byte[]>> batch) {
        try {
            Thread.ofVirtual().name(name).start(() -> take(batch));
        } catch (Throwable e) {
            fail(e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        fail(failure);
    }

    @Override
    public void onComplete() {
        fail(new IllegalStateException("the channel has ended"));
    }

    private void take(Message<List<byte[]>> batch) {
        try {
            ConsumerRecords<String, byte[]> records = recordsOf(batch);
            Map<TopicPartition, SinkPartition> readings = readingsOf(batch);
            while (!isStopped() && !isWritten(records, readings)) {
                rest();
            }
            if (!isStopped()) {
                batch.ack();
                Objects.requireNonNull(subscription).request(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            fail(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static ConsumerRecords<String, byte[]> recordsOf(Message<?> batch) {
        return batch.getMetadata(IncomingKafkaRecordBatchMetadata.class).orElseThrow().getRecords();
    }

    private static Map<TopicPartition, SinkPartition> readingsOf(Message<?> batch) {
        Map<TopicPartition, SinkPartition> readings = new HashMap<>();
        IncomingKafkaRecordBatchMetadata<?, ?> metadata = batch.getMetadata(IncomingKafkaRecordBatchMetadata.class)
                .orElseThrow();
        for (Message<?> record : metadata.getBatchedMessages()) {
            record.getMetadata(SinkPartition.class).ifPresent(reading -> readings.put(reading.partition(), reading));
        }
        return readings;
    }

    private boolean isWritten(ConsumerRecords<String, byte[]> records, Map<TopicPartition, SinkPartition> readings) {
        List<TopicPartition> moved;
        storing.lock();
        try {
            moved = checkpoint().look();
            if (moved.isEmpty()) {
                List<TopicPartition> current = readings.values().stream()
                        .filter(SinkPartition::isCurrent)
                        .map(SinkPartition::partition)
                        .toList();
                checkpoint().written(writer().write(records, current));
                succeed();
                return true;
            }
        } catch (MongoException e) {
            holdOn(e);
            return false;
        } finally {
            storing.unlock();
        }
        goBack(moved);
        return false;
    }

    /// Time passes: without a batch in hand the store is looked at now and then, and soon where it did not answer.
    void tick() {
        boolean due = sink != null && !isStopped() && System.nanoTime() - lookAtNanos >= 0;
        if (due && looking.compareAndSet(false, true)) {
            try {
                Thread.ofVirtual().name(name + "-look").start(this::lookIdle);
            } catch (Throwable e) {
                fail(e);
            }
        }
    }

    private void lookIdle() {
        List<TopicPartition> moved = List.of();
        try {
            if (storing.tryLock()) {
                try {
                    moved = checkpoint().look();
                    if (moved.isEmpty()) {
                        succeed();
                        checkpoint().commit();
                    }
                } catch (MongoException e) {
                    holdOn(e);
                } finally {
                    storing.unlock();
                }
            }
            if (!moved.isEmpty() && !isStopped()) {
                goBack(moved);
            }
        } catch (Throwable e) {
            fail(e);
        } finally {
            looking.set(false);
        }
    }

    private void goBack(List<TopicPartition> moved) {
        // else it could not be asked until now
        if (ready) {
            LOG.warnf("%s: the document store stands elsewhere than it was left, in %d partitions; going on from there",
                    name, moved.size());
        }
        checkpoint().goBack(moved);
    }

    private void succeed() {
        if (pause != null) {
            LOG.infof("%s: the document store is back", name);
            pause = null;
        }
        lookAtNanos = System.nanoTime() + IDLE_CHECK.toNanos();
        ready = true;
    }

    private void holdOn(MongoException e) {
        Duration last = pause;
        if (last == null) {
            LOG.warnf("%s: the document store does not take what is written, and is tried again: %s",
                    name, e.getClass().getSimpleName());
        }
        Duration doubled = last == null ? FIRST_PAUSE : last.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        lookAtNanos = System.nanoTime() + pause.toNanos();
        ready = false;
        writer().forget();
    }

    private void rest() throws InterruptedException {
        long left = ready ? 0 : lookAtNanos - System.nanoTime();
        if (left > 0) {
            stopped.await(left, TimeUnit.NANOSECONDS);
        }
    }

    /// Where the store stands.
    ///
    /// @throws MongoException if it does not answer
    Map<Integer, Long> stored(Collection<TopicPartition> partitions) {
        return writer().positions(partitions.stream().map(TopicPartition::partition).toList());
    }

    /// It is a member of its group, and its partitions begin where the store stands, if that could be asked.
    void joined(boolean positioned) {
        writer().forget();
        ready = positioned;
        if (!positioned) {
            lookAtNanos = System.nanoTime();
        }
    }

    /// Does something while the store is neither looked at nor written to.
    void exclusively(Runnable action) {
        storing.lock();
        try {
            action.run();
        } finally {
            storing.unlock();
        }
    }

    /// Waits until nothing is being written.
    void awaitBatch() {
        try {
            if (storing.tryLock(BATCH_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                storing.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(Throwable e) {
        if (!isStopped()) {
            failed = true;
            ready = false;
            LOG.errorf(e, "%s: the sink has failed", name);
        }
    }

    private SinkPositions checkpoint() {
        return Objects.requireNonNull(positions);
    }

    private ProjectionSink writer() {
        return Objects.requireNonNull(sink);
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /// Whether it goes on; false once it has failed for good or was closed.
    boolean isAlive() {
        return sink != null && !failed && !isStopped();
    }

    /// Whether the store takes what it writes.
    boolean isReady() {
        return ready && !isStopped();
    }

    /// Begins nothing more.
    void stop() {
        stopped.countDown();
    }

    /// Ends the batch in hand, and leaves its group.
    @Override
    public void close() {
        stop();
        try {
            if (storing.tryLock(CLOSING_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                storing.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        SinkPositions checkpoint = positions;
        if (checkpoint != null) {
            checkpoint.close();
        }
        Flow.Subscription upstream = subscription;
        if (upstream != null) {
            upstream.cancel();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
