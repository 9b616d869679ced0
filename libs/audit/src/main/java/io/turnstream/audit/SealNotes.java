package io.turnstream.audit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the seals that hold do not cover, in words.
final class SealNotes {

    private SealNotes() {}

    static void add(List<String> notes, List<CheckedSeal> seals, Expected expected) {
        Set<String> kept = keptWith(seals, expected);
        for (CheckedSeal seal : seals) {
            if (seals.stream().anyMatch(later -> seal.sealId().equals(later.supersedes()))) {
                continue;
            }
            if (!seal.covers().end()) {
                notes.add("seal " + seal.sealId()
                        + " was made by an earlier version and covers accepted events alone: the plan, the data set's digest, "
                        + "rejected rows and the final figures agree with one another, but are under no root");
            } else if (!seal.covers().plan()) {
                notes.add("seal " + seal.sealId()
                        + " does not cover the plan, the data set's digest and rejected rows: the platform that made it did not "
                        + "follow the run from its beginning");
            }
            if (expected.root() != null && !kept.contains(seal.root())) {
                notes.add("the root given with --root does not cover seal " + seal.sealId() + " over "
                        + (seal.judgementSetId() == null
                                ? "turns and questions"
                                : "the verdicts of set " + seal.judgementSetId())
                        + ": keep its root, too");
            }
        }
    }

    /// The kept root and all that it covers.
    private static Set<String> keptWith(List<CheckedSeal> seals, Expected expected) {
        Set<String> kept = new HashSet<>();
        if (expected.root() == null) {
            return kept;
        }
        kept.add(expected.root());
        // A seal names roots of seals before it, or of the one behind it of the same transaction.
        for (int pass = 0; pass < 2; pass++) {
            for (CheckedSeal seal : seals.reversed()) {
                if (kept.contains(seal.root())) {
                    kept.addAll(seal.covers().roots());
                }
            }
        }
        return kept;
    }
}
