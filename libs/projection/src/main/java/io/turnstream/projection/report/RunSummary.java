package io.turnstream.projection.report;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run in one line.
///
/// @param id ULID
/// @param model `provider/name` as requested
/// @param judge `provider/name`, or null for none
/// @param guardrail null for none
/// @param state wire name: `planning`, `running`, `paused`, `halted`, `completed`, `incomplete`, `cancelled`, `failed`
/// @param reason why it is in that state, for people
/// @param requestedAt when somebody asked for it
/// @param changedAt when it came into its state; null while it has none
/// @param dataset folder or files as the loader sees them
/// @param protocolName of the protocol pack
/// @param dialogues planned; null until it is planned
/// @param dialoguesFinished so far
/// @param judgementSets those that were asked for after the run, the first asked for first
/// @param costNanoUsd 1e-9 USD for the model and all judges so far, as far as prices are known
/// @param priced whether the price of each of them is known
public record RunSummary(
        String id, String model, @Nullable String judge, @Nullable String guardrail, String state,
        @Nullable String reason,
        @Nullable Instant requestedAt, @Nullable Instant changedAt, List<String> dataset, @Nullable String protocolName,
        List<String> tags, @Nullable Long dialogues, long dialoguesFinished, List<JudgedAgain> judgementSets,
        long costNanoUsd,
        boolean priced) {

    public RunSummary {
        dataset = List.copyOf(dataset);
        tags = List.copyOf(tags);
        judgementSets = List.copyOf(judgementSets);
    }

    /// The same run, further on.
    public RunSummary at(long dialoguesFinished) {
        return new RunSummary(id, model, judge, guardrail, state, reason, requestedAt, changedAt, dataset, protocolName,
                tags, dialogues,
                dialoguesFinished, judgementSets, costNanoUsd, priced);
    }

    /// A judgement set in a few words.
    ///
    /// @param judge `provider/name`
    /// @param state wire name of its state
    public record JudgedAgain(String judgementSetId, String judge, String state) {}
}
