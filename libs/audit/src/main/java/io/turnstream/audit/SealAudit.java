package io.turnstream.audit;

import io.turnstream.audit.Claims.Claim;
import io.turnstream.audit.Difference.Kind;
import io.turnstream.audit.EventIndex.Known;
import io.turnstream.audit.RunAudit.Sealed;
import io.turnstream.contracts.RunSealed;
import io.turnstream.events.MerkleTree;
import io.turnstream.events.SealSignatures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Recomputes seals over what was accepted.
///
/// What a seal covers follows from the `DialogueFinished` that completed the run at that time: of each dialogue the
/// leaves that it had named until then. A retry only adds leaves, so what a former seal covered is still there.
final class SealAudit {

    /// The leaves of one dialogue in one tree, in order.
    private final SortedMap<String, List<Leaf>> ofRun = new TreeMap<>();
    private final Map<String, SortedMap<String, List<Leaf>>> ofSets = new HashMap<>();

    private final Accounts accounts;
    private final Claims claims;
    private final Causes causes;
    private final Tally tally;

    SealAudit(Accounts accounts, Claims claims, Causes causes, Tally tally) {
        this.accounts = accounts;
        this.claims = claims;
        this.causes = causes;
        this.tally = tally;
    }

    void add(DialogueAccount account) {
        ofRun.put(account.dialogueId(), List.copyOf(account.leaves()));
        account.judgements().forEach((set, leaves) -> ofSets.computeIfAbsent(set, id -> new TreeMap<>())
                .put(account.dialogueId(), List.copyOf(leaves)));
    }

    /// Recomputes every seal.
    ///
    /// @throws DifferenceFound at the first that does not hold
    List<CheckedSeal> check(List<Sealed> seals, Expected expected) {
        List<CheckedSeal> checked = new ArrayList<>();
        Map<String, String> former = new HashMap<>();
        for (Sealed sealed : seals) {
            RunSealed seal = sealed.seal();
            String series = String.valueOf(seal.getJudgementSetId());
            checkSuccession(sealed, former.put(series, seal.getSealId()));
            checkAccount(sealed, seals);
            MerkleTree tree = treeOf(sealed);
            checked.add(checked(sealed, tree.leaves(), tree.root(), expected));
        }
        return checked;
    }

    /// Checks what the seal says beside accepted events. The leaf over it is part of the tree, so that is what was
    /// sealed.
    void checkAccount(Sealed sealed, List<Sealed> all) {
        accounts.check(sealed, all.subList(0, all.indexOf(sealed)));
        accounts.checkVerdicts(sealed, all);
    }

    /// The seal, checked against the root and number of leaves that were recomputed, and its signature.
    CheckedSeal checked(Sealed sealed, long leaves, String root, Expected expected) {
        RunSealed seal = sealed.seal();
        Place place = sealed.event().place();
        if (seal.getLeaves() != leaves) {
            throw new DifferenceFound(Kind.SEAL, place,
                    "seal " + seal.getSealId() + " is over another number of accepted events", leaves + " leaves",
                    seal.getLeaves() + " leaves");
        }
        if (!seal.getRoot().equals(root)) {
            throw new DifferenceFound(Kind.SEAL, place,
                    "the root of seal " + seal.getSealId() + " is not that of the accepted events", root,
                    seal.getRoot());
        }
        checkSignature(sealed, expected);
        tally.count(Tally.SEALS);
        return new CheckedSeal(seal.getSealId(), seal.getJudgementSetId(), root, leaves, seal.getSupersedes(),
                seal.getPublicKey(),
                CheckedSeal.Covers.of(seal), place);
    }

