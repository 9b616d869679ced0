package io.turnstream.providers.work;

import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.Subject;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import org.apache.avro.specific.SpecificRecord;

/// What requests to models and to judges have in common.
public record WorkItem(
        SpecificRecord request,
        String requestId,
        Subject subject,
        Step step,
        ModelTarget target,
        CallParameters parameters,
        CallLimits limits,
        String protocolDigest) {

    /// @throws IllegalArgumentException if the record is no request of this kind
    public static WorkItem of(SpecificRecord request) {
        return switch (request) {
            case AskModel ask -> new WorkItem(ask, ask.getRequestId(), ask.getSubject(), ask.getStep(), ask.getTarget(),
                    ask.getParameters(), ask.getLimits(), ask.getProtocolDigest());
            case AskJudge ask ->
                new WorkItem(ask, ask.getRequestId(), ask.getSubject(), new Step(Ids.JUDGE, StepKind.JUDGE),
                        ask.getTarget(), ask.getParameters(), ask.getLimits(), ask.getProtocolDigest());
            default -> throw new IllegalArgumentException(
                    request.getSchema().getFullName() + " asks neither a model nor a judge");
        };
    }

    /// By whose control it may be called: its run's, or that of the judgement set that was asked for later. A finished
    /// or cancelled run does not stop judging its transcripts again.
    String controlKey() {
        return request instanceof AskJudge ask && ask.getRound() != null
                ? Ids.judgementSetKey(subject.getRunId(), ask.getJudgementSetId())
                : subject.getRunId();
    }

    /// The metadata of an event that this request brings about now.
    EventMeta causes(long nowMillis) {
        return EventTypes.causedBy(request, Ids.newEventId(), nowMillis);
    }

    /// How often its run was halted when it was handed back.
    int halts() {
        return switch (request) {
            case AskModel ask -> ask.getHalts();
            case AskJudge ask -> ask.getHalts();
            default -> throw new IllegalStateException(request.getSchema().getFullName());
        };
    }

    long requestedAtMillis() {
        return EventTypes.metaOf(request).getOccurredAtMillis();
    }

    @Override
    public String toString() {
        return "WorkItem[" + requestId + ']';
    }
}
