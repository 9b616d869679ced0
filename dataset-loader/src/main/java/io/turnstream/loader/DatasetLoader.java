package io.turnstream.loader;

import io.turnstream.contracts.Topics;
import io.turnstream.loader.PendingRuns.PendingRun;
import io.turnstream.loader.planning.DatasetPlanner;
import io.turnstream.messaging.DeadLetter;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.WorkGroup;
import io.turnstream.providers.work.ProtocolPacks;
import java.nio.file.FileSystemException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The loader: takes requests for runs from the log, plans one after the other, and streams their dialogues.
///
/// It has no state of its own. A request is committed once its plan is written; after a crash it is delivered again and planned
/// again, dialogue by dialogue the same, and the dispatcher drops those it has. The log is read to its end before the first
/// run is planned, so that a run whose plan is there already is left alone; and it is read on while a run is being planned, so that a
/// cancelled one is noticed.
public final class DatasetLoader implements AutoCloseable {

    /// Its name in events, and its consumer group.
    public static final String NAME = "dataset-loader";

    private static final Logger LOG = Logger.getLogger(DatasetLoader.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
    private static final int ATTEMPTS = 3;
    private static final String GROUP = WorkGroup.DATASET_LOADER.groupId();

    private final ServiceKafka kafka;
    private final ProtocolPacks packs;
    private final RunPlanner planner;
    private final KafkaConsumer<String, byte[]> consumer;
    private final PendingRuns runs = new PendingRuns();
    private final ExecutorService planning =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("planning").factory());
    private final Thread thread;
    private final Map<TopicPartition, Long> readUpTo = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private @Nullable PendingRun current;
    private @Nullable Future<?> outcome;
    private int attempts;
    private @Nullable String lastProblem;
    private volatile boolean closing;
    private volatile boolean failed;
    private volatile boolean assigned;

    /// Makes a loader; [#start] sets it going.
    ///
    /// @param packs the protocol packs, whose image settings it needs; closed with the loader
    public DatasetLoader(ServiceKafka kafka, ProtocolPacks packs, DatasetPlanner planner, Clock clock) {
        this.kafka = kafka;
        this.packs = packs;
        this.planner = new RunPlanner(planner, packs, kafka.producer(), clock);
        this.consumer = new KafkaConsumer<>(kafka.connection().as("runs").consumer(GROUP));
        this.thread = Thread.ofPlatform().name(NAME).unstarted(this::run);
    }

    /// Starts to take requests.
    public void start() {
        thread.start();
    }

    /// False once it has stopped because of a failure: it asks for a restart.
    public boolean isAlive() {
        return !failed;
    }

    /// Whether it takes requests.
    public boolean isReady() {
        return assigned && !failed && !closing;
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(Topics.RUNS.topicName()), new Assignment());
            while (!closing) {
                turn();
            }
            commit();
        } catch (Throwable e) {
            failed = true;
            LOG.error("the data set loader has stopped", e);
            throw e;
        }
    }

    private void turn() {
        try {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                read(record);
            }
            settle();
            if (outcome == null && isAtEnd()) {
                runs.first().ifPresent(this::plan);
            }
            commit();
        } catch (RetriableException e) {
            LOG.debugf("%s: %s", NAME, e.getMessage());
        }
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        readUpTo.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        SpecificRecord event;
        try {
            event = kafka.serde().fromBytes(record.value());
        } catch (SerializationException e) {
            kafka.producer().sendDeadLetter(DeadLetter.of(record, String.valueOf(e.getMessage()))).join();
            return;
        }
        runs.read(record, event);
    }

    private boolean isAtEnd() {
        Set<TopicPartition> mine = consumer.assignment();
        return mine.stream().allMatch(partition -> consumer.currentLag(partition).orElse(1) == 0);
    }

    private void plan(PendingRun run) {
        current = run;
        boolean spent = attempts++ == ATTEMPTS;
        String problem = lastProblem;
        outcome = planning.submit(() -> {
            if (spent) {
                planner.fail(run.requested(), run.trace(), "planning failed " + ATTEMPTS + " times" + (problem == null ? "" : ": " + problem));
            } else {
                planner.plan(run.requested(), run.trace(), run::isCancelled, runs::hasMore);
            }
            return null;
        });
    }

    /// Deals with a planning that is over. One that failed for a reason that is not in the data set is repeated, but not for ever.
    private void settle() {
        PendingRun run = current;
        Future<?> over = outcome;
        if (run == null || over == null) {
            return;
        }
        if (run.isDropped()) {
            over.cancel(true);
        }
        if (!over.isDone()) {
            return;
        }
        current = null;
        outcome = null;
        if (over.isCancelled()) {
            attempts = 0;
            return;
        }
        try {
            over.get();
            runs.done(run);
            attempts = 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            lastProblem = reason(e.getCause());
            LOG.errorf(e.getCause(), "run %s: planning failed, attempt %d", run.requested().getRunId(), attempts);
        }
    }

    /// What a library says may quote a file; what the system says of one, such as that the disk is full, does not.
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String told = root instanceof FileSystemException file && file.getReason() != null ? file.getReason() : root.getClass().getSimpleName();
        return told + "; the loader's log says more";
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        readUpTo.forEach((partition, end) -> {
            long position = runs.firstNeeded(partition).orElse(end);
            if (!Long.valueOf(position).equals(committed.get(partition))) {
                positions.put(partition, new OffsetAndMetadata(position));
            }
        });
        if (!positions.isEmpty()) {
            consumer.commitSync(positions);
            positions.forEach((partition, position) -> committed.put(partition, position.offset()));
        }
    }

    @Override
    public void close() {
        closing = true;
        planning.shutdownNow();
        if (thread.getState() == Thread.State.NEW) {
            consumer.close();
        } else {
            try {
                thread.join(STOP_PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        packs.close();
    }

    /// Follows the group's rebalances: runs of a partition that goes are planned by whoever gets it.
    private final class Assignment implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned = !consumer.assignment().isEmpty();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commit();
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            runs.drop(partitions);
            partitions.forEach(readUpTo::remove);
            partitions.forEach(committed::remove);
            assigned = !partitions.containsAll(consumer.assignment());
        }
    }
}
