package io.turnstream.audit;

import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which run was checked, as its own events say. What is null stands in no event that was read.
///
/// @param state the run's last state, such as `COMPLETED`
/// @param model `provider/name`
/// @param judge `provider/name`
/// @param protocolDigest SHA-256 (hex) of the protocol pack
/// @param datasetDigest SHA-256 (hex) of the rows that were planned
/// @param expectDigest SHA-256 (hex) of what was stated beforehand; null also where nothing was
public record AuditedRun(
        String runId, String state, @Nullable String model, @Nullable String judge, @Nullable String requestedBy,
        @Nullable Instant requestedAt, @Nullable String codeVersion, @Nullable String protocolDigest,
        @Nullable String datasetDigest,
        @Nullable String expectDigest) {

    static AuditedRun of(String runId, String state, @Nullable RunRequested requested, @Nullable RunPlanned planned) {
        String dataset = planned == null ? null : planned.getDatasetDigest();
        if (requested == null) {
            return new AuditedRun(runId, state, null, null, null, null, null, null, dataset, null);
        }
        return new AuditedRun(runId, state, name(requested.getTarget()),
                requested.getJudge() == null ? null : name(requested.getJudge()),
                requested.getRequestedBy(), Instant.ofEpochMilli(requested.getMeta().getOccurredAtMillis()),
                requested.getCodeVersion(),
                requested.getProtocolDigest(), dataset, requested.getExpectDigest());
    }

    private static String name(ModelTarget target) {
        return target.getProvider() + '/' + target.getModel();
    }
}
