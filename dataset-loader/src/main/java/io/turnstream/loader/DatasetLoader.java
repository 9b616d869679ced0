package io.turnstream.loader;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.turnstream.channels.ChannelWriter;
import io.turnstream.channels.Channels;
import io.turnstream.channels.TakenPartition;
import io.turnstream.loader.PendingRuns.PendingRun;
import io.turnstream.loader.planning.DatasetPlanner;
import io.turnstream.messaging.EventWriter;
import io.turnstream.messaging.RunLog;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.WorkGroup;
import io.turnstream.providers.work.ProtocolPacks;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.FileSystemException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The loader: takes requests for runs from the log, plans one after the other, and streams their dialogues.
///
/// It has no state of its own. A request is committed once its plan is written; after a crash it is delivered again and
/// planned again, dialogue by dialogue the same, and the dispatcher drops those it has. Before a run is planned the log
/// is read to its end, so that one whose plan is there already is left alone; and it is read on while a run is being
/// planned, so that a cancelled one is noticed.
///
/// Its channels [#RUNS] and [#DIALOGUES] are configured by `mp.messaging`; requests wait until the loader is opened.
@ApplicationScoped
public class DatasetLoader implements AutoCloseable {

    /// Its name in events.
    public static final String NAME = "dataset-loader";

    /// Its consumer group.
    public static final String GROUP = WorkGroup.DATASET_LOADER.groupId();

    /// The channel that requests come in by, and whatever else is said of runs.
    public static final String RUNS = "runs";

    /// The channel that plans go out by.
    public static final String DIALOGUES = "dialogues";

    private static final Logger LOG = Logger.getLogger(DatasetLoader.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
    private static final Duration BEFORE_READING_AGAIN = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 3;

    private record Opened(ServiceKafka kafka, ProtocolPacks packs, RunPlanner planner) {}

    private final Channels channels;
    private final Intake intake;
    private final PendingRuns runs;
    private final Function<ServiceKafka, EventWriter> plans;
    private final CompletableFuture<Opened> opened = new CompletableFuture<>();
    private final ExecutorService reading = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("runs").factory());
    private final ExecutorService planning = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("planning").factory());
    private volatile boolean closing;
    private volatile boolean failed;

    /// What is under way is bounded before the buffer, by [RunPlanner].
    @Inject
    DatasetLoader(
            Channels channels, Intake intake,
            @Channel(DIALOGUES) @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<byte[]> plans) {
        this(channels, intake, kafka -> new ChannelWriter(plans, kafka));
    }

    /// @param plans where its plans go, given its access to Kafka
    public DatasetLoader(Channels channels, Function<ServiceKafka, EventWriter> plans) {
        this(channels, new Intake(), plans);
    }

    private DatasetLoader(Channels channels, Intake intake, Function<ServiceKafka, EventWriter> plans) {
        this.channels = channels;
        this.intake = intake;
        this.runs = intake.runs();
        this.plans = plans;
    }

    /// Starts to plan. Its Kafka access stays open when it closes.
    ///
    /// @param packs the protocol packs, whose image settings it needs; closed with the loader
    public void open(ServiceKafka kafka, ProtocolPacks packs, DatasetPlanner planner, Clock clock) {
        channels.layAside(RUNS, kafka.producer());
        opened.complete(new Opened(kafka, packs, new RunPlanner(planner, packs, plans.apply(kafka), clock)));
    }

    /// Takes note of one record after the other. Whatever happens, the stage succeeds: a failed one would end the
    /// channel.
    @Incoming(RUNS)
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    public CompletionStage<Void> take(Message<byte[]> message) {
        return opened.thenAcceptAsync(open -> read(open, message), reading).exceptionally(closedBefore -> null);
    }

    private void read(Opened open, Message<byte[]> message) {
        IncomingKafkaRecordMetadata<?, ?> record = message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
        try {
            SpecificRecord event;
            try {
                event = open.kafka().serde().fromBytes(message.getPayload());
            } catch (SerializationException e) {
                message.nack(e).toCompletableFuture().join();
                return;
            }
            runs.read(new PendingRuns.Taken(record.getHeaders(), TakenPartition.of(message), message::ack), event)
                    .ifPresent(run -> planning.execute(run.task(() -> plan(open, run))));
        } catch (Throwable e) {
            if (!closing) {
                failed = true;
                LOG.errorf(e, "%s[%d]@%d can be neither read nor laid aside", record.getTopic(), record.getPartition(),
                        record.getOffset());
            }
        }
    }

    /// Plans a run, unless the log holds its plan. What fails for a reason that is not in the data set is repeated, but
    /// not for ever.
    private void plan(Opened open, PendingRun run) {
        String problem = "";
        for (int attempt = 1; runs.isPending(run); attempt++) {
            try {
                readOn(open, run);
                if (!runs.isPending(run)) {
                    return;
                }
                if (attempt > ATTEMPTS) {
                    open.planner().fail(run.requested(), run.trace(),
                            "planning failed " + ATTEMPTS + " times: " + problem);
                } else {
                    open.planner().plan(run.requested(), run.trace(), run::isCancelled, runs::hasMore);
                }
                runs.done(run);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Throwable e) {
                if (closing || run.isDropped()) {
                    return;
                }
                if (attempt > ATTEMPTS) {
                    // what it cannot even say it keeps unplanned, and asks for a restart
                    failed = true;
                }
                problem = reason(e);
                LOG.errorf(e, "run %s: planning failed, attempt %d", run.requested().getRunId(), attempt);
                if (failed) {
                    return;
                }
            }
        }
    }

    /// Reads what the log says of a run up to its end.
    private void readOn(Opened open, PendingRun run) throws InterruptedException {
        while (true) {
            try {
                RunLog.read(open.kafka().connection(), open.kafka().serde(), run.requested().getRunId(), Long.MAX_VALUE)
                        .events().forEach(runs::hear);
                return;
            } catch (InterruptException e) {
                Thread.interrupted();
                throw new InterruptedException(e.getMessage());
            } catch (KafkaException e) {
                LOG.warnf("run %s: the log cannot be read for now: %s", run.requested().getRunId(), e.getMessage());
                Thread.sleep(BEFORE_READING_AGAIN);
            }
        }
    }

    /// What a library says may quote a file; what the system says of one, such as that the disk is full, does not.
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String told = root instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : root.getClass().getSimpleName();
        return told + "; the loader's log says more";
    }

    /// What makes the handler of its channel's commits, for a connector that does not find it by itself.
    public KafkaCommitHandler.Factory commits() {
        return new PlanCommits.Factory(intake);
    }

    /// False once it has stopped because of a failure: it asks for a restart.
    public boolean isAlive() {
        return !failed;
    }

    /// Whether it takes requests.
    public boolean isReady() {
        PlanCommits handler = intake.commits();
        return handler != null && !handler.partitions().isEmpty() && opened.isDone() && !failed && !closing;
    }

    @Override
    public void close() {
        closing = true;
        planning.shutdownNow();
        PlanCommits handler = intake.commits();
        if (handler != null) {
            handler.drain();
        }
        try {
            if (!planning.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warnf("%s still plans as it closes", NAME);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!opened.completeExceptionally(new IllegalStateException(NAME + " is closed"))) {
            opened.thenAccept(open -> open.packs().close());
        }
    }
}
