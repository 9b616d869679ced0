package io.turnstream.audit;

import io.turnstream.audit.Claims.Claim;
import io.turnstream.audit.Difference.Kind;
import io.turnstream.audit.EventIndex.Known;
import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.DialogueOpened;
import io.turnstream.contracts.DialoguePlanned;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.RequestDeferred;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.EventDigests;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Checks the dialogues of one partition: what was planned, asked, answered and accepted stands in partitions of the
/// same number.
final class PartitionAudit {

    private final Claims claims;
    private final Causes causes;
    private final Tally tally;
    private final EventIndex index = new EventIndex();
    private final Answers answers = new Answers();
    private final Map<String, String> firstPlans = new HashMap<>();
    private final Map<String, DialogueAccount> accounts = new LinkedHashMap<>();
    private final List<Known> accepted = new ArrayList<>();
    private final List<Known> others = new ArrayList<>();
    private @Nullable Suspicion suspicion;

    /// An accepted event that is not what was told the run controller when the dialogue finished: either has changed,
    /// and the seal tells which.
    record Suspicion(Place accepted, Place claim, String digest, String claimed) {}

    PartitionAudit(Claims claims, Causes causes, Tally tally) {
        this.claims = claims;
        this.causes = causes;
        this.tally = tally;
    }

    /// Reads and checks a partition.
    ///
    /// @param which keys of the dialogues to check
    /// @throws DifferenceFound at the first difference
    void check(RunEvents events, int partition, Predicate<String> which) {
        for (Topics topic : RunEvents.BY_DIALOGUE) {
            events.read(topic, partition, event -> {
                if (which.test(event.key())) {
                    take(event);
                }
            });
        }
        causes.checkPartition(index, accepted, others);
        accounts.values().forEach(this::checkFinished);
        answers.list(tally);
    }

    Map<String, DialogueAccount> accounts() {
        return accounts;
    }

    @Nullable
    Suspicion suspicion() {
        return suspicion;
    }

    private void take(LoggedEvent event) {
        CommittedTexts.check(event, tally);
        Known known = index.add(event);
        switch (event.event()) {
            case TurnAnswered answered -> {
                tally.count(Tally.ANSWERS);
                answers.add(event, answered);
            }
            case JudgementGiven given -> {
                tally.count(Tally.ANSWERS);
                answers.add(event, given);
            }
            case RequestDeferred deferred -> tally.count(Tally.DEFERRALS);
            case DialoguePlanned planned -> {
                firstPlans.putIfAbsent(event.key(), EventDigests.of(planned.getPlan()));
                others.add(known);
            }
            default -> {
                if (event.topic() == Topics.DIALOGUE_EVENTS) {
                    accept(event);
                    accepted.add(known);
                } else {
                    others.add(known);
                }
            }
        }
    }

    private void accept(LoggedEvent event) {
        tally.count(Tally.ACCEPTED);
        DialogueAccount account = accounts.computeIfAbsent(event.key(), DialogueAccount::new);
        switch (event.event()) {
            case DialogueOpened opened -> {
                require(event, opened.getPlan().getSubject().getDialogueId(), opened.getSequence(), account);
                checkPlan(event, opened);
                account.open(opened.getPlan().getJudgementSetId());
                add(account.leaves(), event, opened.getSequence(), "plan", account);
                account.next(false);
            }
            case StepSettled settled -> {
                require(event, settled.getSubject().getDialogueId(), settled.getSequence(), account);
                add(account.leaves(), event, settled.getSequence(), settled.getStep().getName(), account);
                if (settled.getAnswer() != null) {
                    answers.accept(event, settled.getMeta(), settled.getRequestId(), settled.getOutcome(), null,
                            settled.getAnswer());
                }
                account.settle(settled.getStep().getName(), settled.getStep().getKind(), settled.getOutcome(),
                        settled.getAnswer());
                account.next(false);
            }
            case JudgementSettled settled -> {
                require(event, settled.getSubject().getDialogueId(), settled.getSequence(), account);
                Leaf leaf = leaf(event, settled.getSequence(), Ids.JUDGE);
                account.judge(settled.getJudgementSetId(), leaf, settled.getOutcome(), settled.getAnswer());
                suspect(leaf, account.judgements().getOrDefault(settled.getJudgementSetId(), List.of()),
                        claims.last(settled.getJudgementSetId(), event.key()));
                if (settled.getAnswer() != null) {
                    answers.accept(event, settled.getMeta(), settled.getRequestId(), settled.getOutcome(),
                            settled.getScore(),
                            settled.getAnswer());
                }
                account.next(account.isClosed());
            }
            case DialogueClosed closed -> {
                require(event, closed.getSubject().getDialogueId(), closed.getSequence(), account);
                var recorded = DialogueAccount.sum(closed.getOutcomes());
                if (!recorded.equals(account.outcomes())) {
                    throw new DifferenceFound(Kind.CONTRADICTION, event.place(),
                            "the outcomes in this DialogueClosed are not those of the dialogue's steps",
                            account.outcomes(), recorded);
                }
                account.next(true);
            }
            default ->
                throw new DifferenceFound(Kind.ADDED, event.place(), "a " + event.type() + " is no accepted event",
                        "DialogueOpened, StepSettled, JudgementSettled or DialogueClosed", event.type());
        }
    }

