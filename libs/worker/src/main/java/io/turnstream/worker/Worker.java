package io.turnstream.worker;

import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.turnstream.channels.Channels;
import io.turnstream.channels.TakenPartition;
import io.turnstream.contracts.RunFaultReported;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventWriter;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.providers.work.ModelCaller;
import io.turnstream.providers.work.RequestDesk;
import io.turnstream.providers.work.RequestDesk.Handled;
import io.turnstream.providers.work.Work;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One process's share of a worker pool: takes what its channel of requests hands over, on a virtual thread each, to
/// its end.
///
/// - A request is committed only when its answer is written; Kafka redelivers the rest.
/// - On assignment of a partition the answers since its committed request are read; its requests wait for that, and
///   what is answered is skipped.
/// - On revocation no more requests of the partition begin, and those that run get a grace period: the next owner waits
///   for their answers.
/// - A request that was brought in from another installation was answered there, and is skipped.
/// - A request that cannot be read or handled goes to the dead letters; the others go on.
///
/// Its channel runs from the start of the process. Requests wait until the worker is opened.
public final class Worker implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Worker.class);

    /// How a worker works.
    ///
    /// @param grace how long running calls may go on when their partition goes to another worker, or this one closes
    /// @param packPatience how long a request waits for a protocol pack that has not arrived
    public record Settings(Duration grace, Duration packPatience) {

        public Settings {
            if (grace.isNegative() || packPatience.isNegative()) {
                throw new IllegalArgumentException(
                        "times must not be negative: grace " + grace + ", pack patience " + packPatience);
            }
        }
    }

    /// What it does with a request, and who calls.
    public record Task(Topics answers, Work work, ModelCaller models, Clock clock) {}

    private record Opened(ServiceKafka kafka, Settings settings, Topics answers, RequestDesk desk) {}

    private final String channel;
    private final Channels channels;
    private final CompletableFuture<Opened> opened = new CompletableFuture<>();
    private final Map<String, CompletableFuture<Handled>> running = new ConcurrentHashMap<>();
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile @Nullable RequestCommits commits;
    private volatile boolean failed;

    Worker(String channel, Channels channels) {
        this.channel = channel;
        this.channels = channels;
    }

    /// Reads run controls and packs in full, then takes requests.
    ///
    /// @param kafka stays open when the worker closes
    public void open(ServiceKafka kafka, Settings settings, Task task, EventWriter answers) {
        RequestDesk desk = RequestDesk.open(kafka, settings.packPatience(), task.work(), task.models(), task.clock(),
                new RequestDesk.Answers() {

                    @Override
                    public RecordMetadata write(String dialogueId, SpecificRecord event, Headers parent) {
                        return answers.write(task.answers(), dialogueId, event, parent);
                    }

                    @Override
                    public void tell(RunFaultReported trouble, Headers parent) {
                        kafka.producer().send(Topics.DIALOGUE_PROGRESS, trouble.getRunId(), trouble, parent);
                    }
                });
        channels.layAside(channel, kafka.producer());
        opened.complete(new Opened(kafka, settings, task.answers(), desk));
    }

    /// Deals with one request. Whatever happens, the stage completes: a failed one would end the channel.
    public CompletionStage<Void> handle(Message<byte[]> message) {
        PartitionOffsets partition = (PartitionOffsets) TakenPartition.of(message);
        IncomingKafkaRecordMetadata<?, ?> record = message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
        boolean settled = false;
        unfinished.incrementAndGet();
        try {
            if (deal(message.getPayload(), record, partition) == Handled.DONE) {
                message.ack().toCompletableFuture().join();
                settled = true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            settled = layAside(message, record, e);
        } finally {
            unfinished.decrementAndGet();
            if (!settled) {
                partition.leave(record.getOffset());
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    private Handled deal(byte @Nullable [] bytes, IncomingKafkaRecordMetadata<?, ?> record, PartitionOffsets partition)
            throws InterruptedException {
        Opened open = awaitOpened();
        if (open == null) {
            return Handled.LEFT;
        }
        SpecificRecord request = read(open, bytes);
        String requestId = EventTypes.requestIdOf(request);
        if (requestId == null) {
            throw new UnhandledRequestException(request.getSchema().getFullName() + " is no request");
        }
        String sending = EventTypes.metaOf(request).getEventId();
        CompletableFuture<Handled> mine = new CompletableFuture<>();
        CompletableFuture<Handled> before = running.putIfAbsent(sending, mine);
        while (before != null) {
            // The same record came back to this worker while its call was still running: that call answers both. (Not
            // so another sending of the same request: it was made because this one was handed back.)
            Handled handled = before.join();
            if (handled == Handled.DONE || partition.isRevoked()) {
                return handled;
            }
            before = running.putIfAbsent(sending, mine);
        }
        Handled handled = Handled.LEFT;
        try {
            handled = switch (partition.await(record.getOffset(), requestId, sending)) {
                case ANSWERED -> Handled.DONE;
                case REVOKED -> Handled.LEFT;
                case OPEN ->
                    open.desk().handle(request, new RequestDesk.Delivery(record.getHeaders(), partition::isRevoked,
                            answer -> noteAnswer(partition, answer)));
            };
            return handled;
        } finally {
            running.remove(sending, mine);
            mine.complete(handled);
        }
    }

    private static SpecificRecord read(Opened open, byte @Nullable [] bytes) {
        try {
            return open.kafka().serde().fromBytes(bytes);
        } catch (RuntimeException e) {
            throw new UnhandledRequestException(String.valueOf(e.getMessage()));
        }
    }

    /// Requests and answers are partitioned alike; an answer that lies elsewhere tells nothing.
    private static void noteAnswer(PartitionOffsets partition, RecordMetadata answer) {
        if (answer.hasOffset() && answer.partition() == partition.partition().partition()) {
            partition.answeredAt(answer.offset());
        }
    }

    private boolean layAside(Message<byte[]> message, IncomingKafkaRecordMetadata<?, ?> record, Throwable reason) {
        try {
            if (!(reason instanceof UnhandledRequestException)) {
                LOG.errorf(reason, "%s[%d]@%d failed", record.getTopic(), record.getPartition(), record.getOffset());
            }
            // a process that is out of memory or lacks a class must not pass for one that works
            if (reason instanceof Error && !(reason instanceof StackOverflowError)) {
                failed = true;
            }
            message.nack(reason instanceof UnhandledRequestException
                    ? reason
                    : new UnhandledRequestException(reason.toString()))
                    .toCompletableFuture().join();
            return true;
        } catch (Throwable e) {
            // what this worker cannot even lay aside it keeps unfinished, and says so
            failed = true;
            LOG.errorf(e, "%s[%d]@%d can be neither handled nor laid aside", record.getTopic(), record.getPartition(),
                    record.getOffset());
            return false;
        }
    }

    /// Null where the worker was closed before it was opened.
    private @Nullable Opened awaitOpened() throws InterruptedException {
        try {
            return opened.get();
        } catch (ExecutionException e) {
            return null;
        }
    }

    void attach(RequestCommits handler) {
        commits = handler;
    }

    void loadAnswers(Collection<PartitionOffsets> assigned, String groupId) {
        opened.thenAccept(open -> new AnswerLog(open.kafka().connection(), open.kafka().serde(), groupId,
                open.answers().topicName(),
                open.settings().grace(), failure -> failed = true).load(assigned));
    }

    Duration grace() {
        return opened.isDone() && !opened.isCompletedExceptionally() ? opened.join().settings().grace() : Duration.ZERO;
    }

    /// False once it has stopped because of a failure.
    public boolean isAlive() {
        return !failed;
    }

    /// Whether it has partitions to take requests from.
    public boolean isAssigned() {
        RequestCommits handler = commits;
        return handler != null && handler.isAssigned();
    }

    /// Whether it has joined its pool and works, with partitions whose answers it knows or, where others have them all,
    /// ready to take over, and hears of runs that are paused or cancelled.
    public boolean isReady() {
        RequestCommits handler = commits;
        return opened.isDone() && !opened.isCompletedExceptionally() && opened.join().desk().isCurrent()
                && handler != null && handler.isReady() && !failed;
    }

    /// Requests taken and not finished.
    public int unfinished() {
        return unfinished.get();
    }

    /// Takes no more requests, gives running calls their grace period, and commits what is done.
    @Override
    public void close() {
        RequestCommits handler = commits;
        if (handler != null) {
            handler.drain();
        }
        if (!opened.completeExceptionally(new IllegalStateException(channel + " is closed"))) {
            opened.thenAccept(open -> open.desk().close());
        }
    }

    @Override
    public String toString() {
        return "Worker[" + channel + ']';
    }
}
