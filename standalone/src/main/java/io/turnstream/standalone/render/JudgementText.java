package io.turnstream.standalone.render;

import io.turnstream.messaging.Escapes;
import io.turnstream.projection.report.JudgementSetFacts;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How far a judgement set is, in a line.
public final class JudgementText {

    /// `01JD... by openai/gpt-5: running, 12/48 dialogues, judged 11, judge_unparseable 1, $0.0070`
    ///
    /// @param facts null before the set was first heard of
    public String line(String runId, String judge, @Nullable JudgementSetFacts facts) {
        String what = runId + " by " + judge + ": ";
        if (facts == null) {
            return what + "asked for";
        }
        StringBuilder line = new StringBuilder(what)
                .append(facts.state().equals("planning") ? "reading transcripts" : facts.state());
        Long planned = facts.planned();
        if (planned != null) {
            line.append(", ").append(Amounts.count(facts.dialogues()))
                    .append(facts.dialogues() == planned ? "" : "/" + Amounts.count(planned))
                    .append(" dialogues");
        }
        if (!facts.outcomes().isEmpty()) {
            line.append(", ").append(outcomes(facts.outcomes()));
        }
        if (facts.costNanoUsd() > 0) {
            line.append(", ").append(Amounts.money(facts.costNanoUsd()));
        }
        String reason = facts.reason();
        return reason == null || reason.isBlank()
                ? line.toString()
                : line.append(" (").append(Escapes.line(reason)).append(')').toString();
    }

    private static String outcomes(Map<String, Long> outcomes) {
        return outcomes.entrySet().stream().map(entry -> entry.getKey() + ' ' + Amounts.count(entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
