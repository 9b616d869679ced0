package io.turnstream.providers.work;

import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.RequestDeferred;
import io.turnstream.contracts.RunFaultReported;
import io.turnstream.contracts.Texts;
import io.turnstream.contracts.Topics;
import io.turnstream.messaging.Delivery;
import io.turnstream.messaging.EventProducer;
import io.turnstream.messaging.RequestPump;
import io.turnstream.messaging.RequestPump.Handled;
import io.turnstream.protocol.pack.ProtocolPack;
import io.turnstream.providers.ModelReply.Failed;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.jboss.logging.Logger;

/// Takes one request to its end: asks whether to call, lets the [Work] be done, and writes what came of it.
///
/// A request is done only when Kafka has acknowledged its answer or its [RequestDeferred].
final class RequestDesk implements RequestPump.Handler {

    private static final Logger LOG = Logger.getLogger(RequestDesk.class);
    private static final long PACK_RETRY_MILLIS = 5_000;

    /// Writes an event for a dialogue and returns when Kafka has it.
    @FunctionalInterface
    interface Answers {

        RecordMetadata write(String dialogueId, SpecificRecord event, Headers parent);

        /// Lets the run know why its calls take their time. Nobody waits for that to be written.
        default void tell(RunFaultReported trouble, Headers parent) {
        }

        /// The same, and whoever asks hears where each answer stands.
        default Answers noting(Consumer<RecordMetadata> noted) {
            Answers plain = this;
            return new Answers() {

                @Override
                public RecordMetadata write(String dialogueId, SpecificRecord event, Headers parent) {
                    RecordMetadata written = plain.write(dialogueId, event, parent);
                    noted.accept(written);
                    return written;
                }

                @Override
                public void tell(RunFaultReported trouble, Headers parent) {
                    plain.tell(trouble, parent);
                }
            };
        }

        static Answers to(EventProducer producer, Topics topic) {
            return new Answers() {

                @Override
                public RecordMetadata write(String dialogueId, SpecificRecord event, Headers parent) {
                    return producer.send(topic, dialogueId, event, parent).join();
                }

                @Override
                public void tell(RunFaultReported trouble, Headers parent) {
                    producer.send(Topics.DIALOGUE_PROGRESS, trouble.getRunId(), trouble, parent);
                }
            };
        }
    }

    private final RunControls runs;
    private final ProtocolPacks packs;
    private final Answers answers;
    private final Caller caller;
    private final Work work;
    private final Troubles troubles;

    /// Who calls, and by which clock.
    record Caller(ModelCaller models, WorkerName worker, Clock clock) {

        WorkSession session(WorkItem item, ProtocolPack pack, CallWatch watch) {
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

    @Override
    public Handled handle(Delivery delivery) throws InterruptedException {
        return handle(delivery.request(), delivery.headers(), delivery::isRevoked, answers.noting(delivery::answered));
    }

    Handled handle(SpecificRecord request, Headers headers, Supplier<Boolean> revoked) throws InterruptedException {
        return handle(request, headers, revoked, answers);
    }

    private Handled handle(SpecificRecord request, Headers headers, Supplier<Boolean> revoked, Answers to) throws InterruptedException {
        WorkItem item = WorkItem.of(request);
        if (!work.isFor(item)) {
            return Handled.DONE;
        }
        Conclusion conclusion = conclude(item, headers, new CallWatch() {

            @Override
            public Permission get() {
                return revoked.get() ? Permission.REVOKED : runs.permission(item.controlKey(), item.requestedAtMillis());
            }

            @Override
            public void troubled(Failed failed) {
                troubles.news(item, failed).ifPresent(trouble -> to.tell(trouble, headers));
            }
        });
        String dialogueId = item.subject().getDialogueId();
        return switch (conclusion) {
            case Conclusion.Answered(SpecificRecord event) -> {
                to.write(dialogueId, event, headers);
                yield Handled.DONE;
            }
            case Unanswered.HandedBack back -> handBack(item, back, headers, to);
            case Unanswered.Dropped(Paid paid) -> {
                LOG.debugf("%s dropped: its run is closed", item.requestId());
                yield paid.isNothing() ? Handled.DONE
                        : handBack(item, new Unanswered.HandedBack(DeferralReason.UNKNOWN, "the run is closed", caller.clock().millis(), paid), headers, to);
            }
            // what is paid must be told, and who hands a request back cannot leave it, too
            case Unanswered.Left(Paid paid) -> paid.isNothing() ? Handled.LEFT
                    : handBack(item, new Unanswered.HandedBack(DeferralReason.REVOKED, "the worker stops", caller.clock().millis(), paid), headers, to);
        };
    }

    private Handled handBack(WorkItem item, Unanswered.HandedBack back, Headers headers, Answers to) {
        LOG.debugf("%s handed back: %s, %s", item.requestId(), back.reason(), back.detail());
        to.write(item.subject().getDialogueId(), deferred(item, back), headers);
        return Handled.DONE;
    }

    private Conclusion conclude(WorkItem item, Headers headers, CallWatch watch) throws InterruptedException {
        Permission now = watch.get();
        if (now != Permission.GO) {
            return Unanswered.because(now, caller.clock().millis());
        }
        Optional<ProtocolPack> pack = packs.await(item.protocolDigest());
        if (pack.isEmpty()) {
            return new Unanswered.HandedBack(DeferralReason.UNKNOWN,
                    "protocol pack " + item.protocolDigest() + " has not reached this worker", caller.clock().millis() + PACK_RETRY_MILLIS);
        }
        WorkSession session = caller.session(item, pack.get(), watch);
        try {
            return work.conclude(session);
        } catch (RuntimeException | Error e) {
            // A dialogue whose request never ends would keep its run open for ever, whatever it was that was thrown.
            LOG.errorf(e, "%s could not be worked on", item.requestId());
            SpecificRecord failed = work.failed(session, "the worker could not handle the request (" + e.getClass().getSimpleName()
                    + "); its log says more");
            if (e instanceof OutOfMemoryError || e instanceof LinkageError) {
                answers.write(item.subject().getDialogueId(), failed, headers);
                throw e;
            }
            return new Conclusion.Answered(failed);
        }
    }

    private RequestDeferred deferred(WorkItem item, Unanswered.HandedBack back) {
        return new RequestDeferred(item.causes(caller.clock().millis()), item.requestId(), item.subject(), item.step(), back.reason(),
                back.detail(), back.notBeforeMillis(), back.paid().usage(), back.paid().costNanoUsd(),
                Texts.ofNullable(back.providerMessage()));
    }
}
