package io.turnstream.standalone.cli;

import io.turnstream.projection.document.Dialogue;
import io.turnstream.projection.document.RejectedRow;
import io.turnstream.projection.document.ScoreCounts;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.RunSummary;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// One run with its rows and dialogues.
public record SampleReports(String id, List<ScoredStep> scored, List<Dialogue> held) implements Reports {

    @Override
    public List<RunSummary> runs() {
        return List.of();
    }

    @Override
    public Optional<String> runId(String idOrPrefixOrLast) {
        return Optional.of(id);
    }

    @Override
    public Optional<RunReport> run(String idOrPrefixOrLast) {
        return Optional.of(SampleRuns.run(id, "openai/x", "completed"));
    }

    @Override
    public Optional<Progress> progress(String runId) {
        return Optional.empty();
    }

    @Override
    public List<JudgementSetFacts> judgementSets(String runId) {
        return List.of();
    }

    @Override
    public void rows(String runId, Consumer<ScoredStep> consumer) {
        scored.forEach(consumer);
    }

    @Override
    public void dialogues(String runId, Consumer<Dialogue> consumer) {
        held.forEach(consumer);
    }

    @Override
    public boolean dialoguesSettled(String runId) {
        return true;
    }

    @Override
    public List<ScoreCounts> cells(String runId) {
        return List.of();
    }

    @Override
    public List<RejectedRow> rejections(String runId) {
        return List.of();
    }
}
