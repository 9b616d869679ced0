package io.turnstream.projection.report;

import io.turnstream.projection.document.Parameters;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A judgement set that was asked for after its run: by which judge, and how far it is.
///
/// @param judge `provider/name` as requested
/// @param judgesServed the judge as the servers named it, by name
/// @param parameters as requested
/// @param effective parameters that providers accepted
/// @param protocolDigest SHA-256 (hex) of the protocol pack with rubric, judge prompt and parser
/// @param captionsDigest SHA-256 (hex) of the captions the judge reads; null for none
/// @param replicate 1.., to judge with the same judge again
/// @param state wire name of its state; `planning` while transcripts are read
/// @param reason why it is in that state, for people
/// @param settled whether it is in a final state and all its verdicts have arrived
/// @param planned dialogues of the run; null while transcripts are read
/// @param dialogues dialogues done, those that needed nothing included
/// @param outcomes verdicts by outcome
/// @param costNanoUsd 1e-9 USD for all its verdicts, as far as prices are known
/// @param unpriced calls whose price is not known
/// @param changedAt when it came into its state
/// @param rounds who asked for it, and for what was missing, in the order of time
public record JudgementSetFacts(
        String judgementSetId, String judge, List<String> judgesServed, Parameters parameters,
        List<Parameters> effective, String protocolName, String protocolDigest,
        @Nullable String captionsDigest, int replicate, String state, @Nullable String reason, boolean settled,
        @Nullable Long planned,
        long dialogues, Map<String, Long> outcomes, long costNanoUsd, long unpriced, @Nullable Instant changedAt,
        List<Round> rounds) {

    public JudgementSetFacts {
        judgesServed = List.copyOf(judgesServed);
        effective = List.copyOf(effective);
        outcomes = Collections.unmodifiableMap(new TreeMap<>(outcomes));
        rounds = List.copyOf(rounds);
    }

    /// The same, of which something has not arrived yet.
    public JudgementSetFacts unsettled() {
        return new JudgementSetFacts(judgementSetId, judge, judgesServed, parameters, effective, protocolName,
                protocolDigest, captionsDigest, replicate,
                state, reason, false, planned, dialogues, outcomes, costNanoUsd, unpriced, changedAt, rounds);
    }

    /// One request.
    ///
    /// @param onlyUnscored whether it asked for what the set lacked
    /// @param selected how many dialogues it was limited to; 0 for all
    public record Round(Instant requestedAt, String requestedBy, String codeVersion, boolean onlyUnscored,
            int selected) {}
}
