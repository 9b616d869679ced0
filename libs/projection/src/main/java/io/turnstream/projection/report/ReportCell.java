package io.turnstream.projection.report;

import org.jspecify.annotations.Nullable;

/// One figure of a report.
///
/// @param split `type_a`, `type_b` or `all`
/// @param modality `multimodal`, `unimodal` or `all`
/// @param category a safety scenario or `all`
/// @param metric `mcq_safe`, `mcq_unsafe`, `tf`, `safety_awareness` or `helpfulness`
/// @param judgementSetId null for questions
/// @param scoring `corrected` or `reference`
/// @param value mean over the samples, 0..1 for questions, 1..5 for judgements; null where there are none
/// @param n samples the value rests on
/// @param total samples planned; `n / total` is the coverage
/// @param ciLow lower end of the 95 % interval, clustered by image; null where there are too few images
/// @param ciHigh its upper end
/// @param epochs how much the value differs between epochs; null unless two or more have samples
public record ReportCell(
        String split, String modality, String category, String metric, @Nullable String judgementSetId, String scoring,
        @Nullable Double value, long n, long total, @Nullable Double ciLow, @Nullable Double ciHigh,
        @Nullable EpochSpread epochs) {

    /// Of one epoch.
    public ReportCell(
            String split, String modality, String category, String metric, @Nullable String judgementSetId,
            String scoring,
            @Nullable Double value, long n, long total, @Nullable Double ciLow, @Nullable Double ciHigh) {
        this(split, modality, category, metric, judgementSetId, scoring, value, n, total, ciLow, ciHigh, null);
    }

    /// Stands for everything in `split`, `modality` and `category`.
    public static final String ALL = "all";
}
