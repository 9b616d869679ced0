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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// Reports of the projection that is the live one now. Whoever has begun to read ends on the one that he began with.
final class SwitchedReports implements Reports {

    private static final int MOST_READERS = 1 << 20;

    private record Source(Reports reports, Semaphore readers) {}

    private volatile Source live;

    SwitchedReports(Reports first) {
        live = new Source(first, new Semaphore(MOST_READERS));
    }

    /// Reads from another projection from now on.
    ///
    /// @param patience how long readers of the former one may take to end
    void switchTo(Reports next, Duration patience) {
        Source former = live;
        live = new Source(next, new Semaphore(MOST_READERS));
        try {
            former.readers().tryAcquire(MOST_READERS, patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> T read(Function<Reports, T> use) {
        Source source;
        do {
            // refused only by one that has been left meanwhile
            source = live;
        } while (!source.readers().tryAcquire());
        try {
            return use.apply(source.reports());
        } finally {
            source.readers().release();
        }
    }

    @Override
    public List<RunSummary> runs() {
        return read(Reports::runs);
    }

    @Override
    public Optional<Instant> changedAt(String runId) {
        return read(reports -> reports.changedAt(runId));
    }

    @Override
    public Optional<String> runId(String idOrPrefixOrLast) {
        return read(reports -> reports.runId(idOrPrefixOrLast));
    }

    @Override
    public Optional<RunReport> run(String idOrPrefixOrLast) {
        return read(reports -> reports.run(idOrPrefixOrLast));
    }

    @Override
    public Optional<Progress> progress(String runId) {
        return read(reports -> reports.progress(runId));
    }

    @Override
    public List<JudgementSetFacts> judgementSets(String runId) {
        return read(reports -> reports.judgementSets(runId));
    }

    @Override
    public void rows(String runId, Consumer<ScoredStep> consumer) {
        read(reports -> {
            reports.rows(runId, consumer);
            return runId;
        });
    }

    @Override
    public void dialogues(String runId, Consumer<Dialogue> consumer) {
        read(reports -> {
            reports.dialogues(runId, consumer);
            return runId;
        });
    }

    @Override
    public boolean dialoguesSettled(String runId) {
        return read(reports -> reports.dialoguesSettled(runId));
    }

    @Override
    public List<ScoreCounts> cells(String runId) {
        return read(reports -> reports.cells(runId));
    }

    @Override
    public List<RejectedRow> rejections(String runId) {
        return read(reports -> reports.rejections(runId));
    }
}
