package io.turnstream.standalone.render;

import io.turnstream.messaging.Escapes;
import io.turnstream.projection.report.RunSummary;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Runs, one line each, the newest first.
public final class RunTable {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final int FIXED = 2 + 28 + 12 + 13 + 11 + 18;

    private final Terminal terminal;
    private final ZoneId zone;

    public RunTable(Terminal terminal, ZoneId zone) {
        this.terminal = terminal;
        this.zone = zone;
    }

    /// A header, a line per run, and why a run stands where somebody should know.
    public List<String> lines(List<RunSummary> runs, Instant now) {
        int model = Math.clamp(terminal.width() - FIXED - 1L, 16, 48);
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold(line(model, "RUN", "STATE", "DIALOGUES", "COST", "ASKED FOR", "MODEL")));
        for (RunSummary run : runs) {
            lines.add(line(model, run.id(), run.state(), dialogues(run), cost(run), when(run.requestedAt(), now),
                    run.model()));
            if (run.reason() != null && !run.reason().isBlank() && !run.state().equals("completed")) {
                lines.add(terminal.dim("    " + terminal.cut(Escapes.line(run.reason()), terminal.width() - 5)));
            }
            run.judgementSets().forEach(set -> lines.add(terminal.dim("    " + terminal.cut(
                    "judged again by " + set.judge() + ": " + set.state() + ", " + set.judgementSetId(),
                    terminal.width() - 5))));
        }
        return lines;
    }

    private String line(int modelWidth, String id, String state, String dialogues, String cost, String when,
            String model) {
        return String.format("  %-28s%-12s%-13s%-11s%-18s%s", id, state, dialogues, cost, when,
                terminal.cut(model, modelWidth)).stripTrailing();
    }

    private static String dialogues(RunSummary run) {
        Long planned = run.dialogues();
        if (planned == null) {
            return "planning";
        }
        return run.dialoguesFinished() == planned
                ? Amounts.count(planned)
                : Amounts.count(run.dialoguesFinished()) + "/" + Amounts.count(planned);
    }

    /// A plus where some calls have no known price, a dash where none has.
    private static String cost(RunSummary run) {
        if (run.priced()) {
            return Amounts.money(run.costNanoUsd());
        }
        return run.costNanoUsd() == 0 ? "-" : Amounts.money(run.costNanoUsd()) + "+";
    }

    private String when(@Nullable Instant instant, Instant now) {
        if (instant == null) {
            return "-";
        }
        Duration ago = Duration.between(instant, now);
        if (ago.compareTo(Duration.ofMinutes(1)) < 0) {
            return "just now";
        }
        if (ago.compareTo(Duration.ofHours(1)) < 0) {
            return ago.toMinutes() + " min ago";
        }
        return ago.compareTo(Duration.ofHours(12)) < 0 ? ago.toHours() + " h ago" : DAY.format(instant.atZone(zone));
    }
}
