package io.turnstream.audit;

import io.turnstream.audit.Difference.Kind;
import io.turnstream.audit.PartitionAudit.Suspicion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Recomputes a run from its events and says where they first differ from what they must be.
///
/// - Every text is what its commitment says; every accepted event is what the run controller was told when its dialogue
///   finished.
/// - The accepted events of a dialogue are numbered without gap or repetition, open with the plan and say what the
///   answers said.
/// - Every event was caused by the event it names, which is still the same: an accepted step by its answer, that by its
///   request, that by what was accepted before or by the admission, and so on down to what a person asked for.
/// - Every seal's Merkle root and number of leaves are those of the accepted events, every signature holds, and once
///   the run is over nothing accepted is outside its last seal and its final counts are those of its dialogues.
/// - What a seal covers beside accepted events, its account, is what the run's own events say.
///
/// It holds the digests of the run in memory, and of one partition at a time the identities of its events, never their
/// content.
public final class Verification {

    private final RunEvents events;
    private final Expected expected;
    private final Tally tally = new Tally();
    private final Claims claims = new Claims();
    private final Causes causes = new Causes(tally);
    private final RunAudit run = new RunAudit(claims, causes, tally);
    private final SealAudit sealing = new SealAudit(run.accounts(), claims, causes, tally);
    private final Set<String> seen = new HashSet<>();
    private final List<CheckedSeal> seals = new ArrayList<>();
    private @Nullable Suspicion suspicion;

    private Verification(RunEvents events, Expected expected) {
        this.events = events;
        this.expected = expected;
    }

    /// Checks a run.
    public static Verified of(RunEvents events, Expected expected) {
        return new Verification(events, expected).verify();
    }

    private Verified verify() {
        Difference difference = null;
        try {
            check();
        } catch (DifferenceFound found) {
            difference = suspicion == null ? found.difference() : changed(suspicion);
        } catch (UnreadableRecordException unreadable) {
            difference = new Difference(Kind.UNREADABLE, unreadable.place(), "this record cannot be read", "an event",
                    String.valueOf(unreadable.getMessage()));
        }
        return new Verified(run.described(events.runId()), difference, tally.counts(), tally.types(), seals,
                tally.unaccepted(),
                run.notes(difference, expected, seals));
    }

    private void check() {
        run.check(events);
        for (int partition = 0; partition < events.partitions(); partition++) {
            PartitionAudit audit = new PartitionAudit(claims, causes, tally);
            try {
                audit.check(events, partition, key -> true);
            } finally {
                suspicion = suspicion == null ? audit.suspicion() : suspicion;
            }
            audit.accounts().values().forEach(sealing::add);
            seen.addAll(audit.accounts().keySet());
            if (run.isOver()) {
                audit.accounts().values().forEach(Verification::requireClosed);
            }
        }
        claims.byDialogue().forEach((dialogueId, all) -> {
            if (!seen.contains(dialogueId)) {
                throw new DifferenceFound(Kind.MISSING, all.getFirst().place(),
                        "the accepted events of " + dialogueId + " are missing",
                        all.getLast().leaves().size() + " leaves", "none");
            }
        });
        causes.checkNothingIsOwed();
        checkSeals();
        run.checkEnd();
    }

    private static void requireClosed(DialogueAccount account) {
        if (!account.isClosed()) {
            Place last = account.leaves().getLast().place();
            throw new DifferenceFound(Kind.MISSING, last,
                    "the run is over, but the events of " + account.dialogueId() + " do not end with a DialogueClosed",
                    "DialogueClosed at sequence " + account.nextSequence(),
                    "nothing after sequence " + (account.nextSequence() - 1));
        }
    }

    private void checkSeals() {
        try {
            seals.addAll(sealing.check(run.seals(), expected));
        } catch (DifferenceFound found) {
            Suspicion open = suspicion;
            if (open != null) {
                throw new DifferenceFound(changed(open));
            }
            throw found;
        }
        Suspicion open = suspicion;
        if (open != null && !seals.isEmpty()) {
            // The accepted event is the one that was sealed: what the run controller was told is not.
            suspicion = null;
            throw new DifferenceFound(Kind.CHANGED, open.claim(),
                    "a leaf in this DialogueFinished is not the digest of the accepted event at " + open.accepted(),
                    open.digest(), open.claimed());
        }
        if (open != null) {
            throw new DifferenceFound(changed(open));
        }
        if (run.isOver()) {
            sealing.checkNothingIsOutside(run.seals(), null);
        }
        run.finishedSets().forEach(set -> sealing.checkNothingIsOutside(run.seals(), set));
        checkRoot();
    }

    private void checkRoot() {
        String root = expected.root();
        if (root == null || seals.stream().anyMatch(seal -> seal.root().equals(root))) {
            return;
        }
        if (seals.isEmpty()) {
            throw new DifferenceFound(Kind.UNSEALED, run.lastPlace(), "the run has no seal", root, "none");
        }
        CheckedSeal last = seals.stream().filter(seal -> seal.judgementSetId() == null)
                .reduce((first, second) -> second).orElse(seals.getLast());
        throw new DifferenceFound(Kind.ROOT, last.place(), "no seal of the run has the root that was kept elsewhere",
                root, last.root());
    }

    private static Difference changed(Suspicion suspicion) {
        return new Difference(Kind.CHANGED, suspicion.accepted(),
                "this accepted event has changed since its dialogue finished (" + suspicion.claim() + ')',
                suspicion.claimed(), suspicion.digest());
    }
}
