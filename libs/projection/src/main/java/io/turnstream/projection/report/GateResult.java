package io.turnstream.projection.report;

import io.turnstream.benchmark.expectation.Expectations;
import io.turnstream.benchmark.expectation.Gate;
import io.turnstream.benchmark.expectation.InvalidExpectationsException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What became of a gate that was stated before a run.
///
/// @param gate as it is written
/// @param scoring that it looks at
/// @param threshold on the metric's scale
/// @param value the figure; null without samples
/// @param ciLow lower end of its 95 % interval; null where there are too few images
/// @param ciHigh its upper end
/// @param n samples the figure rests on
/// @param total samples planned
/// @param minimumCoverage the share of them that it must rest on
/// @param passed whether the figure keeps the bound, and rests on enough
/// @param reason why it did not pass; null where it did
public record GateResult(
        String gate, String split, String modality, String metric, String scoring, String comparison, double threshold,
        @Nullable Double value,
        @Nullable Double ciLow, @Nullable Double ciHigh, long n, long total, double minimumCoverage, boolean passed,
        @Nullable String reason) {

    /// Evaluates the gates that were stated before a run, under the judge it was asked for with.
    ///
    /// @param expectations as they stand in the log; null for none
    /// @return empty where none were stated, or a newer version wrote them
    public static List<GateResult> of(@Nullable String expectations, @Nullable String ownSet, List<ReportCell> cells) {
        if (expectations == null) {
            return List.of();
        }
        try {
            Expectations stated = Expectations.parse(expectations);
            return stated.gates().stream().map(gate -> of(stated, gate, ownSet, cells)).toList();
        } catch (InvalidExpectationsException e) {
            return List.of();
        }
    }

    private static GateResult of(Expectations stated, Gate gate, @Nullable String ownSet, List<ReportCell> cells) {
        Optional<ReportCell> found = cells.stream()
                .filter(cell -> cell.split().equals(gate.split()) && cell.modality().equals(gate.modality())
                        && cell.category().equals(ReportCell.ALL)
                        && cell.metric().equals(gate.metric().wireName())
                        && cell.scoring().equals(stated.scoring().wireName())
                        && (cell.judgementSetId() == null || cell.judgementSetId().equals(ownSet)))
                .findFirst();
        ReportCell cell = found
                .orElse(new ReportCell(gate.split(), gate.modality(), ReportCell.ALL, gate.metric().wireName(), ownSet,
                        stated.scoring().wireName(), null, 0, 0, null, null));
        String reason = reason(stated, gate, cell);
        return new GateResult(gate.text(), gate.split(), gate.modality(), cell.metric(), cell.scoring(),
                gate.comparison().sign(), gate.threshold(),
                cell.value(), cell.ciLow(), cell.ciHigh(), cell.n(), cell.total(), stated.minimumCoverage(),
                reason == null, reason);
    }

    private static @Nullable String reason(Expectations stated, Gate gate, ReportCell cell) {
        Double value = cell.value();
        if (cell.total() == 0) {
            return "nothing of it was planned";
        }
        if (value == null) {
            return "none of " + cell.total() + " planned samples has a value";
        }
        if (cell.n() < stated.minimumCoverage() * cell.total()) {
            return String.format(Locale.ROOT, "it rests on %d of %d planned samples, %.1f %%, and %.1f %% are needed",
                    cell.n(), cell.total(),
                    100.0 * cell.n() / cell.total(), 100 * stated.minimumCoverage());
        }
        return gate.comparison().holds(value, gate.threshold()) ? null : "the figure does not keep the bound";
    }
}
