package io.turnstream.projection.report;

import io.turnstream.projection.report.Provenance.Limits;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How far a run is.
///
/// @param state wire name of the run's state
/// @param settled whether the run is in a final state and every outcome it counted has arrived in the projection
/// @param dialogues planned; null until the run is planned
/// @param turns dialogue turns
/// @param questions multiple-choice and true/false questions
/// @param judgements verdicts of the run's own judge
/// @param calls attempts made so far at the model and all judges
/// @param inputTokens prompt tokens, model and judges
/// @param outputTokens completion tokens, model and judges
/// @param costNanoUsd 1e-9 USD for the model, as far as prices are known
/// @param judgeCostNanoUsd the same for the judges
/// @param unpriced answered steps whose price is not known
/// @param limits bounds on calls to the model; null where they are not known
public record Progress(
        String runId, String state, @Nullable String reason, boolean settled, @Nullable Long dialogues, Stage turns,
        Stage questions, Stage judgements, long calls, long inputTokens, long outputTokens, long costNanoUsd,
        long judgeCostNanoUsd, long unpriced, @Nullable Limits limits) {

    /// Without limits.
    public Progress(
            String runId, String state, @Nullable String reason, boolean settled, @Nullable Long dialogues, Stage turns,
            Stage questions, Stage judgements, long calls, long inputTokens, long outputTokens, long costNanoUsd,
            long judgeCostNanoUsd, long unpriced) {
        this(runId, state, reason, settled, dialogues, turns, questions, judgements, calls, inputTokens, outputTokens,
                costNanoUsd,
                judgeCostNanoUsd, unpriced, null);
    }

    /// The same with another reason for standing where it does.
    public Progress withReason(String why) {
        return new Progress(runId, state, why, settled, dialogues, turns, questions, judgements, calls, inputTokens,
                outputTokens,
                costNanoUsd, judgeCostNanoUsd, unpriced, limits);
    }

    /// One stage of the work.
    ///
    /// @param planned steps planned; 0 until the run is planned
    /// @param outcomes steps by wire name of their outcome, sorted by name
    public record Stage(long planned, Map<String, Long> outcomes) {

        public Stage {
            outcomes = Collections.unmodifiableMap(new TreeMap<>(outcomes));
        }

        /// Steps that have their outcome.
        public long done() {
            return outcomes.values().stream().mapToLong(Long::longValue).sum();
        }

        /// Steps that machinery failed: `provider_error` and `judge_error`.
        public long failed() {
            return of("provider_error") + of("judge_error");
        }

        /// Steps that were never carried out: `not_reached` and `cancelled`.
        public long notReached() {
            return of("not_reached") + of("cancelled");
        }

        /// Steps for which the model or judge answered something, whatever it was.
        public long answered() {
            return done() - failed() - notReached();
        }

        /// Steps that have no outcome yet.
        public long open() {
            return Math.max(0, planned - done());
        }

        private long of(String outcome) {
            return outcomes.getOrDefault(outcome, 0L);
        }
    }
}
