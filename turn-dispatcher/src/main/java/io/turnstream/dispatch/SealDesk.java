package io.turnstream.dispatch;

import io.turnstream.contracts.RowRejected;
import io.turnstream.contracts.RunAccount;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.state.DialogueLeaves;
import io.turnstream.contracts.state.RunProgress;
import io.turnstream.contracts.state.Sealing;
import io.turnstream.events.EventDigests;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.MerkleTree;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/// Makes seals: the Merkle root over what was accepted, by dialogueId and sequence, and over the account of what stands
/// beside it.
///
/// All of it comes from stores and from the record that is dealt with, so a transaction that is repeated makes the same
/// seal.
final class SealDesk {

    private final UnaryOperator<RunSealed> signing;

    /// @param signing signs seals, or leaves them as they are
    SealDesk(UnaryOperator<RunSealed> signing) {
        this.signing = signing;
    }

    /// What is sealed.
    ///
    /// @param judgementSetId null for turns and questions
    /// @param formerSeals how many seals it has
    /// @param leaves what the run's dialogues add to it; closed when they are read
    /// @param which leaves of each dialogue
    record Sealable(
            String runId, @Nullable String judgementSetId, int formerSeals,
            KeyValueIterator<String, DialogueLeaves> leaves,
            Function<DialogueLeaves, List<String>> which) {}

    RunSealed seal(Sealable what, RunAccount account, Record<String, SpecificRecord> cause) {
        MerkleTree tree = new MerkleTree();
        try (KeyValueIterator<String, DialogueLeaves> all = what.leaves()) {
            all.forEachRemaining(entry -> what.which().apply(entry.value).forEach(tree::add));
        }
        tree.add(EventDigests.of(account));
        String name = (what.judgementSetId() == null
                ? what.runId()
                : Ids.judgementSetKey(what.runId(), what.judgementSetId())) + "/s";
        String sealId = name + (what.formerSeals() + 1);
        return signing.apply(new RunSealed(EventTypes.causedBy(cause.value(), sealId, cause.timestamp()), what.runId(),
                sealId, what.judgementSetId(),
                tree.root(), tree.leaves(), what.formerSeals() == 0 ? null : name + what.formerSeals(), null, null,
                account));
    }

    /// The account of a seal, with what was followed of the run since its beginning.
    ///
    /// @param run null where the run controller does not know it
    /// @param end the state that follows the seal
    /// @param formerRoot of the seal that it supersedes
    static RunAccount account(@Nullable RunProgress run, SpecificRecord end, @Nullable String formerRoot) {
        Sealing followed = run == null ? null : run.getSealing();
        boolean whole = followed != null && followed.getPlanDigest() != null;
        return new RunAccount(EventDigests.of(end), whole ? followed.getPlanDigest() : null,
                whole ? followed.getRejectedRows() : 0,
                whole ? followed.getRejectedDigest() : null, formerRoot, null, null, null, null);
    }

    /// Takes note of a run's plan: of its first.
    static void follow(RunProgress run, RunPlanned planned) {
        Sealing followed = run.getSealing();
        if (followed != null && followed.getPlanDigest() == null) {
            followed.setPlanDigest(EventDigests.of(planned));
        }
    }

    /// Takes note of a row that was left out of the plan.
    static void follow(RunProgress run, RowRejected rejected) {
        Sealing followed = run.getSealing();
        if (followed != null && followed.getPlanDigest() == null) {
            followed.setRejectedRows(followed.getRejectedRows() + 1);
            followed.setRejectedDigest(EventDigests.chained(followed.getRejectedDigest(), EventDigests.of(rejected)));
        }
    }
}
