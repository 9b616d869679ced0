package io.turnstream.dispatch;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.turnstream.channels.ChannelWriter;
import io.turnstream.channels.TakenPartition;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.TranscriptsReplayed;
import io.turnstream.events.Topics;
import io.turnstream.messaging.DamagedRecord;
import io.turnstream.messaging.EventBatch;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.EventWriter;
import io.turnstream.messaging.RunLog;
import io.turnstream.messaging.ServiceKafka;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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

/// Reads the transcripts of a recorded run back from the log when a judgement set is opened, and hands them to the
/// dispatcher.
///
/// It has no state but its position in [Topics#RUNS], which is committed when a set's transcripts are all written:
/// after a crash it reads them again, and the dispatcher, which knows which round of a set it has taken a transcript
/// for, takes each once.
///
/// Its channels [#SETS] and [#TRANSCRIPTS] are configured by `mp.messaging`; sets wait until it is opened.
@ApplicationScoped
public class TranscriptReplayer implements AutoCloseable {

    /// Its group; changing it reads every set's transcripts once more, to no effect.
    public static final String GROUP = "turnstream-transcript-replayer";

    /// The channel that opened sets come in by, and whatever else is said of runs.
    public static final String SETS = "judgement-sets";

    /// The channel that transcripts go out by.
    public static final String TRANSCRIPTS = "transcripts";

    private static final Logger LOG = Logger.getLogger(TranscriptReplayer.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private record Opened(ServiceKafka kafka, EventWriter writer) {}

    private final Function<ServiceKafka, EventWriter> transcripts;
    private final CompletableFuture<Opened> opened = new CompletableFuture<>();
    private final ExecutorService replaying = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().name("transcript-replayer").daemon().factory());
    private volatile boolean closing;
    private volatile boolean failed;

    /// What is under way is bounded before the buffer, by [EventBatch].
    @Inject
    TranscriptReplayer(
            @Channel(TRANSCRIPTS) @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<byte[]> transcripts) {
        this(kafka -> new ChannelWriter(transcripts, kafka));
    }

    /// @param transcripts where transcripts go, given its access to Kafka
    public TranscriptReplayer(Function<ServiceKafka, EventWriter> transcripts) {
        this.transcripts = transcripts;
    }

    /// Starts to read back. Its Kafka access stays open when it closes.
    public void open(ServiceKafka kafka) {
        opened.complete(new Opened(kafka, transcripts.apply(kafka)));
    }

    /// False once it has stopped because of a failure: it asks for a restart.
    public boolean isAlive() {
        return !failed;
    }

    /// Deals with one record after the other. Whatever happens, the stage succeeds: a failed one would end the channel.
    @Incoming(SETS)
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    public CompletionStage<Void> take(Message<byte[]> message) {
        return opened.thenAcceptAsync(open -> handle(open, message), replaying).exceptionally(closedMeanwhile -> null);
    }

    private void handle(Opened open, Message<byte[]> message) {
        IncomingKafkaRecordMetadata<?, ?> record = message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
        TakenPartition partition = TakenPartition.of(message);
        try {
            JudgementSetOpened set = opened(open, record, message.getPayload());
            if (set == null || replay(new Replay(open, set, record, partition))) {
                message.ack();
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            // the record stays unfinished, and with it whatever comes behind
            failed = true;
            LOG.errorf(e, "the transcripts for %s[%d]@%d cannot be read back", record.getTopic(), record.getPartition(),
                    record.getOffset());
        }
    }

    private static @Nullable JudgementSetOpened opened(Opened open, IncomingKafkaRecordMetadata<?, ?> record,
            byte @Nullable [] value) {
        if (value == null || EventHeaders.isImported(record.getHeaders())) {
            return null;
        }
        try {
            return open.kafka().serde().fromBytes(value) instanceof JudgementSetOpened set ? set : null;
        } catch (SerializationException e) {
            LOG.debugf("%s[%d]@%d is not for %s: %s", record.getTopic(), record.getPartition(), record.getOffset(),
                    GROUP, e.getMessage());
            return null;
        }
    }

    /// A set whose transcripts are wanted, and the record that says so.
    private record Replay(Opened open, JudgementSetOpened set, IncomingKafkaRecordMetadata<?, ?> record,
            TakenPartition partition) {}

    /// @return false if the partition went to another process meanwhile
    private boolean replay(Replay replay) throws InterruptedException {
        while (!closing && !replay.partition().isRevoked()) {
            try {
                readBack(replay);
                return true;
            } catch (ReplayStopped e) {
                return false;
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                LOG.warnf("%s: the transcripts for %s[%d]@%d are read again: %s", GROUP, replay.record().getTopic(),
                        replay.record().getPartition(),
                        replay.record().getOffset(), e.getMessage());
                Thread.sleep(PAUSE_AFTER_FAILURE);
            }
        }
        return false;
    }

    private void readBack(Replay replay) throws InterruptedException {
        long startedNanos = System.nanoTime();
        JudgementSetOpened set = replay.set();
        EventBatch batch = new EventBatch(replay.open().writer());
        TranscriptsReplayed replayed = read(replay, batch);
        batch.awaitWritten();
        batch.send(Topics.RUNS, set.getRunId(), replayed, replay.record().getHeaders());
        batch.awaitWritten();
        LOG.infof("%s of run %s: %d transcripts read back in %d ms%s", set.getSpec().getJudgementSetId(),
                set.getRunId(),
                replayed.getDialogues(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos),
                replayed.getProblem() == null ? "" : "; " + replayed.getProblem());
    }

    private TranscriptsReplayed read(Replay replay, EventBatch batch) {
        JudgementSetOpened set = replay.set();
        ServiceKafka kafka = replay.open().kafka();
        try {
            RunLog log = RunLog.read(kafka.connection(), kafka.serde(), set.getRunId(), replay.record().getOffset());
            return new TranscriptReading(set, log, kafka.connection(), kafka.serde(), transcript -> {
                if (closing || replay.partition().isRevoked()) {
                    throw new ReplayStopped();
                }
                try {
                    batch.send(Topics.DIALOGUE_COMMANDS, transcript.getSubject().getDialogueId(), transcript,
                            replay.record().getHeaders());
                } catch (InterruptedException e) {
                    throw new InterruptException(e);
                }
            }).readAll();
        } catch (SerializationException | IllegalStateException e) {
            // Reading it again would end the same way, and every other set would wait for it.
            LOG.errorf(e, "the transcripts of run %s cannot be read", set.getRunId());
            return TranscriptReading.failed(set, "its transcripts cannot be read: " + e.getMessage());
        } catch (KafkaException e) {
            DamagedRecord damaged = DamagedRecord.in(e).orElseThrow(() -> e);
            LOG.errorf(e, "the transcripts of run %s cannot be read", set.getRunId());
            return TranscriptReading.failed(set,
                    "its transcripts cannot be read: a record of " + damaged.partition()
                            + " is damaged on the broker's disk; "
                            + "'turnstream verify' names it");
        }
    }

    @Override
    public void close() {
        closing = true;
        replaying.shutdownNow();
        try {
            replaying.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        opened.completeExceptionally(new IllegalStateException(GROUP + " is closed"));
    }

    /// Whoever has the partition now reads the transcripts back.
    private static final class ReplayStopped extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ReplayStopped() {
            super(null, null, false, false);
        }
    }
}
