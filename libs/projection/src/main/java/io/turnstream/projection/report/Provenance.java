package io.turnstream.projection.report;

import io.turnstream.projection.document.Parameters;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Where a run's figures come from.
///
/// @param requestedAt when somebody asked for the run
/// @param plannedAt when the whole plan stood
/// @param endedAt when it came into its final state; null while it has none
/// @param codeVersion of the platform that was asked
/// @param protocolDigest SHA-256 (hex) of the protocol pack
/// @param dataset folder or files as the loader sees them
/// @param datasetDigest SHA-256 (hex) of the rows read; null until planned
/// @param rows rows read
/// @param rejectedRows rows left out as bad
/// @param rejectedQuestions questions left out as bad
/// @param warnings rows that run with a warning
/// @param judgementSetId of the run's own judge
/// @param modelsServed models as the servers named them, by name
/// @param judgesServed judges as the servers named them, by name
/// @param requested parameters by kind of call: `dialogue`, `mcq`, `tf`, `judge`
/// @param effective parameters that providers accepted, by kind of step: `turn`, `mcq`, `tf`, `judge`
/// @param expectDigest SHA-256 (hex) of the expectations stated beforehand
/// @param expectations their text; null for none
/// @param seals the run's seals, in the order of their ids
public record Provenance(
        @Nullable Instant requestedAt, @Nullable Instant plannedAt, @Nullable Instant endedAt,
        @Nullable String requestedBy,
        @Nullable String codeVersion, @Nullable String protocolName, @Nullable String protocolDigest,
        List<String> dataset,
        @Nullable String datasetDigest, @Nullable String captions, @Nullable String captionsDigest,
        @Nullable String categories,
        @Nullable SelectionFacts selection, @Nullable Long rows, @Nullable Long rejectedRows,
        @Nullable Long rejectedQuestions,
        @Nullable Long warnings, @Nullable String guardrail, @Nullable String judgementSetId, List<String> modelsServed,
        List<String> judgesServed, Map<String, Parameters> requested, Map<String, List<Parameters>> effective,
        @Nullable Limits limits, @Nullable Limits judgeLimits, List<String> tags, @Nullable String expectDigest,
        @Nullable String expectations, List<Seal> seals) {

    public Provenance {
        dataset = List.copyOf(dataset);
        modelsServed = List.copyOf(modelsServed);
        judgesServed = List.copyOf(judgesServed);
        requested = Collections.unmodifiableMap(new TreeMap<>(requested));
        effective = Collections.unmodifiableMap(new TreeMap<>(effective));
        tags = List.copyOf(tags);
        seals = List.copyOf(seals);
    }

    /// Which part of the data set was planned; empty lists stand for everything.
    public record SelectionFacts(
            List<String> splits, List<String> modalities, List<String> intents, int firstRow,
            @Nullable Integer rowLimit,
            List<Integer> sampleIds, boolean variants, int epochs) {
        public SelectionFacts {
            splits = List.copyOf(splits);
            modalities = List.copyOf(modalities);
            intents = List.copyOf(intents);
            sampleIds = List.copyOf(sampleIds);
        }
    }

    /// Bounds on calls.
    ///
    /// @param maxConnections most calls in flight per worker process and model
    /// @param maxRetries most attempts after the first
    /// @param timeoutMillis longest time for one attempt
    /// @param requestsPerMinute most attempts in any minute, of all who share the quota; null for no such limit
    /// @param tokensPerMinute most tokens in any minute, likewise
    public record Limits(
            int maxConnections, int maxRetries, long timeoutMillis, @Nullable Integer requestsPerMinute,
            @Nullable Long tokensPerMinute) {

        /// Without a quota.
        public Limits(int maxConnections, int maxRetries, long timeoutMillis) {
            this(maxConnections, maxRetries, timeoutMillis, null, null);
        }

        /// The same with the quota of others where it has none.
        public Limits orQuotaOf(Limits others) {
            return withQuota(requestsPerMinute == null ? others.requestsPerMinute : requestsPerMinute,
                    tokensPerMinute == null ? others.tokensPerMinute : tokensPerMinute);
        }

        /// The same with this quota.
        public Limits withQuota(@Nullable Integer requests, @Nullable Long tokens) {
            return new Limits(maxConnections, maxRetries, timeoutMillis, requests, tokens);
        }
    }

    /// A Merkle root over accepted events.
    ///
    /// @param judgementSetId null for the seal over turns and questions
    /// @param leaves how many events
    /// @param supersedes the seal it replaces
    public record Seal(
            String sealId, @Nullable String judgementSetId, String root, long leaves, @Nullable String supersedes,
            @Nullable String signature, @Nullable String publicKey) {}
}
