package io.turnstream.standalone.platform;

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

/// What there is to read in a home that does not exist yet: reading makes none.
record EmptyReports() implements Reports {

    @Override
    public List<RunSummary> runs() {
        return List.of();
    }

    @Override
    public Optional<String> runId(String idOrPrefixOrLast) {
        return Optional.empty();
    }

    @Override
    public Optional<RunReport> run(String idOrPrefixOrLast) {
        return Optional.empty();
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
        // no run, no rows
    }

    @Override
    public void dialogues(String runId, Consumer<Dialogue> consumer) {
        // no run, no dialogues
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
