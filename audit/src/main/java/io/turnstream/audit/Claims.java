package io.turnstream.audit;

import io.turnstream.contracts.DialogueFinished;
import io.turnstream.contracts.OutcomeCount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the run controller was told of each dialogue when it finished: the second place in the log where leaves stand.
final class Claims {

    /// What one `DialogueFinished` says.
    ///
    /// @param leaves digests (hex) of the dialogue's accepted plan, turns and questions so far
    /// @param judgementLeaves digests (hex) of its verdicts in the run's own set so far
    record Claim(
            String dialogueId,
            String eventId,
            Place place,
            long timestampMillis,
            List<String> leaves,
            List<String> judgementLeaves,
            List<OutcomeCount> outcomes,
            long costNanoUsd,
            long judgeCostNanoUsd) {}

    private final SortedMap<String, List<Claim>> byDialogue = new TreeMap<>();

    private final Set<String> registered = new HashSet<>();

    void register(String dialogueId) {
        registered.add(dialogueId);
    }

    /// Whether the run controller was told that the dialogue waits.
    boolean isRegistered(String dialogueId) {
        return registered.contains(dialogueId);
    }

    void add(LoggedEvent event, DialogueFinished finished) {
        List<Claim> before = byDialogue.computeIfAbsent(finished.getDialogueId(), id -> new ArrayList<>(1));
        before.add(new Claim(finished.getDialogueId(), finished.getMeta().getEventId(), event.place(), event.timestampMillis(),
                List.copyOf(finished.getLeaves()), List.copyOf(finished.getJudgementLeaves()), List.copyOf(finished.getOutcomes()),
                finished.getCostNanoUsd(), finished.getJudgeCostNanoUsd()));
    }

    /// The dialogues that finished, by dialogueId.
    SortedMap<String, List<Claim>> byDialogue() {
        return byDialogue;
    }

    @Nullable Claim last(String dialogueId) {
        List<Claim> claims = byDialogue.get(dialogueId);
        return claims == null ? null : claims.getLast();
    }

    /// The last claim of each dialogue among those that fit, by dialogueId.
    List<Claim> last(Predicate<Claim> which) {
        List<Claim> last = new ArrayList<>(byDialogue.size());
        for (List<Claim> claims : byDialogue.values()) {
            claims.reversed().stream().filter(which).findFirst().ifPresent(last::add);
        }
        return last;
    }
}
