package io.turnstream.audit;

import io.turnstream.contracts.RunAccount;
import io.turnstream.contracts.RunSealed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A seal that holds.
///
/// @param judgementSetId null for turns and questions
/// @param root Merkle root (hex), recomputed
/// @param leaves of its tree: accepted events and, where it covers more, one for the account of that
/// @param covers what its root covers beside accepted events
/// @param signedBy public key whose signature holds; null where the seal is not signed
public record CheckedSeal(
        String sealId,
        @Nullable String judgementSetId,
        String root,
        long leaves,
        @Nullable String supersedes,
        @Nullable String signedBy,
        Covers covers,
        Place place) {

    /// What a root covers beside accepted events.
    ///
    /// @param end the state that the run, or the judgement set, ended in, with its figures
    /// @param plan the plan with the digest of the data set, and the rows that were left out of it
    /// @param roots roots of other seals: whoever keeps this one has kept them, too
    public record Covers(boolean end, boolean plan, List<String> roots) {

        public Covers {
            roots = List.copyOf(roots);
        }

        static Covers of(RunSealed seal) {
            RunAccount account = seal.getAccount();
            if (account == null) {
                return new Covers(false, false, List.of());
            }
            List<String> roots = new ArrayList<>();
            for (String root : new @Nullable String[] {account.getFormerRoot(), account.getVerdictsRoot(),
                    account.getRunRoot()}) {
                if (root != null) {
                    roots.add(root);
                }
            }
            return new Covers(true, account.getPlanDigest() != null, roots);
        }

        /// As words, such as `plan`.
        public List<String> words() {
            List<String> words = new ArrayList<>(List.of("accepted events"));
            if (end) {
                words.add("end");
            }
            if (plan) {
                words.addAll(List.of("plan", "rejected rows"));
            }
            return words;
        }
    }

    /// How many accepted events are under it.
    public long accepted() {
        return leaves - (covers.end() ? 1 : 0);
    }
}
