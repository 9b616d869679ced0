package io.turnstream.messaging;

import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// When something was done for a run. Pure: it reads the run's records in [io.turnstream.events.Topics#RUNS].
///
/// ```
///  requested ──► COMPLETED          retried ──► COMPLETED     set opened ──► COMPLETED
///  └────── a span ──────┘           └──── a span ────┘        └────── a span ─────┘
/// ```
final class RunSpans {

    private static final String RUN = "run";

    private final List<Span> spans = new ArrayList<>();
    private final Set<String> atWork = new HashSet<>();

    /// A time in which events of a run were accepted.
    ///
    /// @param fromMillis first, ms since the epoch
    /// @param toMillis last; null while something is still being done
    record Span(long fromMillis, @Nullable Long toMillis) {}

    private RunSpans() {}

    /// The spans of a run, in the order of time.
    ///
    /// @param entries the run's records from its first on
    static List<Span> of(List<RunLog.Entry> entries) {
        RunSpans spans = new RunSpans();
        entries.forEach(spans::add);
        return List.copyOf(spans.spans);
    }

    private void add(RunLog.Entry entry) {
        if (spans.isEmpty()) {
            atWork.add(RUN);
            spans.add(new Span(entry.timestampMillis(), null));
        }
        switch (entry.event()) {
            case RunStateChanged changed -> note(RUN, isFinal(changed.getState()), entry);
            case JudgementSetOpened opened -> note(opened.getSpec().getJudgementSetId(), false, entry);
            case JudgementSetStateChanged changed ->
                note(changed.getJudgementSetId(), isFinal(changed.getState()), entry);
            default -> {
                /* says nothing about when work began or ended */ }
        }
    }

    private void note(String what, boolean ended, RunLog.Entry entry) {
        if (!ended) {
            boolean idle = atWork.isEmpty();
            if (atWork.add(what) && idle) {
                spans.add(new Span(entry.timestampMillis(), null));
            }
            return;
        }
        atWork.remove(what);
        if (atWork.isEmpty()) {
            // Whoever is cancelled says so twice: at once, and when the last dialogue has ended. The later one counts.
            spans.add(new Span(spans.removeLast().fromMillis(), entry.timestampMillis()));
        }
    }

    private static boolean isFinal(RunState state) {
        return switch (state) {
            case COMPLETED, INCOMPLETE, CANCELLED, FAILED -> true;
            case UNKNOWN, PLANNING, RUNNING, PAUSED, HALTED -> false;
        };
    }
}
