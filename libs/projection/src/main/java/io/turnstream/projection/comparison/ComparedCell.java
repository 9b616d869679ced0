package io.turnstream.projection.comparison;

import org.jspecify.annotations.Nullable;

/// One figure of two runs, or of two judgement sets of one run.
///
/// @param split `type_a`, `type_b` or `all`
/// @param modality `multimodal`, `unimodal` or `all`
/// @param category a safety scenario or `all`
/// @param metric `mcq_safe`, `mcq_unsafe`, `tf`, `safety_awareness` or `helpfulness`
/// @param baseline what the one has by itself
/// @param candidate what the other has by itself
/// @param difference candidate less baseline, the mean over the pairs; null where nothing pairs
/// @param ciLow lower end of its 95 % interval, clustered by image; null for fewer than two images
/// @param ciHigh its upper end
/// @param pValue of the two-sided test of no difference; null for fewer than two images
/// @param pairs samples that both have
/// @param images images they are about
/// @param baselineOnly samples that only the baseline has
/// @param candidateOnly samples that only the candidate has
public record ComparedCell(
        String split, String modality, String category, String metric, Side baseline, Side candidate,
        @Nullable Double difference,
        @Nullable Double ciLow, @Nullable Double ciHigh, @Nullable Double pValue, long pairs, int images,
        long baselineOnly, long candidateOnly) {

    /// A figure by itself.
    ///
    /// @param value mean over the samples, 0..1 for questions, 1..5 for verdicts; null without any
    /// @param n samples it rests on
    /// @param total samples planned
    public record Side(@Nullable Double value, long n, long total) {}
}
