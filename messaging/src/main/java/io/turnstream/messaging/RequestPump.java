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
/// - On assignment of a partition the answers since its committed request are read; its requests wait for that, and what is answered is
///   skipped.
/// - On revocation no more requests of the partition begin, and those that run get a grace period: the next owner waits for their answers.
/// - A request that was brought in from another installation was answered there, and is skipped.
/// - A request that cannot be read or handled goes to the dead letters; the others go on.
public final class RequestPump implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(RequestPump.class);
    private static final Duration POLL = Duration.ofMillis(50);
    /// After which nobody waits for its turn to call any more once its partition is revoked; who calls then is named to the next owner.
    private static final Duration HAND_OVER = Duration.ofSeconds(3);
    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(5);

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
    private final Map<TopicPartition, PartitionOffsets> partitions = new ConcurrentHashMap<>();
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
        this.answerLog = new AnswerLog(
                connection, serde, settings.groupId(), settings.answers().topicName(), settings.grace(), failure -> failed = true);
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
        return !partitions.isEmpty();
    }

    /// Whether it is a member of its group and works, with partitions whose answers it knows or, where others have them all, ready to
    /// take over.
    public boolean isReady() {
        return joined && !failed && partitions.values().stream().allMatch(PartitionOffsets::isLoaded);
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(settings.requests().topicName()), new Assignment());
            while (!closing) {
                turn();
            }
            handOver(List.copyOf(partitions.values()), settings.grace());
        } catch (WakeupException e) {
            LOG.tracef("pump %s woken to close", settings.groupId());
        } catch (Throwable e) {
            failed = true;
            LOG.errorf(e, "pump %s has stopped", settings.groupId());
            if (e instanceof Error error) {
                throw error;
            }
        }
    }

    private void turn() {
        try {
            balanceParking();
            ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
            records.forEach(this::take);
            if (System.nanoTime() - lastCommitNanos >= settings.commitInterval().toNanos()) {
                lastCommitNanos = System.nanoTime();
                commit(partitions.values());
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
        PartitionOffsets partition = partitions.get(new TopicPartition(record.topic(), record.partition()));
        if (partition == null) {
            return;
        }
        partition.begin(record.offset());
        if (EventHeaders.isImported(record.headers())) {
            partition.finish(record.offset());
            return;
        }
        parked.incrementAndGet();
        threads.execute(() -> {
            Handled handled = Handled.LEFT;
            try {
                handled = deal(record, partition);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Throwable e) {
                // what this worker cannot even lay aside it keeps unfinished, and says so: it must not pass for one that works
                failed = true;
                LOG.errorf(e, "%s[%d]@%d can be neither handled nor laid aside", record.topic(), record.partition(), record.offset());
                throw e;
            } finally {
                parked.decrementAndGet();
                if (handled == Handled.DONE) {
                    partition.finish(record.offset());
                } else {
                    partition.leave(record.offset());
                }
            }
        });
    }

    private Handled deal(ConsumerRecord<String, byte[]> record, PartitionOffsets partition) throws InterruptedException {
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
        CompletableFuture<Handled> mine = new CompletableFuture<>();
        CompletableFuture<Handled> before = running.putIfAbsent(sending, mine);
        while (before != null) {
            // The same record came back to this worker while its call was still running: that call answers both. (Not so another
            // sending of the same request: it was made because this one was handed back.)
            Handled handled = before.join();
            if (handled == Handled.DONE || partition.isRevoked()) {
                return handled;
            }
            before = running.putIfAbsent(sending, mine);
        }
        Handled handled = Handled.LEFT;
        try {
            handled = switch (partition.await(record.offset(), requestId, sending)) {
                case ANSWERED -> Handled.DONE;
                case REVOKED -> Handled.LEFT;
                case OPEN -> handler.handle(new Delivery(request, record.headers(), partition));
            };
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "request %s failed", requestId);
            handled = bury(record, e.toString());
            failed |= e instanceof VirtualMachineError && !(e instanceof StackOverflowError);
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

    private void commit(Collection<PartitionOffsets> which) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (PartitionOffsets partition : which) {
            partition.toCommit().ifPresent(position -> positions.put(partition.partition(), position));
        }
        if (!positions.isEmpty()) {
            consumer.commitAsync(positions, (offsets, failure) -> {
                if (failure == null) {
                    offsets.forEach((partition, position) -> {
                        PartitionOffsets committed = partitions.get(partition);
                        if (committed != null) {
                            committed.committed(position.offset());
                        }
                    });
                }
            });
        }
    }

    /// Gives running calls time to end, then writes down how far others may go, and whose calls still run here.
    private void handOver(Collection<PartitionOffsets> which, Duration time) {
        which.forEach(PartitionOffsets::revoke);
        long deadline = System.nanoTime() + time.toNanos();
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        try {
            for (PartitionOffsets partition : which) {
                partition.awaitIdle(deadline);
            }
            for (PartitionOffsets partition : which) {
                partition.toHandOver().ifPresent(position -> positions.put(partition.partition(), position));
            }
            if (!positions.isEmpty()) {
                consumer.commitSync(positions, COMMIT_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warnf("pump %s could not commit what it gives away: %s", settings.groupId(), e.getMessage());
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
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            List<PartitionOffsets> added = assigned.stream().map(PartitionOffsets::new).toList();
            added.forEach(partition -> partitions.put(partition.partition(), partition));
            answerLog.load(added);
            joined = true;
        }

        /// Waits only until nobody begins a call any more: while it waits, the partitions that stay are not polled.
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            handOver(revoked.stream().map(partitions::get).filter(java.util.Objects::nonNull).toList(),
                    settings.grace().compareTo(HAND_OVER) < 0 ? settings.grace() : HAND_OVER);
            revoked.forEach(partitions::remove);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            for (TopicPartition partition : lost) {
                PartitionOffsets gone = partitions.remove(partition);
                if (gone != null) {
                    gone.revoke();
                }
            }
        }
    }
}
