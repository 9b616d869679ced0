package io.turnstream.audit;

import io.turnstream.contracts.DialogueFinished;
import io.turnstream.contracts.DialogueRegistered;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.Topics;
import io.turnstream.messaging.EventHeaders;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the run's own events say, before any dialogue is looked at.
final class RunAudit {

    /// A seal and the record it stands in.
    record Sealed(LoggedEvent event, RunSealed seal) {}

    private final Claims claims;
    private final Causes causes;
    private final Tally tally;
    private final List<Sealed> seals = new ArrayList<>();
    private @Nullable LoggedEvent lastState;
    private @Nullable LoggedEvent planned;
    private boolean requested;
    private boolean imported;

    RunAudit(Claims claims, Causes causes, Tally tally) {
        this.claims = claims;
        this.causes = causes;
        this.tally = tally;
    }

    /// Reads the run's own events and checks what can be checked without its dialogues.
    void check(RunEvents events) {
        for (Topics topic : RunEvents.BY_RUN) {
            events.read(topic, this::take);
        }
        causes.checkOfRun();
        if (!requested) {
            events.read(Topics.RUNS, first -> {
                throw new DifferenceFound(first.place(), "the run's first event is missing", "a RunRequested", first.type());
            });
        }
    }

    private void take(LoggedEvent event) {
        CommittedTexts.check(event, tally);
        causes.addOfRun(event);
        imported |= EventHeaders.isImported(event.headers());
        switch (event.event()) {
            case RunRequested first -> requested = true;
            case RunSealed seal -> seals.add(new Sealed(event, seal));
            case RunStateChanged changed -> {
                checkNumber(event, changed);
                lastState = event;
            }
            case RunPlanned whole -> planned = planned == null ? event : planned;
            case DialogueRegistered registered -> claims.register(registered.getDialogueId());
            case DialogueFinished finished -> claims.add(event, finished);
            default -> { /* nothing that is added up */ }
        }
    }

    private void checkNumber(LoggedEvent event, RunStateChanged changed) {
        long before = lastState == null ? 0 : ((RunStateChanged) lastState.event()).getVersion();
        if (changed.getVersion() != before + 1) {
            throw new DifferenceFound(event.place(), "the run's states are not numbered one after the other", "version " + (before + 1),
                    "version " + changed.getVersion());
        }
    }

    List<Sealed> seals() {
        return seals;
    }

    boolean isImported() {
        return imported;
    }

    RunState state() {
        return lastState == null ? RunState.UNKNOWN : ((RunStateChanged) lastState.event()).getState();
    }

    /// Whether the run has come to its end: everything it accepted is then sealed.
    boolean isOver() {
        return switch (state()) {
            case COMPLETED, INCOMPLETE -> true;
            case CANCELLED -> lastState != null && seals.stream().anyMatch(sealed -> sealed.event().offset() < lastState.offset());
            case PLANNING, RUNNING, PAUSED, HALTED, FAILED, UNKNOWN -> false;
        };
    }

    /// Checks that the run ended with a seal, and that its final counts are those of its dialogues.
    void checkEnd() {
        LoggedEvent last = lastState;
        if (!seals.isEmpty() && (last == null || last.offset() < seals.getLast().event().offset())) {
            LoggedEvent seal = seals.getLast().event();
            throw new DifferenceFound(seal.place(), "the state that follows this seal is missing", "a RunStateChanged behind it", "none");
        }
        if (last == null || !isOver()) {
            return;
        }
        requireSeal(last, null);
        RunStateChanged end = (RunStateChanged) last.event();
        List<Claims.Claim> ended = claims.last(claim -> true);
        Map<StepKind, Map<Outcome, Long>> outcomes = new EnumMap<>(StepKind.class);
        ended.forEach(claim -> DialogueAccount.add(outcomes, claim.outcomes()));
        Map<StepKind, Map<Outcome, Long>> recorded = DialogueAccount.sum(end.getOutcomes());
        if (!recorded.equals(outcomes)) {
            throw new DifferenceFound(last.place(), "the run's final outcomes are not those of its dialogues", outcomes, recorded);
        }
        long cost = ended.stream().mapToLong(Claims.Claim::costNanoUsd).sum();
        if (end.getCostNanoUsd() != cost) {
            throw new DifferenceFound(last.place(), "the run's final cost is not that of its dialogues", cost, end.getCostNanoUsd());
        }
        if (planned == null) {
            throw new DifferenceFound(last.place(), "the run has ended, but its plan is missing", "a RunPlanned before it", "none");
        }
        RunPlanned plan = (RunPlanned) planned.event();
        if (plan.getJudgementSetId() != null) {
            requireSeal(last, plan.getJudgementSetId());
        }
        int dialogues = plan.getDialogues();
        if (dialogues != ended.size()) {
            throw new DifferenceFound(planned.place(), "the run's plan has another number of dialogues than finished", ended.size(), dialogues);
        }
        if (end.getDialogues() != ended.size()) {
            throw new DifferenceFound(last.place(), "the run's final count of dialogues is not that of the dialogues which finished",
                    ended.size(), end.getDialogues());
        }
    }

    /// What ends a run also seals it, in one transaction.
    private void requireSeal(LoggedEvent end, @Nullable String judgementSetId) {
        String cause = end.meta().getCauseId();
        boolean sealed = seals.stream().anyMatch(seal -> Objects.equals(seal.seal().getJudgementSetId(), judgementSetId)
                && Objects.equals(seal.seal().getMeta().getCauseId(), cause));
        if (!sealed) {
            throw new DifferenceFound(end.place(), "the run has ended, but its seal" + (judgementSetId == null ? "" : " over judgement set " + judgementSetId)
                    + " is missing", "a RunSealed before it, caused by " + cause, "none");
        }
    }
}
