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

/// Every topic of the platform: its name, what its key means, what it holds and how long it is kept.
///
/// Topics keyed by dialogue share one partition count, so that a dialogue's request, answer and accepted events meet in
/// the partition of the same number. Event topics have no time retention: the log is the truth.
public enum Topics {

    /// Key: runId. What was asked of a run and what became of it: [RunRequested], [RowRejected], [RunPlanned],
    /// [PlanningFailed], [RunCommanded], [RunStateChanged], [RunSealed]; and of judging it again:
    /// [JudgementSetRequested], [JudgementSetRefused], [JudgementSetOpened], [TranscriptsReplayed],
    /// [JudgementSetCommanded], [JudgementSetStateChanged].
    RUNS("turnstream.runs", Keyed.BY_RUN, Kept.FOREVER),

    /// Key: runId, or `runId/judgementSetId` for a set that was asked for later. Latest [RunControl] of each, read in
    /// full by every worker.
    RUN_CONTROL("turnstream.run-control", Keyed.SINGLE, Kept.LATEST),

    /// Key: pack digest. [ProtocolPackPublished], read in full by whoever renders or parses.
    PROTOCOL_PACKS("turnstream.protocol-packs", Keyed.SINGLE, Kept.LATEST),

    /// Key: full schema name and fingerprint. Registry id and text of each schema (JSON), so that no restarted service
    /// needs the registry.
    SCHEMAS("turnstream.schemas", Keyed.SINGLE, Kept.LATEST),

    /// Key: dialogueId. [DialoguePlanned].
    DIALOGUES("turnstream.dialogues", Keyed.BY_DIALOGUE, Kept.FOREVER),

    /// Key: dialogueId. [AdmitDialogue], [CancelDialogue], [RetryDialogue], [AdmitJudgement], [CancelJudgement] from
    /// the run controller to the dialogues, and [TranscriptReplayed] from the log.
    DIALOGUE_COMMANDS("turnstream.dialogue-commands", Keyed.BY_DIALOGUE, Kept.FOREVER),

    /// Key: dialogueId. [AskModel].
    TURN_REQUESTS("turnstream.turn-requests", Keyed.BY_DIALOGUE, Kept.FOREVER),

    /// Key: dialogueId. [TurnAnswered], [RequestDeferred]; at least once.
    TURN_ANSWERS("turnstream.turn-answers", Keyed.BY_DIALOGUE, Kept.FOREVER),

    /// Key: dialogueId. [AskJudge].
    JUDGE_REQUESTS("turnstream.judge-requests", Keyed.BY_DIALOGUE, Kept.FOREVER),

    /// Key: dialogueId. [JudgementGiven], [RequestDeferred]; at least once.
    JUDGEMENTS("turnstream.judgements", Keyed.BY_DIALOGUE, Kept.FOREVER),

    /// Key: dialogueId. What was accepted, exactly once and in order: [DialogueOpened], [StepSettled],
    /// [JudgementSettled], [DialogueClosed]. Everything downstream reads this.
    DIALOGUE_EVENTS("turnstream.dialogue-events", Keyed.BY_DIALOGUE, Kept.FOREVER),

    /// Key: runId. [DialogueRegistered], [DialogueFinished], [JudgementRegistered], [JudgementFinished],
    /// [RunFaultReported], [CallPaidAgain] from the dialogues to the run controller.
    DIALOGUE_PROGRESS("turnstream.dialogue-progress", Keyed.BY_RUN, Kept.FOREVER),

    /// Key: rowId. Latest [ScoreRow] of each settled step.
    SCORE_ROWS("turnstream.score-rows", Keyed.BY_DIALOGUE, Kept.LATEST),

    /// Key: cellId. Latest [ScoreCell] of each group.
    SCORE_CELLS("turnstream.score-cells", Keyed.BY_DIALOGUE, Kept.LATEST),

    /// Key: quota group. [AskLease] from workers that call under a quota; nothing where there is none. Its times are
    /// the broker's.
    QUOTA_ASKS("turnstream.quota-asks", Keyed.SINGLE, Kept.FOR_AN_HOUR),

    /// Key: quota group. [LeaseGranted], read by every worker that calls under a quota.
    QUOTA_LEASES("turnstream.quota-leases", Keyed.SINGLE, Kept.FOR_AN_HOUR),

    /// Key: that of the record. Records no service could read or handle, unchanged, with the reason in headers.
    DEAD_LETTERS("turnstream.dead-letters", Keyed.SINGLE, Kept.FOREVER);

    /// What decides how many partitions a topic has.
    public enum Keyed {
        /// As many as the deployment spreads dialogues over.
        BY_DIALOGUE,
        /// As many as the deployment spreads runs over.
        BY_RUN,
        /// One: read in full, in order, by every process.
        SINGLE
    }

    /// How long records are kept.
    public enum Kept {
        /// No retention by time or size.
        FOREVER,
        /// Compacted: the latest of each key.
        LATEST,
        /// For about an hour: what is older means nothing to anybody.
        FOR_AN_HOUR
    }

    private final String topicName;
    private final Keyed keyed;
    private final Kept kept;

    Topics(String topicName, Keyed keyed, Kept kept) {
        this.topicName = topicName;
        this.keyed = keyed;
        this.kept = kept;
    }

    public String topicName() {
        return topicName;
    }

    public Keyed keyed() {
        return keyed;
    }

    public Kept kept() {
        return kept;
    }

    /// The Kafka topic configuration that follows from how the topic is kept.
    public List<String[]> settings() {
        return switch (kept) {
            case FOREVER -> List.of(new String[] {"cleanup.policy", "delete"}, new String[] {"retention.ms", "-1"},
                    new String[] {"retention.bytes", "-1"});
            case LATEST -> List.<String[]>of(new String[] {"cleanup.policy", "compact"});
            case FOR_AN_HOUR ->
                List.of(new String[] {"cleanup.policy", "delete"}, new String[] {"retention.ms", "3600000"},
                        new String[] {"segment.ms", "900000"});
        };
    }
}
