package io.turnstream.standalone.render;

import io.turnstream.projection.document.ScoredStep.Contribution;
import io.turnstream.projection.report.ExplainedAnswer;
import io.turnstream.projection.report.Explanation;
import io.turnstream.projection.report.Explanation.FaultCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Why the corrected figures of a run are not its reference figures, for people: totals by fault, then each answer.
public final class ExplanationText {

    private static final int QUOTED = 60;

    private final Terminal terminal;

    public ExplanationText(Terminal terminal) {
        this.terminal = terminal;
    }

    /// The lines.
    ///
    /// @param changedOnly whether answers that add the same to both figures are passed over
    public List<String> lines(Explanation explanation, boolean changedOnly) {
        if (explanation.withheld()) {
            return List.of(
                    terminal.bold("Run " + explanation.run())
                            + ": the texts of its answers were withheld when it was exported (--redact).",
                    "The published code's parsers read texts, so there is nothing to compare. Its corrected figures stand: what was read is not withheld.");
        }
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold("Run " + explanation.run()) + String.format(Locale.ROOT,
                ": %d of %d answers are read or counted differently by the two scorings, %d change a figure.",
                explanation.differences().size(), explanation.answers(), explanation.changed()));
        lines.add("");
        for (FaultCount fault : explanation.faults()) {
            lines.add(String.format(Locale.ROOT, "  %-9s%6d, of which %d change a figure: %s", name(fault.fault()),
                    fault.differences(), fault.changed(), fault.words()));
        }
        for (FaultCount fault : explanation.faults()) {
            List<ExplainedAnswer> answers = explanation.differences().stream()
                    .filter(answer -> Objects.equals(answer.fault(), fault.fault())
                            && (answer.changesScore() || !changedOnly))
                    .toList();
            if (!answers.isEmpty()) {
                lines.add("");
                lines.add(terminal.bold(heading(fault)));
                answers.forEach(answer -> lines.addAll(lines(answer)));
            }
        }
        return lines;
    }

    private static String heading(FaultCount fault) {
        return fault.fault() == null ? fault.words() : "Fault " + fault.fault() + ": " + fault.words();
    }

    private static String name(@Nullable Integer fault) {
        return fault == null ? "no fault" : "fault " + fault;
    }

    private List<String> lines(ExplainedAnswer answer) {
        String dialogue = answer.subject().dialogueId().substring(answer.subject().runId().length() + 1);
        String raw = answer.raw();
        return List.of(
                "  " + dialogue + " " + answer.step()
                        + (answer.judgementSetId() == null ? "" : " (" + answer.judgementSetId() + ")") + "  "
                        + (raw == null ? "no text" : Quotation.of(raw, QUOTED, terminal)),
                terminal.dim("    corrected " + read(answer.correctedReading(), answer.corrected()) + "; reference "
                        + read(answer.referenceReading(), answer.reference())
                        + (answer.groundTruth() == null ? "" : "; the truth is " + answer.groundTruth()) + ": "
                        + answer.why()));
    }

    private static String read(@Nullable String reading, Contribution contribution) {
        return "reads " + (reading == null ? "nothing" : reading)
                + (contribution.counted() ? ", counts " + contribution.value() : ", not counted");
    }
}
