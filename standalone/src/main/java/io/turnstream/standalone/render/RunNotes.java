package io.turnstream.standalone.render;

import io.turnstream.messaging.Escapes;
import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.Provenance;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.Spending;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is to be said below a run's table: what was not fine, what it cost, how the run stands.
final class RunNotes {

    private static final Map<String, String> KINDS = kinds();

    private final Terminal terminal;

    RunNotes(Terminal terminal) {
        this.terminal = terminal;
    }

    private static Map<String, String> kinds() {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("turn", "turns");
        kinds.put("mcq", "multiple choice");
        kinds.put("tf", "true/false");
        kinds.put("judge", "verdicts");
        return kinds;
    }

    List<String> lines(JudgedRun judged) {
        RunReport run = judged.run();
        List<String> lines = new ArrayList<>();
        List<String> notFine = notFine(judged);
        if (!notFine.isEmpty()) {
            lines.add("");
            lines.add(terminal.warning("  Not every step went well:"));
            notFine.forEach(line -> lines.add("    " + line));
            hints(judged).forEach(line -> lines.add("    " + line));
        }
        dataNotes(run, lines);
        if (run.reason() != null && !run.reason().isBlank()) {
            lines.add("");
            lines.add(terminal.warning("  " + run.state() + ": ") + Escapes.line(run.reason()));
        }
        judged.facts().filter(set -> set.reason() != null && !set.reason().isBlank()).ifPresent(set -> {
            lines.add("");
            lines.add(terminal.warning("  verdicts " + set.state() + ": ") + Escapes.line(set.reason()));
        });
        lines.add("");
        spent(run).forEach(line -> lines.add(terminal.dim("  " + line)));
        root(run).ifPresent(root -> lines
                .add(terminal.dim("  root " + root + terminal.either(" · ", " - ") + "turnstream verify")));
        return lines;
    }

    private List<String> notFine(JudgedRun run) {
        List<String> lines = new ArrayList<>();
        KINDS.forEach((kind, name) -> {
            Map<String, Long> outcomes = run.outcomesByKind().getOrDefault(kind, Map.of());
            String counts = outcomes.entrySet().stream()
                    .filter(entry -> !entry.getKey().equals("answered") && !entry.getKey().equals("judged")
                            && entry.getValue() > 0)
                    .map(entry -> Amounts.count(entry.getValue()) + " " + entry.getKey())
                    .collect(Collectors.joining(", "));
            if (!counts.isEmpty()) {
                long all = outcomes.values().stream().mapToLong(Long::longValue).sum();
                lines.add(name + " (" + Amounts.count(all) + "): " + counts);
            }
        });
        return lines;
    }

    private static List<String> hints(JudgedRun run) {
        List<String> hints = new ArrayList<>();
        if (count(run, "truncated") > 0) {
            hints.add("truncated: the limit was spent before a word was written. Raise --max-tokens.");
        }
        if (count(run, "oversized") > 0) {
            hints.add(
                    "oversized: answers of more than 256 KiB, of which nothing is kept; what they left out lowers the coverage. A smaller --max-tokens bounds them.");
        }
        if (count(run, "judge_unparseable") > 0) {
            hints.add("judge_unparseable: no score could be read. A larger --judge-max-tokens often helps.");
        }
        if (count(run, "provider_error") + count(run, "judge_error") > 0) {
            hints.add(
                    "provider_error, judge_error: calls that failed for good; what they left out lowers the coverage.");
            hints.add("Try them again, and nothing else: turnstream retry " + run.run().id());
        }
        return hints;
    }

    private static long count(JudgedRun run, String outcome) {
        return run.outcomesByKind().values().stream().mapToLong(outcomes -> outcomes.getOrDefault(outcome, 0L)).sum();
    }

    private void dataNotes(RunReport run, List<String> lines) {
        List<String> notes = new ArrayList<>();
        add(notes, run.provenance().rejectedRows(), "row", "left out as bad");
        add(notes, run.provenance().rejectedQuestions(), "question", "left out as bad");
        if (!notes.isEmpty()) {
            lines.add("");
            lines.add(terminal.warning("  Data set: ") + String.join(", ", notes) + ".");
        }
    }

    private static void add(List<String> notes, @Nullable Long count, String noun, String what) {
        if (count != null && count > 0) {
            notes.add(Amounts.of(count, noun) + " " + what);
        }
    }

    /// What the run's turns and questions were sealed with last. Printed, it is kept wherever the output is, and a log
    /// that is written anew does not have it.
    private static Optional<String> root(RunReport run) {
        List<Provenance.Seal> seals = run.provenance().seals();
        return seals.stream()
                .filter(seal -> seal.judgementSetId() == null
                        && seals.stream().noneMatch(later -> seal.sealId().equals(later.supersedes())))
                .map(Provenance.Seal::root).findFirst();
    }

    /// The run as a whole and, where money or a limit is in it, whom the calls went to.
    private List<String> spent(RunReport run) {
        List<String> lines = new ArrayList<>();
        lines.add(taken(run.calls(), run.inputTokens(), run.outputTokens(), run.costNanoUsd(), run.unpriced()));
        boolean worthwhile = run.costNanoUsd() > 0
                || run.spending().stream().anyMatch(spent -> spent.limitNanoUsd() != null);
        if (worthwhile) {
            run.spending().forEach(spent -> lines.add(line(spent)));
        }
        return lines;
    }

    private String line(Spending spent) {
        String taken = ": " + Amounts.count(spent.inputTokens()) + " in, " + Amounts.count(spent.outputTokens())
                + " out, "
                + money(spent.costNanoUsd(), spent.unpriced())
                + (spent.limitNanoUsd() == null ? "" : " of at most " + Amounts.money(spent.limitNanoUsd()));
        return "  "
                + terminal.cut(spent.role() + " " + spent.name(), Math.max(12, terminal.width() - 5 - taken.length()))
                + taken;
    }

    private static String taken(long calls, long inputTokens, long outputTokens, long costNanoUsd, long unpriced) {
        return Amounts.of(calls, "call") + ", " + Amounts.count(inputTokens) + " tokens in, "
                + Amounts.count(outputTokens) + " out, "
                + money(costNanoUsd, unpriced);
    }

    private static String money(long costNanoUsd, long unpriced) {
        return costNanoUsd == 0 && unpriced > 0
                ? "price not known"
                : Amounts.money(costNanoUsd)
                        + (unpriced > 0 ? " and " + Amounts.count(unpriced) + " calls without a known price" : "");
    }
}
