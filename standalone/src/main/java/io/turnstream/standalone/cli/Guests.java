package io.turnstream.standalone.cli;

import io.turnstream.console.JudgementSetName;
import java.time.Instant;
import java.util.Map;

/// What other terminals asked the platform of this process for.
///
/// @param runs `provider/name` of the model by run id, the oldest first
/// @param judgements by judgement set
public record Guests(Map<String, String> runs, Map<JudgementSetName, Judging> judgements) {

    /// Who judges, and since when.
    ///
    /// @param judge `provider/name`
    /// @param since what is known of the set from before says nothing about it
    public record Judging(String judge, Instant since) {}
}
