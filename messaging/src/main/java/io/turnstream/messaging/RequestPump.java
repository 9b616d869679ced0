package io.turnstream.messaging;

import io.turnstream.contracts.EventTypes;
import io.turnstream.contracts.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/// Takes requests from a topic and hands each to a virtual thread, without order and with a wide window.
///
/// - A request is committed only when its handler has returned, that is when its answer is written; Kafka redelivers the rest.
/// - On assignment of a partition the answers since its committed request are read first, and what is answered is skipped.
/// - On revocation no more requests of the partition begin, and those that run get a grace period.
/// - A request that was brought in from another installation was answered there, and is skipped.
/// - A request that cannot be read or handled goes to the dead letters; the others go on.
public final class RequestPump implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(RequestPump.class);
    private static final Duration POLL = Duration.ofMillis(50);

    /// What a worker does with a request.
    @FunctionalInterface
    public interface Handler {

        /// Deals with one request, on a virtual thread of its own.
        ///
        /// @return [Handled#DONE] once its answer, failure or deferral is written; [Handled#LEFT] to leave a revoked request to
        ///         whoever owns its partition now
        Handled handle(Delivery delivery) throws InterruptedException;
    }

    /// What became of a request.
    public enum Handled {
        DONE,
        LEFT
    }

    /// How a pump works.
    ///
    /// @param groupId the worker pool
    /// @param parking most requests taken and not finished; those that wait for a connection included
    /// @param commitInterval how often positions are committed
    /// @param grace how long running calls may go on after their partition is revoked, or the pump is closed
    public record Settings(String groupId, Topics requests, Topics answers, int parking, Duration commitInterval, Duration grace) {

        public Settings {
            if (parking < 1) {
                throw new IllegalArgumentException("parking must be 1 or more, not " + parking);
            }
        }
    }

    private final Settings settings;
    private final EventSerde serde;
    private final EventProducer deadLetters;
    private final AnswerLog answerLog;
    private final Handler handler;
    private final KafkaConsumer<String, byte[]> consumer;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<TopicPartition, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Handled>> running = new ConcurrentHashMap<>();
    private final AtomicInteger parked = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean failed;
    private volatile boolean joined;
    private long lastCommitNanos = System.nanoTime();
    private boolean paused;

    /// Makes a pump; [#start] sets it going.
    public RequestPump(KafkaConnection connection, EventSerde serde, EventProducer deadLetters, Settings settings, Handler handler) {
        this.settings = settings;
        this.serde = serde;
        this.deadLetters = deadLetters;
        this.handler = handler;
        this.answerLog = new AnswerLog(connection, serde, settings.answers().topicName());
        Map<String, Object> properties = connection.as(settings.groupId()).consumer(settings.groupId());
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.min(500, settings.parking()));
        // Closing waits for the fetch that is under way.
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) Math.max(300_000, settings.grace().toMillis() * 2));
        this.consumer = new KafkaConsumer<>(properties);
        this.thread = Thread.ofPlatform().name("pump-" + settings.groupId()).unstarted(this::run);
    }

    /// Starts to take requests.
    public void start() {
        thread.start();
    }

    /// False once the pump has stopped because of a failure.
    public boolean isAlive() {
        return !failed;
    }

    /// Requests taken and not finished.
    public int parked() {
        return parked.get();
    }

    /// Whether it has partitions.
    public boolean isAssigned() {
        return !lanes.isEmpty();
    }

    /// Whether it is a member of its group and works, with partitions or, where others have them all, ready to take over.
    public boolean isReady() {
        return joined && !failed;
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(settings.requests().topicName()), new Assignment());
            while (!closing) {
                turn();
            }
            drain();
        } catch (WakeupException e) {
            LOG.tracef("pump %s woken to close", settings.groupId());
        } catch (RuntimeException e) {
            failed = true;
            LOG.errorf(e, "pump %s has stopped", settings.groupId());
        }
    }

    private void turn() {
        try {
            balanceParking();
            ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
            records.forEach(this::take);
            if (System.nanoTime() - lastCommitNanos >= settings.commitInterval().toNanos()) {
                lastCommitNanos = System.nanoTime();
                commit(lanes.values(), false);
            }
        } catch (RetriableException e) {
            LOG.debugf("pump %s: %s", settings.groupId(), e.getMessage());
        }
    }

    private void balanceParking() {
        int now = parked.get();
        if (!paused && now >= settings.parking()) {
            consumer.pause(consumer.assignment());
            paused = true;
        } else if (paused && now < settings.parking() * 9 / 10 + 1 && now < settings.parking()) {
            consumer.resume(consumer.assignment());
            paused = false;
        } else if (paused) {
            consumer.pause(consumer.assignment());
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        Lane lane = lanes.get(new TopicPartition(record.topic(), record.partition()));
        if (lane == null) {
            return;
        }
        lane.begin(record.offset());
        if (EventHeaders.isImported(record.headers())) {
            lane.finish(record.offset());
            return;
        }
        parked.incrementAndGet();
        threads.execute(() -> {
            Handled handled = Handled.LEFT;
            try {
                handled = deal(record, lane);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                parked.decrementAndGet();
                if (handled == Handled.DONE) {
                    lane.finish(record.offset());
                } else {
                    lane.leave();
                }
            }
        });
    }

    private Handled deal(ConsumerRecord<String, byte[]> record, Lane lane) throws InterruptedException {
        SpecificRecord request;
        try {
            request = serde.fromBytes(record.value());
        } catch (RuntimeException e) {
            return bury(record, String.valueOf(e.getMessage()));
        }
        String requestId = EventTypes.requestIdOf(request);
        if (requestId == null) {
            return bury(record, request.getSchema().getFullName() + " is no request");
        }
        String sending = EventTypes.metaOf(request).getEventId();
        if (lane.isAnswered(requestId, sending)) {
            return Handled.DONE;
        }
        CompletableFuture<Handled> mine = new CompletableFuture<>();
        CompletableFuture<Handled> before = running.putIfAbsent(sending, mine);
        while (before != null) {
            // The same record came back to this worker while its call was still running: that call answers both. (Not so another
            // sending of the same request: it was made because this one was handed back.)
            Handled handled = before.join();
            if (handled == Handled.DONE || lane.isRevoked()) {
                return handled;
            }
            before = running.putIfAbsent(sending, mine);
        }
        Handled handled = Handled.LEFT;
        try {
            handled = lane.isRevoked() ? Handled.LEFT : handler.handle(new Delivery(request, record.headers(), lane));
        } catch (RuntimeException e) {
            LOG.errorf(e, "request %s failed", requestId);
            handled = bury(record, e.toString());
        } finally {
            running.remove(sending, mine);
            mine.complete(handled);
        }
        return handled;
    }

    private Handled bury(ConsumerRecord<String, byte[]> record, String reason) {
        deadLetters.sendDeadLetter(DeadLetter.of(record, reason)).join();
        return Handled.DONE;
    }

    private void commit(Collection<Lane> which, boolean synchronously) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (Lane lane : which) {
            lane.toCommit().ifPresent(offset -> positions.put(lane.partition(), new OffsetAndMetadata(offset)));
        }
        if (positions.isEmpty()) {
            return;
        }
        if (synchronously) {
            consumer.commitSync(positions);
            remember(positions);
        } else {
            consumer.commitAsync(positions, (offsets, failure) -> {
                if (failure == null) {
                    remember(offsets);
                }
            });
        }
    }

    private void remember(Map<TopicPartition, OffsetAndMetadata> positions) {
        positions.forEach((partition, position) -> {
            Lane lane = lanes.get(partition);
            if (lane != null) {
                lane.committed(position.offset());
            }
        });
    }

    private void drain() {
        lanes.values().forEach(Lane::revoke);
        awaitIdle(lanes.values());
        try {
            commit(lanes.values(), true);
        } catch (RuntimeException e) {
            LOG.warnf("pump %s could not commit on closing: %s", settings.groupId(), e.getMessage());
        }
    }

    private void awaitIdle(Collection<Lane> which) {
        long deadline = System.nanoTime() + settings.grace().toNanos();
        try {
            for (Lane lane : which) {
                lane.awaitIdle(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing = true;
        if (thread.isAlive()) {
            try {
                thread.join(settings.grace().plusSeconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else if (thread.getState() == Thread.State.NEW) {
            consumer.close();
        }
        threads.shutdownNow();
    }

    /// Follows the group's rebalances.
    private final class Assignment implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(new java.util.HashSet<>(partitions));
            Map<TopicPartition, Long> uncommitted = new HashMap<>();
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata position = committed.get(partition);
                uncommitted.put(partition, position == null ? 0 : position.offset());
            }
            answerLog.answeredSince(uncommitted).forEach((partition, answered) -> lanes.put(partition, new Lane(partition, answered)));
            joined = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            List<Lane> revoked = partitions.stream().map(lanes::get).filter(java.util.Objects::nonNull).toList();
            revoked.forEach(Lane::revoke);
            awaitIdle(revoked);
            try {
                commit(revoked, true);
            } catch (RuntimeException e) {
                LOG.warnf("pump %s could not commit revoked partitions: %s", settings.groupId(), e.getMessage());
            }
            partitions.forEach(lanes::remove);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                Lane lane = lanes.remove(partition);
                if (lane != null) {
                    lane.revoke();
                }
            }
        }
    }
}