    private static void require(LoggedEvent event, String dialogueId, int sequence, DialogueAccount account) {
        if (!event.key().equals(dialogueId)) {
            throw new DifferenceFound(Kind.CONTRADICTION, event.place(),
                    "this " + event.type() + " stands under the key of another dialogue", dialogueId, event.key());
        }
        if (sequence != account.nextSequence()) {
            throw new DifferenceFound(sequence < account.nextSequence() ? Kind.ADDED : Kind.MISSING, event.place(),
                    (sequence < account.nextSequence()
                            ? "this " + event.type() + " repeats a number of "
                            : "events are missing before this " + event.type() + " of ") + dialogueId,
                    "sequence " + account.nextSequence(), "sequence " + sequence);
        }
        if (sequence == 0 != event.event() instanceof DialogueOpened) {
            throw new DifferenceFound(Kind.CONTRADICTION, event.place(),
                    "a dialogue begins with a DialogueOpened, and with no other", "DialogueOpened at sequence 0",
                    event.type() + " at sequence " + sequence);
        }
    }

    private void checkPlan(LoggedEvent event, DialogueOpened opened) {
        String plan = EventDigests.of(opened.getPlan());
        String planned = firstPlans.get(event.key());
        if (!plan.equals(planned)) {
            throw new DifferenceFound(Kind.CONTRADICTION, event.place(),
                    "the plan in this DialogueOpened is not the one in " + Topics.DIALOGUES.topicName(),
                    planned == null ? "a DialoguePlanned, which is missing" : planned, plan);
        }
    }

    private void add(List<Leaf> leaves, LoggedEvent event, int sequence, String what, DialogueAccount account) {
        Leaf leaf = leaf(event, sequence, what);
        leaves.add(leaf);
        suspect(leaf, leaves, claims.last(null, account.dialogueId()));
    }

    private static Leaf leaf(LoggedEvent event, int sequence, String what) {
        return new Leaf(event.digest(), sequence, what, event.partition(), event.offset());
    }

    private void suspect(Leaf leaf, List<Leaf> leaves, @Nullable Claim claim) {
        if (claim == null || suspicion != null || leaves.isEmpty() || leaves.getLast() != leaf) {
            return;
        }
        List<String> claimed = claim.leaves();
        int position = leaves.size() - 1;
        if (position < claimed.size() && !claimed.get(position).equals(leaf.digest())) {
            suspicion = new Suspicion(leaf.place(), claim.place(), leaf.digest(), claimed.get(position));
        }
    }

    private void checkFinished(DialogueAccount account) {
        tally.count(Tally.DIALOGUES);
        if (!claims.isRegistered(account.dialogueId())) {
            throw new DifferenceFound(Kind.MISSING, account.leaves().getFirst().place(),
                    account.dialogueId() + " was opened, but its DialogueRegistered is missing",
                    "one in " + Topics.DIALOGUE_PROGRESS.topicName(), "none");
        }
        Claim claim = claims.last(null, account.dialogueId());
        if (!account.isClosed()) {
            return;
        }
        Place last = account.leaves().getLast().place();
        if (claim == null) {
            throw new DifferenceFound(Kind.MISSING, last,
                    account.dialogueId() + " is closed, but its DialogueFinished is missing",
                    "one in " + Topics.DIALOGUE_PROGRESS.topicName(), "none");
        }
        if (claim.leaves().size() != account.leaves().size()) {
            throw new DifferenceFound(Kind.CONTRADICTION, claim.place(),
                    "this DialogueFinished names another number of accepted plan, turns and questions of "
                            + account.dialogueId(),
                    account.leaves().size(), claim.leaves().size());
        }
        if (claim.costNanoUsd() != account.costNanoUsd()) {
            throw new DifferenceFound(Kind.CONTRADICTION, claim.place(),
                    "the cost in this DialogueFinished is not that of the accepted answers of " + account.dialogueId(),
                    account.costNanoUsd(), claim.costNanoUsd());
        }
        account.judgements().forEach((set, leaves) -> checkVerdicts(account, set, leaves));
    }

    private void checkVerdicts(DialogueAccount account, String judgementSetId, List<Leaf> leaves) {
        Claim claim = claims.last(judgementSetId, account.dialogueId());
        int claimed = claim == null ? 0 : claim.leaves().size();
        if (leaves.size() > claimed) {
            Leaf first = leaves.get(claimed);
            throw new DifferenceFound(Kind.ADDED, first.place(),
                    "this verdict on " + account.dialogueId() + " in set " + judgementSetId
                            + " was never told the run controller",
                    claimed + " verdicts", leaves.size() + " verdicts");
        }
        if (claim != null && leaves.size() < claimed) {
            throw new DifferenceFound(Kind.MISSING, claim.place(),
                    "verdicts on " + account.dialogueId() + " in set " + judgementSetId + " are missing",
                    claimed + " verdicts", leaves.size() + " verdicts");
        }
        long cost = account.judgeCostNanoUsd(judgementSetId);
        if (claim != null && claim.costNanoUsd() != cost) {
            throw new DifferenceFound(Kind.CONTRADICTION, claim.place(),
                    "the run controller was told another cost of the verdicts on "
                            + account.dialogueId() + " in set " + judgementSetId
                            + " than that of their accepted answers",
                    cost, claim.costNanoUsd());
        }
    }
}
