package io.turnstream.audit;

import io.turnstream.audit.Difference.Kind;
import io.turnstream.contracts.DialogueFinished;
import io.turnstream.contracts.DialogueRegistered;
import io.turnstream.contracts.JudgementFinished;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.TranscriptsReplayed;
import io.turnstream.events.Costs;
import io.turnstream.events.EventDigests;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the run's own events say, before any dialogue is looked at.
final class RunAudit {

    /// A seal and the record it stands in.
    record Sealed(LoggedEvent event, RunSealed seal) {}

    private final Claims claims;
    private final Causes causes;
    private final Tally tally;
    private final Accounts accounts = new Accounts();
    private final List<Sealed> seals = new ArrayList<>();
    private final Map<String, LoggedEvent> setStates = new TreeMap<>();
    private final Set<String> failedReplays = new HashSet<>();
    private @Nullable LoggedEvent lastState;
    private @Nullable LoggedEvent planned;
    private @Nullable LoggedEvent requested;
    private @Nullable LoggedEvent lastRecord;
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
        if (requested == null) {
            events.read(Topics.RUNS, first -> {
                throw new DifferenceFound(Kind.MISSING, first.place(), "the run's first event is missing",
                        "a RunRequested", first.type());
            });
        }
    }

    private void take(LoggedEvent event) {
        CommittedTexts.check(event, tally);
        causes.addOfRun(event);
        if (event.topic() == Topics.RUNS) {
            lastRecord = event;
            accounts.take(event);
        }
        imported |= EventHeaders.isImported(event.headers());
        switch (event.event()) {
            case RunRequested first -> {
                checkExpectations(event, first);
                checkOnlyRequest(event);
                requested = requested == null ? event : requested;
            }
            case RunSealed seal -> seals.add(new Sealed(event, seal));
            case RunStateChanged changed -> {
                checkNumber(event, changed);
                lastState = event;
            }
            case RunPlanned whole -> planned = planned == null ? event : planned;
            case DialogueRegistered registered -> claims.register(registered.getDialogueId());
            case JudgementFinished finished -> claims.add(event, finished);
            case JudgementSetStateChanged changed -> setStates.put(changed.getJudgementSetId(), event);
            case TranscriptsReplayed replayed when replayed.getProblem() != null ->
                failedReplays.add(replayed.getMeta().getEventId());
            case DialogueFinished finished -> claims.add(event, finished);
            default -> {
                /* nothing that is added up */ }
        }
    }

    private static void checkExpectations(LoggedEvent event, RunRequested first) {
        if (first.getExpectations() == null) {
            return;
        }
        String stated = EventDigests.sha256Hex(first.getExpectations());
        if (!stated.equals(first.getExpectDigest())) {
            throw new DifferenceFound(Kind.CONTRADICTION, event.place(),
                    "the digest of what was stated beforehand is not that of the statement beside it", stated,
                    String.valueOf(first.getExpectDigest()));
        }
    }

    /// A run is asked for once. What a producer wrote twice is the same event.
    private void checkOnlyRequest(LoggedEvent event) {
        LoggedEvent first = requested;
        if (first != null && !event.digest().equals(first.digest())) {
            throw new DifferenceFound(Kind.ADDED, event.place(),
                    "a second request for the run says something else than the first", first.digest(), event.digest());
        }
    }

    private void checkNumber(LoggedEvent event, RunStateChanged changed) {
        long before = lastState == null ? 0 : ((RunStateChanged) lastState.event()).getVersion();
        if (changed.getVersion() != before + 1) {
            throw new DifferenceFound(Kind.MISSING, event.place(),
                    "the run's states are not numbered one after the other", "version " + (before + 1),
                    "version " + changed.getVersion());
        }
    }

    /// Which run this is, as far as its events were read.
    AuditedRun described(String runId) {
        return AuditedRun.of(runId, state().name(), requested == null ? null : (RunRequested) requested.event(),
                planned == null ? null : (RunPlanned) planned.event());
    }

    /// The last of the run's own records: what proves that something is missing behind it.
    Place lastPlace() {
        return lastRecord == null ? new Place(Topics.RUNS.topicName(), 0, 0) : lastRecord.place();
    }

    /// What else somebody should know who relies on the run.
    List<String> notes(@Nullable Difference difference, Expected expected, List<CheckedSeal> checked) {
        List<String> notes = new ArrayList<>();
        if (imported) {
            notes.add("the run was brought in from another installation; places are those of this one");
        }
        if (seals.isEmpty()) {
            notes.add("the run is not sealed: state " + state());
        } else if (difference == null && expected.publicKey() == null && expected.root() == null) {
            notes.add(
                    "the seals were compared with nothing from elsewhere: whoever can rewrite the whole log can also seal it anew, "
                            + "so keep a root and pass it with --root, or sign seals and pass the operator's key with --public-key");
        }
        long withheld = tally.counts().getOrDefault(Tally.WITHHELD, 0L);
        if (withheld > 0) {
            notes.add(withheld + " texts are withheld" + (tally.isWithheldByMark()
                    ? ": the records are marked redacted, and hold the texts' commitments alone"
                    : ": the run was brought in by an earlier version, which did not mark what was redacted"));
        }
        if (difference == null) {
            SealNotes.add(notes, checked, expected);
        }
        return notes;
    }

    Accounts accounts() {
        return accounts;
    }

    List<Sealed> seals() {
        return seals;
    }

    RunState state() {
        return lastState == null ? RunState.UNKNOWN : ((RunStateChanged) lastState.event()).getState();
    }

    /// Whether the run has come to its end: everything it accepted is then sealed.
    boolean isOver() {
        return switch (state()) {
            case COMPLETED, INCOMPLETE -> true;
            case CANCELLED ->
                lastState != null && seals.stream().anyMatch(sealed -> sealed.event().offset() < lastState.offset());
            case PLANNING, RUNNING, PAUSED, HALTED, FAILED, UNKNOWN -> false;
        };
    }

    /// Checks that the run ended with a seal, and that its final counts are those of its dialogues.
    void checkEnd() {
        LoggedEvent last = lastState;
        long lastWord = Math.max(last == null ? -1 : last.offset(),
                setStates.values().stream().mapToLong(LoggedEvent::offset).max().orElse(-1));
        if (!seals.isEmpty() && lastWord < seals.getLast().event().offset()) {
            throw new DifferenceFound(Kind.MISSING, seals.getLast().event().place(),
                    "the state that follows this seal is missing",
                    "a RunStateChanged or JudgementSetStateChanged behind it", "none");
        }
        if (last == null || !isOver()) {
            return;
        }
        if (planned == null) {
            throw new DifferenceFound(Kind.MISSING, last.place(), "the run has ended, but its plan is missing",
                    "a RunPlanned before it", "none");
        }
        RunPlanned plan = (RunPlanned) planned.event();
        boolean byVerdicts = causes.findOfRun(String.valueOf(last.meta().getCauseId())).stream()
                .anyMatch(cause -> cause.type().equals(JudgementSetStateChanged.class.getSimpleName()));
        if (!byVerdicts || accountedBefore(last, null)) {
            requireSeal(last, null);
        }
        if (!byVerdicts && plan.getJudgementSetId() != null) {
            requireSeal(last, plan.getJudgementSetId());
        }
        checkTotals(last, plan);
        setStates.values().forEach(this::checkSetEnd);
    }

    private void checkTotals(LoggedEvent last, RunPlanned plan) {
        RunStateChanged end = (RunStateChanged) last.event();
        EventIndex.Known told = causes.toldBefore(last.meta().getCauseId());
        Predicate<Claims.Claim> until = told == null
                ? claim -> true
                : claim -> claim.place().partition() == told.partition() && claim.place().offset() <= told.offset();
        List<Claims.Claim> ended = claims.last(null, until);
        if (plan.getDialogues() != ended.size()) {
            throw new DifferenceFound(Kind.CONTRADICTION, last.place(),
                    "the run ended when another number of dialogues had finished than were planned",
                    plan.getDialogues(), ended.size());
        }
        if (end.getDialogues() != ended.size()) {
            throw new DifferenceFound(Kind.CONTRADICTION, last.place(),
                    "the run's final count of dialogues is not that of the dialogues which finished",
                    ended.size(), end.getDialogues());
        }
        Map<StepKind, Map<Outcome, Long>> outcomes = new EnumMap<>(StepKind.class);
        ended.forEach(claim -> DialogueAccount.add(outcomes,
                claim.outcomes().stream().filter(count -> count.getKind() != StepKind.JUDGE).toList()));
        if (plan.getJudgementSetId() != null) {
            claims.last(plan.getJudgementSetId(), until)
                    .forEach(claim -> DialogueAccount.add(outcomes, claim.outcomes()));
        }
        Map<StepKind, Map<Outcome, Long>> recorded = DialogueAccount.sum(end.getOutcomes());
        if (!recorded.equals(outcomes)) {
            throw new DifferenceFound(Kind.CONTRADICTION, last.place(),
                    "the run's final outcomes are not those of its dialogues", outcomes, recorded);
        }
        long cost = cost(ended);
        if (end.getCostNanoUsd() != cost) {
            throw new DifferenceFound(Kind.CONTRADICTION, last.place(),
                    "the run's final cost is not that of its dialogues", cost, end.getCostNanoUsd());
        }
        String own = plan.getJudgementSetId();
        long judgeCost = own == null ? 0 : cost(claims.last(own, until));
        if (end.getJudgeCostNanoUsd() != judgeCost) {
            throw new DifferenceFound(Kind.CONTRADICTION, last.place(),
                    "the run's final cost of its judge is not that of its verdicts", judgeCost,
                    end.getJudgeCostNanoUsd());
        }
    }

    private static long cost(List<Claims.Claim> claims) {
        return claims.stream().mapToLong(Claims.Claim::costNanoUsd).reduce(0, Costs::plus);
    }

    /// Checks that the verdicts of a set that was asked for later, and their cost, are those it was told of, and that
    /// it was sealed.
    private void checkSetEnd(LoggedEvent last) {
        JudgementSetStateChanged end = (JudgementSetStateChanged) last.event();
        if (!isOver(end.getState())) {
            return;
        }
        Collection<JudgementFinished> finished = claims.finishedIn(end.getJudgementSetId(), end.getRound());
        Map<Outcome, Long> verdicts = new EnumMap<>(Outcome.class);
        finished.stream().map(JudgementFinished::getOutcome).filter(Objects::nonNull)
                .forEach(outcome -> verdicts.merge(outcome, 1L, Long::sum));
        Map<Outcome, Long> recorded = DialogueAccount.sum(end.getOutcomes()).getOrDefault(StepKind.JUDGE, Map.of());
        if (!recorded.equals(verdicts)) {
            throw new DifferenceFound(Kind.CONTRADICTION, last.place(),
                    "the final outcomes of judgement set " + end.getJudgementSetId() + " are not those of its verdicts",
                    verdicts, recorded);
        }
        if (!saysThatTranscriptsFailed(last)) {
            checkSetTotals(last, end, finished);
        }
        if (seals.stream().noneMatch(sealed -> end.getJudgementSetId().equals(sealed.seal().getJudgementSetId()))) {
            throw new DifferenceFound(Kind.MISSING, last.place(),
                    "judgement set " + end.getJudgementSetId() + " has ended, but its seal is missing",
                    "a RunSealed before it", "none");
        }
        // A later version seals every end of a set, with what was paid for it; an earlier one only what had no seal
        // yet.
        if (accountedBefore(last, end.getJudgementSetId()) && !saysThatTranscriptsFailed(last)) {
            requireSeal(last, end.getJudgementSetId());
        }
    }

    private static void checkSetTotals(LoggedEvent last, JudgementSetStateChanged end,
            Collection<JudgementFinished> finished) {
        if (end.getDialogues() != finished.size()) {
            throw new DifferenceFound(Kind.CONTRADICTION, last.place(),
                    "the final count of dialogues of judgement set " + end.getJudgementSetId()
                            + " is not that of those it was told of",
                    finished.size(), end.getDialogues());
        }
        long cost = finished.stream().mapToLong(JudgementFinished::getCostNanoUsd).reduce(0, Costs::plus);
        if (end.getJudgeCostNanoUsd() != cost) {
            throw new DifferenceFound(Kind.CONTRADICTION, last.place(),
                    "the final cost of judgement set " + end.getJudgementSetId()
                            + " is not that of its verdicts",
                    cost, end.getJudgeCostNanoUsd());
        }
    }

    /// Whether a seal of turns and questions, or of a set, before an event covers more than what was accepted.
    private boolean accountedBefore(LoggedEvent event, @Nullable String judgementSetId) {
        return seals.stream()
                .anyMatch(sealed -> sealed.event().offset() < event.offset() && sealed.seal().getAccount() != null
                        && Objects.equals(sealed.seal().getJudgementSetId(), judgementSetId));
    }

    /// Where transcripts cannot be judged, a set keeps its verdicts and its seal.
    private boolean saysThatTranscriptsFailed(LoggedEvent end) {
        return failedReplays.contains(String.valueOf(end.meta().getCauseId()));
    }

    /// The judgement sets that have come to their end, of which everything accepted is sealed: the run's own, and those
    /// asked for later.
    List<String> finishedSets() {
        Set<String> finished = new TreeSet<>();
        if (planned != null && isOver() && ((RunPlanned) planned.event()).getJudgementSetId() instanceof String own) {
            finished.add(own);
        }
        setStates.forEach((set, state) -> {
            if (isOver(((JudgementSetStateChanged) state.event()).getState())) {
                finished.add(set);
            } else {
                finished.remove(set);
            }
        });
        return List.copyOf(finished);
    }

    private static boolean isOver(RunState state) {
        return state == RunState.COMPLETED || state == RunState.INCOMPLETE;
    }

    /// What ends a run also seals it, in one transaction.
    private void requireSeal(LoggedEvent end, @Nullable String judgementSetId) {
        String cause = end.meta().getCauseId();
        boolean sealed = seals.stream().anyMatch(seal -> Objects.equals(seal.seal().getJudgementSetId(), judgementSetId)
                && Objects.equals(seal.seal().getMeta().getCauseId(), cause));
        if (!sealed) {
            throw new DifferenceFound(Kind.MISSING, end.place(), "the run has ended, but its seal"
                    + (judgementSetId == null ? "" : " over judgement set " + judgementSetId)
                    + " is missing", "a RunSealed before it, caused by " + cause, "none");
        }
    }
}
