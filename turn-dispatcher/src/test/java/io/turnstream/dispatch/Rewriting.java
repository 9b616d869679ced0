package io.turnstream.dispatch;

import io.turnstream.contracts.DialogueFinished;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementFinished;
import io.turnstream.contracts.RunAccount;
import io.turnstream.contracts.RunSealed;
import io.turnstream.events.EventDigests;
import io.turnstream.events.EventTypes;
import io.turnstream.events.MerkleTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// What somebody does who can write every record of a log anew: he changes some, and names them by their new digests
/// wherever others do.
final class Rewriting {

    /// More than the longest chain of causes in a recorded run.
    private static final int MOST_PASSES = 1_000;

    private Rewriting() {}

    /// The log with some events changed, and every digest that follows from them.
    ///
    /// @param edit may change the event it is given; null drops it
    static List<Recorded> of(List<Recorded> log, Function<SpecificRecord, @Nullable SpecificRecord> edit) {
        Map<String, String> renamed = new HashMap<>();
        List<Recorded> rewritten = new ArrayList<>();
        for (Recorded record : log) {
            SpecificRecord event = edit.apply(copy(record.event()));
            if (event != null) {
                rewritten.add(record.with(event));
                rename(renamed, EventDigests.of(record.event()), event);
            }
        }
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            boolean settled = true;
            for (Recorded record : rewritten) {
                String before = EventDigests.of(record.event());
                if (follow(record.event(), renamed)) {
                    rename(renamed, before, record.event());
                    settled = false;
                }
            }
            if (settled) {
                return rewritten;
            }
        }
        throw new IllegalStateException("the log's causes run in a circle");
    }

    /// The log with seals that cover what they are told to, remade over what the log says now: of a run that ended
    /// once.
    ///
    /// @param account of a seal, with the digest of the state behind it; null for none, as an earlier version sealed
    static List<Recorded> resealed(List<Recorded> log, Function<RunSealed, @Nullable RunAccount> account) {
        SortedMap<String, DialogueFinished> finished = new TreeMap<>();
        Map<String, SortedMap<String, JudgementFinished>> judgedAgain = new HashMap<>();
        log.forEach(record -> {
            if (record.event() instanceof DialogueFinished dialogue) {
                finished.put(dialogue.getDialogueId(), dialogue);
            } else if (record.event() instanceof JudgementFinished judged) {
                judgedAgain.computeIfAbsent(judged.getJudgementSetId(), set -> new TreeMap<>())
                        .put(judged.getDialogueId(), judged);
            }
        });
        return of(log, event -> {
            if (event instanceof RunSealed seal) {
                MerkleTree tree = new MerkleTree();
                String set = seal.getJudgementSetId();
                if (judgedAgain.containsKey(String.valueOf(set))) {
                    judgedAgain.get(set).values().forEach(judged -> judged.getLeaves().forEach(tree::add));
                } else {
                    finished.values()
                            .forEach(dialogue -> (set == null ? dialogue.getLeaves() : dialogue.getJudgementLeaves())
                                    .forEach(tree::add));
                }
                RunAccount beside = account.apply(seal);
                if (beside != null) {
                    tree.add(EventDigests.of(beside));
                }
                seal.setAccount(beside);
                seal.setRoot(tree.root());
                seal.setLeaves(tree.leaves());
            }
            return event;
        });
    }

    /// The log as a version wrote it that sealed accepted events alone.
    static List<Recorded> sealedBefore(List<Recorded> log) {
        return resealed(log, seal -> null);
    }

    private static void rename(Map<String, String> renamed, String before, SpecificRecord event) {
        String after = EventDigests.of(event);
        if (!after.equals(before)) {
            renamed.put(before, after);
        }
    }

    /// Whether the event named something by a digest that it has no longer.
    private static boolean follow(SpecificRecord event, Map<String, String> renamed) {
        boolean changed = false;
        EventMeta meta = EventTypes.metaOf(event);
        String cause = meta.getCauseDigest();
        if (cause != null && renamed.containsKey(cause)) {
            meta.setCauseDigest(renamed.get(cause));
            changed = true;
        }
        if (event instanceof DialogueFinished finished) {
            changed |= follow(finished.getLeaves(), renamed);
            changed |= follow(finished.getJudgementLeaves(), renamed);
        } else if (event instanceof JudgementFinished judged) {
            changed |= follow(judged.getLeaves(), renamed);
        }
        return changed;
    }

    private static boolean follow(List<String> digests, Map<String, String> renamed) {
        boolean changed = digests.stream().anyMatch(renamed::containsKey);
        digests.replaceAll(digest -> renamed.getOrDefault(digest, digest));
        return changed;
    }

    static SpecificRecord copy(SpecificRecord event) {
        return SpecificData.get().deepCopy(event.getSchema(), event);
    }
}