    /// Checks that the last seal of turns and questions, or of a judgement set, covers everything that was accepted of
    /// them.
    void checkNothingIsOutside(List<Sealed> seals, @Nullable String judgementSetId) {
        Sealed last = seals.reversed().stream()
                .filter(sealed -> Objects.equals(sealed.seal().getJudgementSetId(), judgementSetId)).findFirst()
                .orElse(null);
        if (last == null) {
            return;
        }
        Map<String, Integer> covered = coverage(last);
        leavesOf(judgementSetId).forEach((dialogueId, leaves) -> {
            int sealed = covered.getOrDefault(dialogueId, 0);
            if (leaves.size() > sealed) {
                Leaf first = leaves.get(sealed);
                throw new DifferenceFound(Kind.ADDED, first.place(),
                        "this accepted event of " + dialogueId + " is under no seal",
                        "nothing more after what seal " + last.seal().getSealId() + " covers",
                        first.what() + " at sequence " + first.sequence());
            }
        });
    }

    private static void checkSuccession(Sealed sealed, @Nullable String former) {
        String superseded = sealed.seal().getSupersedes();
        if (former == null ? superseded != null : !former.equals(superseded)) {
            throw new DifferenceFound(Kind.SEAL, sealed.event().place(),
                    "seal " + sealed.seal().getSealId() + " does not name the one before it",
                    String.valueOf(former), String.valueOf(superseded));
        }
    }

    private static void checkSignature(Sealed sealed, Expected expected) {
        RunSealed seal = sealed.seal();
        boolean signed = seal.getSignature() != null && seal.getPublicKey() != null;
        if (!signed && (seal.getSignature() != null || seal.getPublicKey() != null)) {
            throw new DifferenceFound(Kind.SIGNATURE, sealed.event().place(),
                    "seal " + seal.getSealId() + " is half signed", "signature and public key",
                    "one of them");
        }
        if (signed && !SealSignatures.holds(seal)) {
            throw new DifferenceFound(Kind.SIGNATURE, sealed.event().place(),
                    "the signature of seal " + seal.getSealId() + " does not hold",
                    "a signature by " + seal.getPublicKey(), "another");
        }
        if (expected.publicKey() != null && !expected.publicKey().equals(seal.getPublicKey())) {
            throw new DifferenceFound(Kind.SIGNATURE, sealed.event().place(),
                    "seal " + seal.getSealId() + " is not signed by the operator",
                    "a signature by " + expected.publicKey(), signed ? "one by " + seal.getPublicKey() : "none");
        }
    }

    private SortedMap<String, List<Leaf>> leavesOf(@Nullable String judgementSetId) {
        return judgementSetId == null ? ofRun : ofSets.getOrDefault(judgementSetId, new TreeMap<>());
    }

    private MerkleTree treeOf(Sealed sealed) {
        Map<String, Integer> covered = coverage(sealed);
        MerkleTree tree = new MerkleTree();
        leavesOf(sealed.seal().getJudgementSetId()).forEach((dialogueId, all) -> all.stream()
                .limit(covered.getOrDefault(dialogueId, 0))
                .forEach(leaf -> tree.add(leaf.digest())));
        String account = Accounts.leafOf(sealed);
        if (account != null) {
            tree.add(account);
        }
        return tree;
    }

    /// How many leaves of each dialogue a seal covers.
    private Map<String, Integer> coverage(Sealed sealed) {
        Map<String, Integer> covered = new HashMap<>();
        covered(sealed).forEach(claim -> covered.put(claim.dialogueId(), claim.leaves().size()));
        return covered;
    }

    /// What a seal covers of each dialogue, by dialogueId: what was claimed last up to the event that completed the run
    /// or the set. Where that was another, such as a plan that was whole only after its last dialogue had finished,
    /// each dialogue had finished once before a first seal.
    List<Claim> covered(Sealed sealed) {
        String set = sealed.seal().getJudgementSetId();
        Known told = causes.toldBefore(sealed.seal().getMeta().getCauseId());
        if (told != null) {
            return claims.last(set,
                    claim -> claim.place().partition() == told.partition() && claim.place().offset() <= told.offset());
        }
        if (set == null && sealed.seal().getSupersedes() == null) {
            return claims.of(null).values().stream().map(List::getFirst).toList();
        }
        return claims.last(set, claim -> claim.timestampMillis() <= sealed.event().timestampMillis());
    }
}
