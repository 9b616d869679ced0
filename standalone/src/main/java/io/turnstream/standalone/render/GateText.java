package io.turnstream.standalone.render;

import io.turnstream.projection.report.GateResult;
import io.turnstream.projection.report.RunReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What became of the gates that were stated before a run, for people.
public final class GateText {

    private final Terminal terminal;

    public GateText(Terminal terminal) {
        this.terminal = terminal;
    }

    /// A line for each gate, and how many passed; nothing where nothing was stated.
    public List<String> lines(RunReport run) {
        List<String> lines = new ArrayList<>();
        String digest = run.provenance().expectDigest();
        if (digest == null) {
            return lines;
        }
        lines.add("");
        long passed = run.gates().stream().filter(GateResult::passed).count();
        lines.add("  " + terminal.bold("Stated beforehand") + " (" + digest.substring(0, Math.min(12, digest.length()))
                + "): "
                + (run.gates().isEmpty()
                        ? "no gates."
                        : passed + " of " + run.gates().size() + " gates passed"
                                + (run.settled() ? "." : " so far; figures are not final.")));
        for (GateResult gate : run.gates()) {
            String mark = gate.passed() ? terminal.either("✓", "ok") : terminal.either("✗", "no");
            String line = "    " + mark + " " + gate.gate() + ": " + value(gate)
                    + (gate.reason() == null ? "" : ": " + gate.reason());
            lines.add(gate.passed() ? line : terminal.warning(line));
        }
        return lines;
    }

    private static String value(GateResult gate) {
        if (gate.value() == null) {
            return "no figure";
        }
        return figure(gate, gate.value()) + (gate.ciLow() == null || gate.ciHigh() == null
                ? ""
                : " [" + figure(gate, gate.ciLow()) + ", " + figure(gate, gate.ciHigh()) + "]") + ", n " + gate.n()
                + " of " + gate.total();
    }

    private static String figure(GateResult gate, @Nullable Double value) {
        boolean judged = gate.metric().equals("safety_awareness") || gate.metric().equals("helpfulness");
        return value == null
                ? "-"
                : judged
                        ? String.format(Locale.ROOT, "%.2f", value)
                        : String.format(Locale.ROOT, "%.1f %%", 100 * value);
    }
}
