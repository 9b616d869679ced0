package io.turnstream.events;

import io.turnstream.contracts.AdmitDialogue;
import io.turnstream.contracts.AdmitJudgement;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.AskLease;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.CallPaidAgain;
import io.turnstream.contracts.CancelDialogue;
import io.turnstream.contracts.CancelJudgement;
import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.DialogueFinished;
import io.turnstream.contracts.DialogueOpened;
import io.turnstream.contracts.DialoguePlanned;
import io.turnstream.contracts.DialogueRegistered;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementFinished;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.JudgementRegistered;
import io.turnstream.contracts.JudgementSetCommanded;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSetRefused;
import io.turnstream.contracts.JudgementSetRequested;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.LeaseGranted;
import io.turnstream.contracts.PlanningFailed;
import io.turnstream.contracts.ProtocolPackPublished;
import io.turnstream.contracts.RepeatsCounted;
import io.turnstream.contracts.RequestDeferred;
import io.turnstream.contracts.RetryDialogue;
import io.turnstream.contracts.RowRejected;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunFaultReported;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.ScoreCell;
import io.turnstream.contracts.ScoreRow;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.TranscriptReplayed;
import io.turnstream.contracts.TranscriptsReplayed;
import io.turnstream.contracts.TurnAnswered;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// Every event that stands in a topic on its own; each is registered under its full name.
public final class EventTypes {

    private static final List<Schema> SCHEMAS = List.of(
            ProtocolPackPublished.getClassSchema(),
            RunRequested.getClassSchema(),
            RowRejected.getClassSchema(),
            RunPlanned.getClassSchema(),
            PlanningFailed.getClassSchema(),
            RunCommanded.getClassSchema(),
            RunStateChanged.getClassSchema(),
            RunControl.getClassSchema(),
            RunSealed.getClassSchema(),
            DialoguePlanned.getClassSchema(),
            AdmitDialogue.getClassSchema(),
            CancelDialogue.getClassSchema(),
            RetryDialogue.getClassSchema(),
            AskModel.getClassSchema(),
            TurnAnswered.getClassSchema(),
            RequestDeferred.getClassSchema(),
            AskJudge.getClassSchema(),
            JudgementGiven.getClassSchema(),
            DialogueOpened.getClassSchema(),
            StepSettled.getClassSchema(),
            JudgementSettled.getClassSchema(),
            DialogueClosed.getClassSchema(),
            DialogueRegistered.getClassSchema(),
            DialogueFinished.getClassSchema(),
            RunFaultReported.getClassSchema(),
            JudgementSetRequested.getClassSchema(),
            JudgementSetRefused.getClassSchema(),
            JudgementSetOpened.getClassSchema(),
            JudgementSetCommanded.getClassSchema(),
            JudgementSetStateChanged.getClassSchema(),
            TranscriptReplayed.getClassSchema(),
            TranscriptsReplayed.getClassSchema(),
            AdmitJudgement.getClassSchema(),
            CancelJudgement.getClassSchema(),
            JudgementRegistered.getClassSchema(),
            JudgementFinished.getClassSchema(),
            ScoreRow.getClassSchema(),
            ScoreCell.getClassSchema(),
            AskLease.getClassSchema(),
            LeaseGranted.getClassSchema(),
            CallPaidAgain.getClassSchema(),
            RepeatsCounted.getClassSchema());

    private static final Map<String, Schema> BY_NAME = SCHEMAS.stream()
            .collect(Collectors.toUnmodifiableMap(Schema::getFullName, Function.identity()));

    private EventTypes() {}

    /// Their schemas, in the order in which they are registered.
    public static List<Schema> schemas() {
        return SCHEMAS;
    }

    /// The schema this code knows under a full name, or null.
    public static @Nullable Schema byName(String fullName) {
        return BY_NAME.get(fullName);
    }

    /// The `meta` field that every event has.
    public static EventMeta metaOf(SpecificRecord event) {
        Schema.Field field = event.getSchema().getField("meta");
        if (field == null) {
            throw new IllegalArgumentException(event.getSchema().getFullName() + " has no meta: it is not an event");
        }
        return (EventMeta) event.get(field.pos());
    }

    /// The `requestId` of a request, answer, deferral or settled step; null for other events.
    public static @Nullable String requestIdOf(SpecificRecord event) {
        Schema.Field field = event.getSchema().getField("requestId");
        return field == null ? null : (String) event.get(field.pos());
    }

    /// The metadata of an event that `cause` brought about.
    public static EventMeta causedBy(SpecificRecord cause, String eventId, long occurredAtMillis) {
        return new EventMeta(eventId, metaOf(cause).getEventId(), EventDigests.of(cause), occurredAtMillis);
    }
}
