package io.turnstream.dispatch;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.JudgementFinished;
import io.turnstream.contracts.JudgementRegistered;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.TranscriptReplayed;
import io.turnstream.dispatch.DialogueEvents.Cause;
import io.turnstream.events.Ids;
import org.jspecify.annotations.Nullable;

/// The events of one recorded dialogue in a judgement set, made from its transcript. Their ids follow from what they
/// are about.
final class JudgementEvents {

    private final TranscriptReplayed transcript;
    private final JudgementSpec spec;
    private final Cause cause;

    JudgementEvents(TranscriptReplayed transcript, Cause cause) {
        this.transcript = transcript;
        this.spec = transcript.getSpec();
        this.cause = cause;
    }

    JudgementRegistered registered() {
        return new JudgementRegistered(cause.of(name() + "/registered/" + transcript.getRound()), runId(), dialogueId(),
                transcript.getOrdinal(), spec.getJudgementSetId(), transcript.getRound(),
                WorstCase.ofVerdict(transcript), transcript.getCostNanoUsd());
    }

    /// The request for a verdict.
    ///
    /// @param send 1.., how often it is sent
    /// @param halts how often the set was halted when it was handed back
    AskJudge ask(int send, int halts) {
        return new AskJudge(cause.of(requestId() + '/' + send), requestId(), transcript.getSubject(),
                transcript.getGeneration(),
                spec.getJudgementSetId(), spec.getJudge(), spec.getParameters(), spec.getLimits(),
                spec.getProtocolDigest(),
                transcript.getCaption(), transcript.getExchanges(), transcript.getRound(), halts);
    }

    JudgementSettled settled(int sequence, Outcome outcome, @Nullable Integer score, @Nullable Answer answer) {
        return new JudgementSettled(cause.of(dialogueId() + '#' + sequence), transcript.getSubject(), sequence,
                requestId(),
                spec.getJudgementSetId(), spec.getJudge(), transcript.getGeneration(), outcome, score, answer);
    }

    /// What the set has of the dialogue, by the transcript.
    JudgementFinished finished() {
        return new JudgementFinished(cause.of(name() + "/finished/" + transcript.getRound()), runId(), dialogueId(),
                transcript.getOrdinal(), spec.getJudgementSetId(), transcript.getRound(), transcript.getOutcome(),
                transcript.getLeaves(),
                transcript.getCostNanoUsd(), transcript.getUnpricedCalls(), transcript.getUsage());
    }

    String requestId() {
        return Ids.judgeRequestId(dialogueId(), transcript.getGeneration(), spec.getJudgementSetId());
    }

    private String name() {
        return Ids.judgementRowId(dialogueId(), spec.getJudgementSetId());
    }

    private String dialogueId() {
        return transcript.getSubject().getDialogueId();
    }

    private String runId() {
        return transcript.getSubject().getRunId();
    }
}
