package io.turnstream.dispatch;

import io.turnstream.contracts.JudgementSetRequested;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.TranscriptsReplayed;
import io.turnstream.contracts.state.JudgementSetProgress;
import io.turnstream.contracts.state.RunProgress;
import io.turnstream.events.Ids;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What happens next to a judgement set. Pure.
///
/// ```
///  requested ─► refused
///          └──► PLANNING ─► RUNNING ⇄ PAUSED, HALTED
///               (transcripts   └─► COMPLETED | INCOMPLETE | CANCELLED     every dialogue of the run is done
///                are read)  └────► FAILED                                 they cannot be judged
///  ended: requested again with `onlyUnscored` ─► PLANNING;  not ended: ─► goes on
/// ```
///
/// A set is completed, never overwritten: a second request for it must ask for what is missing, and what it is named
/// after cannot change.
final class JudgementSetMachine {

    private JudgementSetMachine() {}

    /// Why a request is not carried out; empty where it is.
    ///
    /// @param run null where the run controller does not know it: a run that was brought in, or whose state is lost.
    ///     What cannot be told then is told by whoever reads its transcripts
    /// @param set null where it is not known
    static Optional<String> refusal(JudgementSetRequested requested, @Nullable RunProgress run,
            @Nullable JudgementSetProgress set) {
        String setId = requested.getSpec().getJudgementSetId();
        String expected = Ids.judgementSetId(requested.getRunId(), requested.getSpec());
        if (!expected.equals(setId)) {
            return Optional.of("a judge with these properties completes the set " + expected + ", not " + setId);
        }
        if (requested.getWindow() < 1) {
            return Optional.of("the window must be 1 or more, not " + requested.getWindow());
        }
        Optional<String> stranger = requested.getDialogueIds().stream()
                .filter(dialogueId -> !dialogueId.startsWith(requested.getRunId() + '/')).findFirst();
        if (stranger.isPresent()) {
            return Optional.of("the dialogue " + stranger.get() + " is not one of this run");
        }
        if (run != null && run.getState() == RunState.FAILED) {
            return Optional.of("the run could not be planned: it has nothing to judge");
        }
        if (run != null && (!RunMachine.isFinal(run.getState()) || run.getOpen() > 0)) {
            return Optional
                    .of("the run is still " + Ids.wireName(run.getState()) + ": judge it again when it has ended");
        }
        if (set != null && isActive(set)) {
            return goesOn(requested, set)
                    ? Optional.empty()
                    : Optional.of("the set " + setId + " is being "
                            + (set.getState() == RunState.CANCELLED
                                    ? "cancelled: wait for that"
                                    : "judged: ask for what is unscored in it to go on with it, or cancel it"));
        }
        boolean exists = set != null && set.getSeals() > 0 || run != null && setId.equals(run.getJudgementSetId());
        return run == null && set == null ? Optional.empty() : mismatch(requested.getOnlyUnscored(), exists, setId);
    }

    /// Whether a request goes on with a set that is still being judged, or stands still, rather than beginning another
    /// round of it.
    static boolean goesOn(JudgementSetRequested requested, @Nullable JudgementSetProgress set) {
        return set != null && isActive(set) && requested.getOnlyUnscored() && set.getState() != RunState.CANCELLED;
    }

    /// Why what is asked for does not fit what is there; empty where it does.
    ///
    /// @param exists whether the set has verdicts already
    static Optional<String> mismatch(boolean onlyUnscored, boolean exists, String setId) {
        if (exists && !onlyUnscored) {
            return Optional.of("the set " + setId
                    + " exists, and a set is never overwritten: ask for what is unscored in it, or for a replicate");
        }
        return !exists && onlyUnscored
                ? Optional.of("there is no set " + setId + " of exactly this judge to complete: ask for a new one")
                : Optional.empty();
    }

    /// Whether something is still being done for the set.
    static boolean isActive(JudgementSetProgress set) {
        return !set.getEnded();
    }

    /// How many more verdicts may be asked for now.
    static int vacancies(JudgementSetProgress set) {
        return RunMachine.isRunning(set.getState()) && knowsWhatIsSpent(set)
                ? Math.max(0, set.getWindow() - set.getOpen())
                : 0;
    }

    /// Whether a cost limit can be held: what earlier verdicts cost arrives with the transcripts.
    private static boolean knowsWhatIsSpent(JudgementSetProgress set) {
        return set.getBudget().getLimitNanoUsd() == null
                || set.getPlanned() != null && set.getKnown() >= set.getPlanned();
    }

    /// The state a command leads to; null where it changes nothing.
    static @Nullable RunState commanded(JudgementSetProgress set, RunCommand command) {
        return switch (command) {
            case PAUSE -> RunMachine.isRunning(set.getState()) ? RunState.PAUSED : null;
            case RESUME -> set.getState() == RunState.PAUSED || set.getState() == RunState.HALTED ? working(set) : null;
            case CANCEL -> RunMachine.isFinal(set.getState()) ? null : RunState.CANCELLED;
            case RETRY, UNKNOWN -> null;
        };
    }

    /// The state that transcripts which cannot be judged lead to: a set that has verdicts keeps them.
    static RunState failed(JudgementSetProgress set, TranscriptsReplayed replayed) {
        return Math.max(set.getSeals(), replayed.getSeals()) > 0 ? RunState.INCOMPLETE : RunState.FAILED;
    }

    /// The state that working on leads to: planning until every transcript was read.
    static RunState working(JudgementSetProgress set) {
        return set.getPlanned() == null ? RunState.PLANNING : RunState.RUNNING;
    }

    /// Whether every dialogue of the run is done, and nobody has said so yet.
    static boolean isOver(JudgementSetProgress set) {
        return !set.getEnded() && set.getPlanned() != null && set.getFinished() >= set.getPlanned()
                && set.getOpen() == 0;
    }

    /// The final state of a set that is over.
    static RunState verdict(JudgementSetProgress set) {
        if (set.getState() == RunState.CANCELLED) {
            return RunState.CANCELLED;
        }
        return RunMachine.hasFailures(set.getOutcomes()) ? RunState.INCOMPLETE : RunState.COMPLETED;
    }
}
