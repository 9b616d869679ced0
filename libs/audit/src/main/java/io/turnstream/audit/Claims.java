package io.turnstream.audit;

import io.turnstream.contracts.DialogueFinished;
import io.turnstream.contracts.JudgementFinished;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.StepKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the run controller was told when dialogues finished, or were judged again: the second place in the log where
/// leaves stand.
final class Claims {

    /// What one `DialogueFinished` says of turns and questions, or a `JudgementFinished` of verdicts.
    ///
    /// @param leaves digests (hex) of accepted events so far
    /// @param outcomes of what the leaves are about, and for a whole dialogue of its verdict, too
    record Claim(
            String dialogueId,
            Place place,
            long timestampMillis,
            List<String> leaves,
            List<OutcomeCount> outcomes,
            long costNanoUsd) {}

    private final SortedMap<String, List<Claim>> byDialogue = new TreeMap<>();
    private final Map<String, SortedMap<String, List<Claim>>> bySet = new HashMap<>();
    private final Map<String, Map<String, JudgementFinished>> finishedInRounds = new HashMap<>();
    private final Set<String> registered = new HashSet<>();

    void register(String dialogueId) {
        registered.add(dialogueId);
    }

    /// Whether the run controller was told that the dialogue waits.
    boolean isRegistered(String dialogueId) {
        return registered.contains(dialogueId);
    }

    void add(LoggedEvent event, DialogueFinished finished) {
        Claim claim = new Claim(finished.getDialogueId(), event.place(), event.timestampMillis(),
                List.copyOf(finished.getLeaves()),
                List.copyOf(finished.getOutcomes()), finished.getCostNanoUsd());
        byDialogue.computeIfAbsent(claim.dialogueId(), id -> new ArrayList<>(1)).add(claim);
        if (finished.getJudgementSetId() != null) {
            List<OutcomeCount> verdict = finished.getOutcomes().stream()
                    .filter(count -> count.getKind() == StepKind.JUDGE).toList();
            addVerdict(finished.getJudgementSetId(),
                    new Claim(claim.dialogueId(), claim.place(), claim.timestampMillis(),
                            List.copyOf(finished.getJudgementLeaves()), verdict, finished.getJudgeCostNanoUsd()));
        }
    }

    void add(LoggedEvent event, JudgementFinished finished) {
        List<OutcomeCount> verdict = finished.getOutcome() == null
                ? List.of()
                : List.of(new OutcomeCount(StepKind.JUDGE, finished.getOutcome(), 1L));
        addVerdict(finished.getJudgementSetId(),
                new Claim(finished.getDialogueId(), event.place(), event.timestampMillis(),
                        List.copyOf(finished.getLeaves()), verdict, finished.getCostNanoUsd()));
        finishedInRounds
                .computeIfAbsent(round(finished.getJudgementSetId(), finished.getRound()), key -> new HashMap<>())
                .putIfAbsent(finished.getDialogueId(), finished);
    }

    private void addVerdict(String judgementSetId, Claim claim) {
        bySet.computeIfAbsent(judgementSetId, id -> new TreeMap<>())
                .computeIfAbsent(claim.dialogueId(), id -> new ArrayList<>(1)).add(claim);
    }

    private static String round(String judgementSetId, long round) {
        return judgementSetId + '/' + round;
    }

    /// What one round of a set that was asked for later was told of its dialogues, of each the first.
    Collection<JudgementFinished> finishedIn(String judgementSetId, long round) {
        return finishedInRounds.getOrDefault(round(judgementSetId, round), Map.of()).values();
    }

    /// The dialogues that finished, by dialogueId.
    SortedMap<String, List<Claim>> byDialogue() {
        return byDialogue;
    }

    /// Claims of a set, or of turns and questions for null, by dialogueId.
    SortedMap<String, List<Claim>> of(@Nullable String judgementSetId) {
        return judgementSetId == null ? byDialogue : bySet.getOrDefault(judgementSetId, new TreeMap<>());
    }

    @Nullable
    Claim last(@Nullable String judgementSetId, String dialogueId) {
        List<Claim> claims = of(judgementSetId).get(dialogueId);
        return claims == null ? null : claims.getLast();
    }

    /// The last claim of each dialogue among those that fit, by dialogueId.
    List<Claim> last(@Nullable String judgementSetId, Predicate<Claim> which) {
        List<Claim> last = new ArrayList<>();
        for (List<Claim> claims : of(judgementSetId).values()) {
            claims.reversed().stream().filter(which).findFirst().ifPresent(last::add);
        }
        return last;
    }
}
