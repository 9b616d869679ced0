package io.turnstream.standalone.render;

import io.turnstream.messaging.Escapes;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where a run's figures come from, for people: everything that a report names.
public final class ProvenanceText {

    private static final int FIELD = 22;
    private static final List<String> CALLS = List.of("dialogue", "mcq", "tf", "judge");
    private static final Map<String, String> STEPS = Map.of("dialogue", "turn");

    private final Terminal terminal;

    public ProvenanceText(Terminal terminal) {
        this.terminal = terminal;
    }

    /// The lines.
    public List<String> lines(JudgedRun judged) {
        Provenance run = judged.run().provenance();
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("  " + terminal.bold("Provenance"));
        add(lines, "run", judged.run().id());
        add(lines, "asked for by", run.requestedBy());
        add(lines, "start", run.requestedAt());
        add(lines, "end", run.endedAt());
        add(lines, "code version", run.codeVersion());
        add(lines, "data set", String.join(", ", run.dataset()));
        add(lines, "data set digest", run.datasetDigest());
        add(lines, "captions digest", run.captionsDigest());
        add(lines, "protocol", run.protocolName());
        add(lines, "protocol digest", run.protocolDigest());
        add(lines, "model requested", judged.run().model());
        add(lines, "model as served", String.join(", ", run.modelsServed()));
        add(lines, "guardrail", run.guardrail() == null ? "none" : run.guardrail());
        for (String call : CALLS) {
            boolean later = call.equals("judge") && !judged.isOwn();
            if (!later
                    && (run.requested().containsKey(call) && (!call.equals("judge") || judged.run().judge() != null))) {
                add(lines, call + " requested", text(run.requested().get(call)));
                add(lines, call + " effective",
                        run.effective().getOrDefault(STEPS.getOrDefault(call, call), List.of()).stream()
                                .map(ProvenanceText::text)
                                .collect(Collectors.joining("; ")));
            }
        }
        add(lines, "judge", judged.judge());
        add(lines, "judgement set", judged.judgementSetId());
        if (judged.isOwn()) {
            add(lines, "judge as served", String.join(", ", run.judgesServed()));
        }
        judged.facts().ifPresent(set -> judgement(lines, set));
        add(lines, "expectations", run.expectDigest());
        run.seals().stream()
                .filter(seal -> seal.judgementSetId() == null || seal.judgementSetId().equals(judged.judgementSetId()))
                .forEach(seal -> add(lines, "seal " + seal.sealId().substring(seal.sealId().lastIndexOf('/') + 1)
                        + (seal.judgementSetId() == null ? "" : " of verdicts"), seal.root()));
        if (run.expectations() != null) {
            lines.add("");
            lines.add("  " + terminal.bold("Stated beforehand"));
            run.expectations().lines().map(line -> "    " + Escapes.line(line)).forEach(lines::add);
        }
        return lines;
    }

    private void judgement(List<String> lines, JudgementSetFacts set) {
        add(lines, "judge as served", String.join(", ", set.judgesServed()));
        add(lines, "judge requested", text(set.parameters()));
        add(lines, "judge effective",
                set.effective().stream().map(ProvenanceText::text).collect(Collectors.joining("; ")));
        add(lines, "rubric", set.protocolName());
        add(lines, "rubric digest", set.protocolDigest());
        add(lines, "replicate", set.replicate());
        set.rounds().forEach(round -> add(lines, round.onlyUnscored() ? "unscored asked for" : "verdicts asked for",
                round.requestedAt() + " by " + round.requestedBy() + ", code " + round.codeVersion()));
        add(lines, "verdicts end", set.changedAt());
    }

    private void add(List<String> lines, String field, @Nullable Object value) {
        if (value != null && !value.toString().isBlank()) {
            lines.add("    " + terminal.dim(String.format("%-" + FIELD + "s", field)) + value);
        }
    }

    private static String text(@Nullable Parameters parameters) {
        return parameters == null
                ? ""
                : "temperature " + (parameters.temperature() == null ? "none" : parameters.temperature())
                        + ", max tokens "
                        + (parameters.maxTokens() == null ? "none" : parameters.maxTokens())
                        + (parameters.seed() == null ? "" : ", seed " + parameters.seed());
    }
}
