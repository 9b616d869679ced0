package io.turnstream.audit;

import io.turnstream.audit.Claims.Claim;
import io.turnstream.audit.Difference.Kind;
import io.turnstream.audit.RunAudit.Sealed;
import io.turnstream.events.MerkleTree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Proves that the accepted events of one dialogue are under a run's seal, without reading the other dialogues: their
/// leaves are taken from what the run controller was told, and must lead to the sealed root.
///
/// @param seal the seal over turns and questions that has the root kept elsewhere, else the run's last
/// @param leaves the dialogue's accepted plan, turns and questions
public record DialogueProof(String dialogueId, CheckedSeal seal, List<ProvenLeaf> leaves) {

    /// One accepted event and the hashes that lead from it to the root (RFC 6962, section 2.1.1).
    ///
    /// @param what `plan`, or the step
    /// @param digest the event's digest (hex), recomputed
    /// @param index its place among the seal's leaves, 0-based
    /// @param path sibling hashes (hex), from the leaf up
    public record ProvenLeaf(String what, int sequence, String digest, long index, List<String> path, Place place) {}

    /// What came of it.
    ///
    /// @param checked the checks of the dialogue's own events, as for a whole run
    /// @param proof null where there is a difference
    public record Result(Verified checked, @Nullable DialogueProof proof) {}

    public DialogueProof {
        leaves = List.copyOf(leaves);
    }

    /// Checks one dialogue and proves it against the seal with the expected root, or against the run's last.
    public static Result of(RunEvents events, String dialogueId, Expected expected) {
        Tally tally = new Tally();
        Claims claims = new Claims();
        Causes causes = new Causes(tally);
        RunAudit run = new RunAudit(claims, causes, tally);
        List<CheckedSeal> seals = new ArrayList<>();
        Difference difference = null;
        DialogueProof proof = null;
        try {
            run.check(events);
            PartitionAudit partition = new PartitionAudit(claims, causes, tally);
            partition.check(events, events.partitionOf(dialogueId), dialogueId::equals);
            proof = prove(dialogueId, run, claims, causes, partition, expected);
            seals.add(proof.seal());
        } catch (DifferenceFound found) {
            difference = found.difference();
        } catch (UnreadableRecordException unreadable) {
            difference = new Difference(Kind.UNREADABLE, unreadable.place(), "this record cannot be read", "an event",
                    String.valueOf(unreadable.getMessage()));
        }
        Verified checked = new Verified(run.described(events.runId()), difference, tally.counts(), tally.types(),
                seals, tally.unaccepted(), run.notes(difference, expected, seals));
        return new Result(checked, proof);
    }

    private static @Nullable Sealed sealToProveAgainst(RunAudit run, Expected expected) {
        List<Sealed> ofRun = run.seals().reversed().stream().filter(sealed -> sealed.seal().getJudgementSetId() == null)
                .toList();
        return ofRun.stream().filter(sealed -> sealed.seal().getRoot().equals(expected.root())).findFirst()
                .or(() -> ofRun.stream().findFirst()).orElse(null);
    }

    private static DialogueProof prove(
            String dialogueId, RunAudit run, Claims claims, Causes causes, PartitionAudit partition,
            Expected expected) {
        DialogueAccount account = partition.accounts().get(dialogueId);
        Place runs = run.lastPlace();
        Sealed sealed = sealToProveAgainst(run, expected);
        if (account == null) {
            throw new DifferenceFound(Kind.MISSING, runs, "the log has no accepted event of " + dialogueId,
                    "a DialogueOpened", "none");
        }
        if (sealed == null) {
            throw new DifferenceFound(Kind.UNSEALED, runs, "the run is not sealed, so that nothing can be proven",
                    "a RunSealed", "none");
        }
        SealAudit sealing = new SealAudit(run.accounts(), claims, causes, new Tally());
        sealing.checkAccount(sealed, run.seals());
        List<Claim> covered = sealing.covered(sealed);
        // A tree over what was claimed of the others and what was found of this one.
        List<String> leaves = new ArrayList<>();
        int first = -1;
        int count = 0;
        for (Claim claim : covered) {
            if (claim.dialogueId().equals(dialogueId)) {
                first = leaves.size();
                count = Math.min(claim.leaves().size(), account.leaves().size());
                account.leaves().stream().limit(count).forEach(leaf -> leaves.add(leaf.digest()));
            } else {
                leaves.addAll(claim.leaves());
            }
        }
        String beside = Accounts.leafOf(sealed);
        if (beside != null) {
            leaves.add(beside);
        }
        String root = MerkleTree.rootOf(leaves);
        if (first < 0) {
            throw new DifferenceFound(Kind.UNSEALED, account.leaves().getFirst().place(),
                    dialogueId + " is not under seal " + sealed.seal().getSealId(),
                    "a DialogueFinished before the seal", "none");
        }
        if (partition.suspicion() instanceof PartitionAudit.Suspicion suspicion
                && !root.equals(sealed.seal().getRoot())) {
            throw new DifferenceFound(Kind.CHANGED, suspicion.accepted(),
                    "this accepted event has changed since its dialogue finished (" + suspicion.claim()
                            + ')',
                    suspicion.claimed(), suspicion.digest());
        }
        CheckedSeal seal = sealing.checked(sealed, leaves.size(), root, expected);
        if (expected.root() != null && !expected.root().equals(root)) {
            throw new DifferenceFound(Kind.ROOT, seal.place(),
                    "no seal over the run's turns and questions has the root that was kept elsewhere", expected.root(),
                    root);
        }
        List<ProvenLeaf> proven = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Leaf leaf = account.leaves().get(i);
            List<String> path = MerkleTree.auditPath(first + i, leaves);
            String reached = MerkleTree.rootFrom(leaf.digest(), first + i, leaves.size(), path);
            if (!reached.equals(root)) {
                throw new IllegalStateException(
                        "the audit path of leaf " + (first + i) + " leads to " + reached + ", not to " + root);
            }
            proven.add(new ProvenLeaf(leaf.what(), leaf.sequence(), leaf.digest(), first + i, path, leaf.place()));
        }
        return new DialogueProof(dialogueId, seal, proven);
    }
}
