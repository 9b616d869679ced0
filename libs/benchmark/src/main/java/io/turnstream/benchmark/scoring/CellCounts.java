package io.turnstream.benchmark.scoring;

import io.turnstream.benchmark.Metric;
import io.turnstream.benchmark.Outcome;
import io.turnstream.benchmark.Scoring;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// The counts behind one cell of the table: whole numbers that add and subtract, never means. The counts of `all` are
/// the sum of its parts, so pooling weighs every sample alike.
///
/// @param outcomes finished steps by outcome; only those that occurred
/// @param correctedN the corrected denominator
/// @param correctedSum the corrected numerator: correct answers, or the sum of scores
/// @param referenceN the published denominator
/// @param referenceSum the published numerator
public record CellCounts(Map<Outcome, Long> outcomes, long correctedN, long correctedSum, long referenceN,
        long referenceSum) {

    /// Nothing counted yet.
    public static final CellCounts ZERO = new CellCounts(Map.of(), 0, 0, 0, 0);

    private static final int REFERENCE_DECIMALS = 4;

    /// Counts that are zero are left out, so that equal counts are equal records. Counts may pass through negative
    /// numbers while a stream takes old rows back before it adds new ones.
    public CellCounts {
        Map<Outcome, Long> present = new EnumMap<>(Outcome.class);
        outcomes.forEach((outcome, count) -> {
            if (count != 0) {
                present.put(outcome, count);
            }
        });
        outcomes = Collections.unmodifiableMap(present);
    }

    /// The counts of that one step.
    public static CellCounts of(StepScore score) {
        return new CellCounts(Map.of(score.outcome(), 1L), score.correctedCounted() ? 1 : 0, score.correctedValue(),
                score.referenceCounted() ? 1 : 0, score.referenceValue());
    }

    public CellCounts plus(StepScore score) {
        return plus(of(score));
    }

    public CellCounts minus(StepScore score) {
        return minus(of(score));
    }

    public CellCounts plus(CellCounts other) {
        return combine(other, 1);
    }

    public CellCounts minus(CellCounts other) {
        return combine(other, -1);
    }

    /// How many steps are counted, by whatever outcome.
    public long finished() {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }

    /// How many steps ended so.
    public long count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /// The value of the cell.
    ///
    /// `corrected` is the plain quotient. `reference` is rounded to four decimals as the published code does it: to the
    /// nearest decimal of the exact binary value, ties to the even digit.
    ///
    /// @param metric says which scale is meant; a value off that scale is an error in the counts
    public CellValue value(Metric metric, Scoring scoring) {
        long n = switch (scoring) {
            case CORRECTED -> correctedN;
            case REFERENCE -> referenceN;
        };
        long sum = switch (scoring) {
            case CORRECTED -> correctedSum;
            case REFERENCE -> referenceSum;
        };
        if (n == 0 && sum == 0) {
            return new CellValue(null, 0);
        }
        if (n < 0 || sum < n * metric.lowest() || sum > n * metric.highest()) {
            throw new IllegalStateException(
                    "Counts of %s are not on its scale: sum %d of %d".formatted(metric.wireName(), sum, n));
        }
        double mean = (double) sum / n;
        return new CellValue(switch (scoring) {
            case CORRECTED -> mean;
            case REFERENCE -> roundToReference(mean);
        }, n);
    }

    /// Rounds to four decimals: the exact binary value to the nearest, ties to the even digit.
    static double roundToReference(double value) {
        return new BigDecimal(value).setScale(REFERENCE_DECIMALS, RoundingMode.HALF_EVEN).doubleValue();
    }

    private CellCounts combine(CellCounts other, int sign) {
        Map<Outcome, Long> combined = new EnumMap<>(Outcome.class);
        combined.putAll(outcomes);
        other.outcomes.forEach((outcome, count) -> combined.merge(outcome, sign * count, Long::sum));
        return new CellCounts(combined, correctedN + sign * other.correctedN, correctedSum + sign * other.correctedSum,
                referenceN + sign * other.referenceN, referenceSum + sign * other.referenceSum);
    }
}
