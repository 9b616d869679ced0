package io.turnstream.simulator;

import java.util.Map;

/// What a simulator has counted since its start or the last reset (`GET /stats`).
///
/// @param total            over all models, calls to unknown models and rejected calls included
/// @param models           by model as requested
/// @param distinctRequests different requests that were admitted
/// @param distinctImages   different images among them
public record SimulatorStats(Counts total, Map<String, Counts> models, long distinctRequests, long distinctImages) {

    public SimulatorStats {
        models = Map.copyOf(models);
    }

    /// The counts of one model.
    ///
    /// @param calls            model calls that arrived, whatever became of them
    /// @param byStatus         answers by HTTP status; `unanswered` are calls whose client left before an answer
    /// @param faults           injected faults by name (`rateLimited`, `serverError`, `hang`, `truncated`, `malformed`,
    ///                         `empty`)
    /// @param limited          calls turned away by cause (`maxInFlight`, `requestsPerMinute`, `down`)
    /// @param succeeded        complete answers sent, empty texts that were injected excluded
    /// @param repeatedRequests calls whose identical request had been answered with success before: paid twice
    /// @param repeatedKeys     the same by the header `Idempotency-Key`, where it is sent: unlike request bodies, which
    ///                         two dialogues may share, it tells a repetition for certain
    /// @param blocked          answers blocked by the simulated provider's filter or refusal
    /// @param slow             calls that drew the extra latency
    /// @param inFlight         calls in flight now
    /// @param maxInFlight      most calls in flight at one time
    /// @param inFlightMillis   time integral of calls in flight; a difference over time is the average in flight
    /// @param promptTokens     estimated, of successes
    /// @param completionTokens estimated, of successes, reasoning included
    /// @param images           image parts received
    /// @param imageBytes       their Base64 characters
    /// @param maxCallsPerMinute  most calls in any 60 s, by the simulator's clock
    /// @param maxTokensPerMinute most tokens (prompt and completion) in any 60 s, counted when the call arrives
    public record Counts(
            long calls,
            Map<String, Long> byStatus,
            Map<String, Long> faults,
            Map<String, Long> limited,
            long succeeded,
            long repeatedRequests,
            long repeatedKeys,
            long blocked,
            long slow,
            long inFlight,
            long maxInFlight,
            long inFlightMillis,
            long promptTokens,
            long completionTokens,
            long images,
            long imageBytes,
            long maxCallsPerMinute,
            long maxTokensPerMinute) {

        public Counts {
            byStatus = Map.copyOf(byStatus);
            faults = Map.copyOf(faults);
            limited = Map.copyOf(limited);
        }

        /// How often this status was answered.
        public long status(int status) {
            return byStatus.getOrDefault(Integer.toString(status), 0L);
        }
    }

    /// The counts of one model; all zero if it was never called.
    public Counts model(String model) {
        return models.getOrDefault(model, new CallCounters(1).snapshot(0));
    }
}
