package io.turnstream.standalone.cli;

import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunStates;
import io.turnstream.standalone.render.LiveArea;
import io.turnstream.standalone.render.Pace;
import io.turnstream.standalone.render.ProgressText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Follows runs and shows how far they are, until they are over, stand still for good, or somebody presses Ctrl-C.
final class RunWatch {

    private static final long LOOK_MILLIS = 150;
    private static final long LATER_LOOK_MILLIS = 500;
    private static final Duration LATER = Duration.ofSeconds(10);
    private static final Duration LINE_EVERY = Duration.ofSeconds(5);
    private static final Duration FIRST_LINE = Duration.ofSeconds(2);
    private static final Duration UNSETTLED = Duration.ofSeconds(30);

    /// How the watching ended.
    enum End {
        /// Every run is over, and its figures are final.
        OVER,
        /// At least one run is halted or paused, and none goes on.
        STUCK,
        /// Ctrl-C.
        INTERRUPTED
    }

    private static final class Watched {
        private final String model;
        private final Pace pace = new Pace();
        private Optional<Progress> progress = Optional.empty();
        private Instant changed = Instant.MIN;

        private Watched(String model) {
            this.model = model;
        }
    }

    private final Surroundings around;
    private final Reports reports;
    private final boolean pausedIsTheEnd;
    private final Map<String, Watched> runs = new LinkedHashMap<>();
    private final ProgressText text;

    /// @param models `provider/name` by run id, in the order to be shown
    /// @param pausedIsTheEnd whether a paused run ends the watching; else somebody may resume it elsewhere
    RunWatch(Surroundings around, Reports reports, Map<String, String> models, boolean pausedIsTheEnd) {
        this.around = around;
        this.reports = reports;
        this.pausedIsTheEnd = pausedIsTheEnd;
        this.text = new ProgressText(around.status());
        models.forEach((id, model) -> runs.put(id, new Watched(model)));
    }

    /// Watches.
    End follow() {
        LiveArea area = new LiveArea(around.err());
        Instant begin = around.clock().instant();
        Instant nextLine = begin.plus(FIRST_LINE);
        while (true) {
            Instant now = around.clock().instant();
            look(now);
            Optional<End> end = around.interrupts().interrupted() ? Optional.of(End.INTERRUPTED) : end(now);
            if (around.status().interactive()) {
                area.draw(blocks(begin, now));
            } else if (end.map(how -> how != End.STUCK).orElse(!now.isBefore(nextLine))) {
                around.say(lines(begin, now));
                nextLine = now.plus(LINE_EVERY);
            }
            if (end.isPresent()) {
                if (around.status().interactive() && end.get() == End.OVER) {
                    area.clear();
                    around.say(lines(begin, now));
                }
                return end.get();
            }
            // Each look reads all cells of each run: whoever has waited for long does not mind half a second.
            around.interrupts()
                    .pause(Duration.between(begin, now).compareTo(LATER) < 0 ? LOOK_MILLIS : LATER_LOOK_MILLIS);
        }
    }

    private void look(Instant now) {
        runs.forEach((id, run) -> {
            Optional<Progress> before = run.progress;
            run.progress = reports.progress(id);
            run.progress.ifPresent(progress -> run.pace.look(progress, now));
            run.changed = run.progress.equals(before) ? run.changed : now;
        });
    }

    private Optional<End> end(Instant now) {
        if (runs.values().stream().allMatch(run -> isOver(run, now))) {
            return Optional.of(End.OVER);
        }
        return runs.values().stream().allMatch(run -> isOver(run, now) || standsStill(run))
                ? Optional.of(End.STUCK)
                : Optional.empty();
    }

    /// Figures may arrive for long after the end on a machine that has other things to do. Where none does, none is
    /// waited for.
    private static boolean isOver(Watched run, Instant now) {
        return run.progress.filter(progress -> progress.settled()
                || RunStates.isFinal(progress.state()) && Duration.between(run.changed, now).compareTo(UNSETTLED) > 0)
                .isPresent();
    }

    private boolean standsStill(Watched run) {
        return run.progress.filter(
                progress -> progress.state().equals("halted") || pausedIsTheEnd && progress.state().equals("paused"))
                .isPresent();
    }

    private List<String> blocks(Instant begin, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        runs.values().forEach(run -> lines.addAll(run.progress
                .map(progress -> text.block(run.model, progress, run.pace, Duration.between(begin, now), now))
                .orElse(List.of("  " + run.model + ": asked for"))));
        lines.add("");
        return lines;
    }

    private List<String> lines(Instant begin, Instant now) {
        return runs.values().stream().map(run -> run.progress
                .map(progress -> text.line(run.model, progress, run.pace, Duration.between(begin, now), now))
                .orElse(run.model + ": asked for")).toList();
    }
}
