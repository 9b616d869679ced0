package io.turnstream.metrics.scoring;

import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.ScoreCell;
import io.turnstream.contracts.ScoreRow;
import io.turnstream.contracts.Subject;
import io.turnstream.events.Costs;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Folds score rows into cells: whole numbers that rows are added to and taken from. What is left after an addition and
/// its removal is what was before, whatever came in between.
final class ScoreCells {

    private ScoreCells() {}

    /// The finest group a row belongs to.
    static String cellId(ScoreRow row) {
        Subject subject = row.getSubject();
        return String.join("|", subject.getRunId(), Ids.wireName(subject.getSplit()),
                Ids.wireName(subject.getModality()),
                Ids.wireName(subject.getIntent()), subject.getCategory(), Ids.wireName(row.getStep().getKind()),
                row.getJudgementSetId() == null ? "" : row.getJudgementSetId(), Integer.toString(subject.getEpoch()));
    }

    /// A cell in which nothing is counted; it gets its group with its first row.
    static ScoreCell empty() {
        ScoreCell cell = new ScoreCell();
        cell.setOutcomes(List.of());
        return cell;
    }

    static ScoreCell plus(String cellId, ScoreRow row, ScoreCell cell) {
        return combine(cellId, row, cell, 1);
    }

    static ScoreCell minus(String cellId, ScoreRow row, ScoreCell cell) {
        return combine(cellId, row, cell, -1);
    }

    private static ScoreCell combine(String cellId, ScoreRow row, ScoreCell cell, int sign) {
        Subject subject = row.getSubject();
        long version = cell.getVersion() + 1;
        EventMeta before = cell.getMeta();
        long occurredAt = row.getMeta().getOccurredAtMillis();
        EventMeta meta = EventTypes.causedBy(row, cellId + "/v" + version,
                before == null ? occurredAt : Math.max(before.getOccurredAtMillis(), occurredAt));
        boolean corrected = row.getCorrectedCounted();
        boolean reference = row.getReferenceCounted();
        return new ScoreCell(meta, cellId, subject.getRunId(), subject.getSplit(), subject.getModality(),
                subject.getIntent(),
                subject.getCategory(), row.getStep().getKind(), row.getJudgementSetId(), subject.getEpoch(), version,
                outcomes(cell, row, sign),
                cell.getCorrectedCount() + (corrected ? sign : 0),
                cell.getCorrectedSum() + (corrected ? sign * row.getCorrectedValue() : 0),
                cell.getReferenceCount() + (reference ? sign : 0),
                cell.getReferenceSum() + (reference ? sign * row.getReferenceValue() : 0),
                cell.getAttempts() + (long) sign * row.getAttempts(),
                Costs.plus(cell.getInputTokens(), sign * row.getInputTokens()),
                Costs.plus(cell.getOutputTokens(), sign * row.getOutputTokens()),
                Costs.plus(cell.getCostNanoUsd(), sign * cost(row.getCostNanoUsd())),
                cell.getUnpriced() + (isUnpriced(row) ? sign : 0));
    }

    private static List<OutcomeCount> outcomes(ScoreCell cell, ScoreRow row, int sign) {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        cell.getOutcomes().forEach(count -> counts.put(count.getOutcome(), count.getCount()));
        counts.merge(row.getOutcome(), (long) sign, Long::sum);
        return counts.entrySet().stream()
                .filter(count -> count.getValue() != 0)
                .map(count -> new OutcomeCount(row.getStep().getKind(), count.getKey(), count.getValue()))
                .toList();
    }

    private static long cost(@Nullable Long nanoUsd) {
        return nanoUsd == null ? 0 : nanoUsd;
    }

    private static boolean isUnpriced(ScoreRow row) {
        return row.getCostNanoUsd() == null && switch (row.getOutcome()) {
            case ANSWERED, ANSWER_UNPARSEABLE, MODEL_REFUSED, TRUNCATED, EMPTY, OVERSIZED, JUDGED, JUDGE_UNPARSEABLE,
                    JUDGE_REFUSED ->
                true;
            case PROVIDER_ERROR, NOT_REACHED, CANCELLED, JUDGE_ERROR, UNKNOWN -> false;
        };
    }
}
