package io.turnstream.providers.work;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.RequestDeferred;
import io.turnstream.contracts.RunFaultReported;
import io.turnstream.events.Texts;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.providers.ModelReply.Failed;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Takes one request to its end: asks whether to call, lets the [Work] be done, and writes what came of it.
///
/// A request is done only when Kafka has acknowledged its answer or its [RequestDeferred].
public final class RequestDesk implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(RequestDesk.class);
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    private static final long PACK_RETRY_MILLIS = 5_000;

    /// What became of a request.
    public enum Handled {
        /// Its answer, failure or deferral is written.
        DONE,
        /// Its partition belongs to another worker now, and it is left to whoever that is.
        LEFT
    }

    /// Writes an event for a dialogue and returns when Kafka has it.
    @FunctionalInterface
    public interface Answers {

        /// @param parent headers of the request's record
        /// @return where it stands
        RecordMetadata write(String dialogueId, SpecificRecord event, Headers parent);

        /// Lets the run know why its calls take their time. Nobody waits for that to be written.
        default void tell(RunFaultReported trouble, Headers parent) {}
    }

    /// How a request came here.
    ///
    /// @param headers its record's, to go on with its trace
    /// @param revoked whether its partition now belongs to another worker, or this one is closing: a call that has not
    ///         begun must not begin
    /// @param answered told where its answer or deferral stands
    public record Delivery(Headers headers, Supplier<Boolean> revoked, Consumer<RecordMetadata> answered) {}

    private final RunControls runs;
    private final ProtocolPacks packs;
    private final Answers answers;
    private final Caller caller;
    private final Work work;
    private final Troubles troubles;

    /// Who calls, and by which clock.
    record Caller(ModelCaller models, WorkerName worker, Clock clock) {

        WorkSession session(WorkItem item, @Nullable ProtocolPack pack, CallWatch watch) {
            return new WorkSession(item, pack, models, watch, worker, clock);
        }
    }

    RequestDesk(RunControls runs, ProtocolPacks packs, Answers answers, Caller caller, Work work) {
        this.runs = runs;
        this.packs = packs;
        this.answers = answers;
        this.caller = caller;
        this.work = work;
        this.troubles = new Troubles(caller.clock());
    }

    /// Reads run controls and packs in full, and follows them from then on.
    ///
    /// @param packPatience how long a request waits for a protocol pack that has not arrived
    public static RequestDesk open(ServiceKafka kafka, Duration packPatience, Work work, ModelCaller models,
            Clock clock, Answers answers) {
        return new RequestDesk(RunControls.reading(kafka, START_PATIENCE), ProtocolPacks.reading(kafka, packPatience),
                answers,
                new Caller(models, WorkerName.ofThisProcess(), clock), work);
    }

    /// Deals with one request, on a virtual thread of its own.
    public Handled handle(SpecificRecord request, Delivery delivery) throws InterruptedException {
        WorkItem item = WorkItem.of(request);
        if (!work.isFor(item)) {
            return Handled.DONE;
        }
        Conclusion conclusion = conclude(item, delivery, new CallWatch() {

            @Override
            public Permission get() {
                return delivery.revoked().get()
                        ? Permission.REVOKED
                        : runs.permission(item.controlKey(), item.requestedAtMillis());
            }

            @Override
            public void troubled(Failed failed) {
                troubles.news(item, failed).ifPresent(trouble -> answers.tell(trouble, delivery.headers()));
            }

            @Override
            public boolean hasHaltedRun() {
                return item.halts() > 0;
            }
        });
        return switch (conclusion) {
            case Conclusion.Answered(SpecificRecord event) -> {
                write(item, event, delivery);
                yield Handled.DONE;
            }
            case Unanswered.HandedBack back -> handBack(item, back, delivery);
            case Unanswered.Dropped(Paid paid) -> {
                LOG.debugf("%s dropped: its run is closed", item.requestId());
                yield paid.isNothing()
                        ? Handled.DONE
                        : handBack(item, new Unanswered.HandedBack(DeferralReason.UNKNOWN, "the run is closed",
                                caller.clock().millis(), paid), delivery);
            }
            // what is paid must be told, and who hands a request back cannot leave it, too
            case Unanswered.Left(Paid paid) -> paid.isNothing()
                    ? Handled.LEFT
                    : handBack(item, new Unanswered.HandedBack(DeferralReason.REVOKED, "the worker stops",
                            caller.clock().millis(), paid), delivery);
        };
    }

    private void write(WorkItem item, SpecificRecord event, Delivery delivery) {
        delivery.answered().accept(answers.write(item.subject().getDialogueId(), event, delivery.headers()));
    }

    private Handled handBack(WorkItem item, Unanswered.HandedBack back, Delivery delivery) {
        LOG.debugf("%s handed back: %s, %s", item.requestId(), back.reason(), back.detail());
        write(item, deferred(item, back), delivery);
        return Handled.DONE;
    }

    private Conclusion conclude(WorkItem item, Delivery delivery, CallWatch watch) throws InterruptedException {
        WorkSession session = caller.session(item, null, watch);
        try {
            Permission now = watch.get();
            if (now != Permission.GO) {
                return Unanswered.because(now, caller.clock().millis());
            }
            Optional<ProtocolPack> pack = packs.await(item.protocolDigest());
            if (pack.isEmpty()) {
                return new Unanswered.HandedBack(DeferralReason.UNKNOWN,
                        "protocol pack " + item.protocolDigest() + " has not reached this worker",
                        caller.clock().millis() + PACK_RETRY_MILLIS);
            }
            session = caller.session(item, pack.get(), watch);
            return work.conclude(session);
        } catch (RuntimeException | Error e) {
            // A dialogue whose request never ends would keep its run open for ever, whatever it was that was thrown.
            LOG.errorf(e, "%s could not be worked on", item.requestId());
            SpecificRecord failed = work.failed(session,
                    "the worker could not handle the request (" + e.getClass().getSimpleName()
                            + "); its log says more");
            if (e instanceof OutOfMemoryError || e instanceof LinkageError) {
                write(item, failed, delivery);
                throw e;
            }
            return new Conclusion.Answered(failed);
        }
    }

    private RequestDeferred deferred(WorkItem item, Unanswered.HandedBack back) {
        return new RequestDeferred(item.causes(caller.clock().millis()), item.requestId(), item.subject(), item.step(),
                back.reason(),
                back.detail(), back.notBeforeMillis(), back.paid().usage(), back.paid().costNanoUsd(),
                Texts.ofNullable(back.providerMessage()));
    }

    /// Whether it hears of runs that are paused or cancelled.
    public boolean isCurrent() {
        return runs.isCurrent();
    }

    @Override
    public void close() {
        packs.close();
        runs.close();
    }
}
