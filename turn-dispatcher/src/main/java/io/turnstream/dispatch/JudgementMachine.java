package io.turnstream.dispatch;

import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.TranscriptReplayed;
import io.turnstream.contracts.state.JudgementState;
import io.turnstream.contracts.state.StepStatus;
import org.jspecify.annotations.Nullable;

/// What happens next to a recorded dialogue in a judgement set. Pure.
///
/// ```
///  replayed ─► JUDGE ───────► registered ─► admitted, asked ─► settled ─► finished
///          ├─► NOT_REACHED ───────────────────────────────────► settled ─► finished
///          └─► KEEP ──────────────────────────────────────────────────────► finished
///  cancelled ─► what had an outcome before keeps it; what had none is settled as cancelled
/// ```
///
/// Nothing here asks the model under test.
final class JudgementMachine {

    /// What is to be done.
    sealed interface Action {

        /// It was done before.
        record Nothing() implements Action {}

        /// Wait to be admitted.
        record Register() implements Action {}

        /// Ask the judge.
        record Ask() implements Action {}

        /// Accept an outcome that no judge was asked for.
        record Settle(Outcome outcome) implements Action {}

        /// Report that the set has all it gets of this dialogue in this round.
        record Finish() implements Action {}
    }

    private JudgementMachine() {}

    /// What follows from a transcript.
    ///
    /// @param known what is known of this dialogue in this set; null for nothing
    static Action replayed(@Nullable JudgementState known, TranscriptReplayed transcript) {
        if (known != null && known.getTranscript().getRound() >= transcript.getRound()) {
            return new Action.Nothing();
        }
        return switch (transcript.getNeed()) {
            case JUDGE -> new Action.Register();
            case NOT_REACHED -> new Action.Settle(Outcome.NOT_REACHED);
            case KEEP, UNKNOWN -> new Action.Finish();
        };
    }

    /// What follows from letting it in.
    static Action admitted(@Nullable JudgementState known, long round) {
        return isOf(known, round) && known.getStatus() == StepStatus.WAITING ? new Action.Ask() : new Action.Nothing();
    }

    /// What follows from cancelling.
    static Action cancelled(@Nullable JudgementState known, long round) {
        if (!isOf(known, round) || known.getStatus() == StepStatus.SETTLED) {
            return new Action.Nothing();
        }
        return known.getTranscript().getOutcome() == null ? new Action.Settle(Outcome.CANCELLED) : new Action.Finish();
    }

    /// Whether a verdict of this generation is the one that is waited for.
    static boolean isAwaited(@Nullable JudgementState known, int generation) {
        return known != null && known.getStatus() == StepStatus.ASKED
                && known.getTranscript().getGeneration() == generation;
    }

    private static boolean isOf(@Nullable JudgementState known, long round) {
        return known != null && known.getTranscript().getRound() == round;
    }
}
