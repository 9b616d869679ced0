package io.turnstream.standalone.cli;

import io.turnstream.console.Platform;
import io.turnstream.contracts.RunCommand;
import io.turnstream.messaging.Escapes;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.RunStates;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Follows runs in the foreground to their end: shows progress, pauses them on Ctrl-C, prints the results, and finds
/// the exit code.
final class RunSession {

    private static final int PAUSE_LOOKS = 100;
    private static final long PAUSE_LOOK_MILLIS = 100;

    private final Surroundings around;
    private final Results results;
    private final Platforms.Reached reached;

    RunSession(Surroundings around, Results results, Platforms.Reached reached) {
        this.around = around;
        this.results = results;
        this.reached = reached;
    }

    /// Sees runs through.
    ///
    /// @param models `provider/name` by run id
    /// @param afterwards what else is to be done with the results of runs that are over
    /// @return the exit code
    int seeThrough(Map<String, String> models, Consumer<List<RunReport>> afterwards) {
        RunWatch.End end = new RunWatch(around, reached.platform().reports(), models, false).follow();
        List<String> ids = List.copyOf(models.keySet());
        return switch (end) {
            case INTERRUPTED -> pause(ids);
            case STUCK -> {
                List<RunReport> runs = printWorthwhile(ids);
                runs.stream().filter(run -> run.state().equals("halted")).forEach(run -> around.err().println(
                        "turnstream: run " + run.id() + " was halted: "
                                + (run.reason() == null ? "no reason is known" : Escapes.line(run.reason()))));
                around.say("Mend what is named above, then: turnstream eval --resume " + String.join(",", ids));
                yield ExitCode.INCOMPLETE.code();
            }
            case OVER -> {
                List<RunReport> runs = print(ids);
                for (RunReport run : runs) {
                    if (run.state().equals("failed")) {
                        around.err().println("turnstream: "
                                + (run.reason() == null ? "the run could not be planned" : Escapes.line(run.reason())));
                    }
                }
                Reports reports = reached.platform().reports();
                ids.stream().filter(id -> reports.progress(id).filter(progress -> !progress.settled()).isPresent())
                        .forEach(id -> around.err().println(
                                "turnstream: run " + id
                                        + " has ended, but not all of its figures have arrived. Look again with: turnstream show "
                                        + id));
                around.err().flush();
                afterwards.accept(runs);
                yield ExitCode.of(runs).code();
            }
        };
    }

    /// Leaves tables out that would hold nothing but dashes.
    private List<RunReport> printWorthwhile(List<String> ids) {
        Reports reports = reached.platform().reports();
        List<RunReport> runs = ids.stream().map(reports::run).flatMap(Optional::stream).toList();
        if (results.areJson() || runs.stream().anyMatch(run -> run.calls() > 0)) {
            results.print(reports, runs);
        }
        return runs;
    }

    private List<RunReport> print(List<String> ids) {
        Reports reports = reached.platform().reports();
        List<RunReport> runs = ids.stream().map(reports::run).flatMap(Optional::stream).toList();
        results.print(reports, runs);
        return runs;
    }

    /// Pauses runs after Ctrl-C and says how to go on.
    ///
    /// @return the exit code
    int pause(List<String> ids) {
        around.announcePause();
        Platform platform = reached.platform();
        List<String> open = ids.stream().filter(id -> !state(platform, id).map(RunStates::isFinal).orElse(false))
                .toList();
        open.forEach(id -> platform.command(id, RunCommand.PAUSE, "interrupted by the user"));
        for (int looks = 0; looks < PAUSE_LOOKS && open.stream().anyMatch(id -> goesOn(platform, id)); looks++) {
            sleep();
        }
        List<String> going = open.stream().filter(id -> goesOn(platform, id)).toList();
        if (!going.isEmpty()) {
            around.err().println("turnstream: asked to pause, but not heard yet: run " + String.join(", ", going)
                    + ". What is called until then is recorded; go on with: turnstream eval --resume "
                    + String.join(",", open));
        } else if (open.isEmpty()) {
            around.err().println("All runs had ended. See them with: turnstream show last");
        } else {
            around.err()
                    .println("Paused. Nothing is lost; go on with: turnstream eval --resume " + String.join(",", open));
        }
        around.err().flush();
        return ExitCode.INTERRUPTED.code();
    }

    private static boolean goesOn(Platform platform, String id) {
        return state(platform, id)
                .map(state -> !state.equals("paused") && !state.equals("halted") && !RunStates.isFinal(state))
                .orElse(true);
    }

    private static Optional<String> state(Platform platform, String id) {
        return platform.reports().progress(id).map(Progress::state);
    }

    private static void sleep() {
        try {
            Thread.sleep(PAUSE_LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
