package io.turnstream.standalone.render;

import io.turnstream.console.RebuildStatus;
import io.turnstream.projection.store.ProjectionComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// How far a rebuild is, and what came of it.
public final class RebuildText {

    private static final int MOST_RUNS = 20;

    private final Terminal terminal;

    public RebuildText(Terminal terminal) {
        this.terminal = terminal;
    }

    /// One line.
    public String progress(RebuildStatus status) {
        if (status.phase() == RebuildStatus.Phase.COMPARING) {
            return "all read; comparing with the documents before";
        }
        double share = status.total() == 0 ? 0 : 100.0 * status.read() / status.total();
        return Amounts.count(status.read()) + " of " + Amounts.count(status.total()) + " records read (" + (long) share
                + " %)";
    }

    /// How many documents there are now, and what differs from before.
    public List<String> result(RebuildStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold("Rebuilt from " + Amounts.of(status.total(), "record") + " of the log in "
                + String.format(java.util.Locale.ROOT, "%.1f s", status.seconds()) + "."));
        if (status.removed() > 0) {
            lines.add("Removed what " + Amounts.of(status.removed(), "rebuild") + " left that "
                    + (status.removed() == 1 ? "was" : "were") + " broken off before.");
        }
        lines.add("");
        new TreeMap<>(status.documents()).forEach(
                (collection, count) -> lines.add(String.format("  %-16s%12s", collection, Amounts.count(count))));
        lines.add("");
        ProjectionComparison.Result comparison = status.comparison();
        if (comparison == null) {
            lines.add("There was nothing to compare with: the documents before were damaged or missing.");
            return lines;
        }
        if (comparison.differences().isEmpty()) {
            lines.add("Nothing differs from before, in any field of any document ("
                    + Amounts.of(comparison.compared(), "run") + " compared).");
        } else {
            long figures = comparison.differences().stream().filter(ProjectionComparison.Difference::figures).count();
            lines.add(terminal.warning(
                    Amounts.of(comparison.differences().size(), "run") + " of " + Amounts.count(comparison.compared())
                            + " differ from before"
                            + (figures == 0 ? ", none in a figure:" : ", " + Amounts.count(figures) + " in figures:")));
            comparison.differences().stream().limit(MOST_RUNS)
                    .forEach(run -> lines.add("  " + run.runId() + "  " + documents(run.documents())
                            + (run.figures() ? "; see 'turnstream show " + run.runId() + "'" : "")));
            if (comparison.differences().size() > MOST_RUNS) {
                lines.add("  ... and " + Amounts.count(comparison.differences().size() - MOST_RUNS)
                        + " more; --json has them all");
            }
        }
        if (!comparison.goingOn().isEmpty()) {
            lines.add(Amounts.of(comparison.goingOn().size(), "run") + " not compared, because "
                    + (comparison.goingOn().size() == 1 ? "it goes" : "they go") + " on.");
        }
        return lines;
    }

    private static String documents(Map<String, Long> differing) {
        return new TreeMap<>(differing).entrySet().stream()
                .map(part -> part.getKey() + " " + Amounts.count(part.getValue()))
                .collect(Collectors.joining(", "));
    }
}
