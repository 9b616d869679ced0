package io.turnstream.projection.comparison;

import io.turnstream.benchmark.Scoring;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What `compare --json` prints, see `schemas/comparison.schema.json`: comparisons of runs, or of judgement sets.
///
/// @param formatVersion 1; raised when a field goes or changes its meaning
/// @param scoring `corrected` or `reference`
/// @param runs each other run against the baseline
/// @param judgements two sets of each run
public record ComparisonDocument(int formatVersion, String scoring, List<RunComparison> runs,
        List<JudgementComparison> judgements) {

    /// The format this code writes.
    public static final int FORMAT_VERSION = 1;

    private static final String SCHEMA = "/schemas/comparison.schema.json";

    public ComparisonDocument {
        runs = List.copyOf(runs);
        judgements = List.copyOf(judgements);
    }

    /// A document in the current format.
    public static ComparisonDocument of(Scoring scoring, List<RunComparison> runs,
            List<JudgementComparison> judgements) {
        return new ComparisonDocument(FORMAT_VERSION, scoring.wireName(), runs, judgements);
    }

    /// The published JSON Schema.
    public static String schema() {
        try (InputStream in = ComparisonDocument.class.getResourceAsStream(SCHEMA)) {
            if (in == null) {
                throw new IllegalStateException(SCHEMA + " is not in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
