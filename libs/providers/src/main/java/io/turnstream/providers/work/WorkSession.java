package io.turnstream.providers.work;

import io.turnstream.benchmark.pack.PromptDigest;
import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.EventMeta;
import io.turnstream.events.AnswerBounds;
import io.turnstream.events.Texts;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A worker's work on one request.
public final class WorkSession {

    private final WorkItem item;
    private final @Nullable ProtocolPack pack;
    private final ModelCaller caller;
    private final CallWatch watch;
    private final WorkerName worker;
    private final Clock clock;
    private Paid paid = Paid.NOTHING;

    /// @param pack the run's; null for a session that comes to nothing
    public WorkSession(
            WorkItem item, @Nullable ProtocolPack pack, ModelCaller caller, CallWatch watch, WorkerName worker,
            Clock clock) {
        this.item = item;
        this.pack = pack;
        this.caller = caller;
        this.watch = watch;
        this.worker = worker;
        this.clock = clock;
    }

    /// The request.
    public WorkItem item() {
        return item;
    }

    /// The run's protocol pack.
    public ProtocolPack pack() {
        return Objects.requireNonNull(pack, "the protocol pack is not known");
    }

    /// Calls the model, unless it may not be called now. What goes unanswered then says what the calls before it have
    /// taken.
    public Response call(Prompt prompt) throws InterruptedException {
        Permission now = watch.get();
        Response response = now == Permission.GO ? caller.call(prompt, watch) : Unanswered.because(now, clock.millis());
        return switch (response) {
            case Response.Replied replied -> counted(replied.explained(prompt), replied.call());
            case Response.Refused refused -> counted(refused, refused.call());
            case Response.Failed failed -> counted(failed, failed.call());
            case Response.Oversized oversized -> counted(oversized, oversized.call());
            case Unanswered unanswered -> unanswered.after(paid);
        };
    }

    private Response counted(Response response, CallRecord call) {
        paid = paid.plus(call.paid());
        return response;
    }

    /// Metadata for the answer.
    public EventMeta meta() {
        return item.causes(clock.millis());
    }

    /// For a session that ends without a call's record, by an exception say: no more than what its calls have taken.
    public CallRecord noCall() {
        return CallRecord.none(item.parameters(), clock.millis(), paid);
    }

    /// The answer to report.
    ///
    /// @param asked the first prompt as sent, or null where none was rendered
    public Answer answer(@Nullable Prompt asked, CallRecord call, Finding finding) {
        ServedNames served = ServedNames.of(call);
        return new Answer(Texts.ofNullable(finding.text()), Texts.ofNullable(finding.firstText()), finding.reading(),
                Texts.ofNullable(finding.explanation()), served.finishReason(), served.model(),
                served.systemFingerprint(),
                item.parameters(), call.effective(), call.usage(), call.costNanoUsd(), call.attempts(),
                asked == null ? "" : PromptDigest.of(asked.messages(), asked.imageSha256()), finding.error(),
                worker.text(),
                call.startedAtMillis(), call.endedAtMillis(), Texts.ofNullable(AnswerBounds.cut(call.reasoning())),
                Texts.ofNullable(served.said()));
    }
}
