package io.turnstream.standalone.cli;

import io.turnstream.console.JudgementSetName;
import io.turnstream.contracts.RunCommand;
import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.RunStates;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `turnstream cancel`.
@Command(name = "cancel", customSynopsis = "@|bold turnstream cancel|@ RUN [FLAGS]", header = "End a run for good.", parameterListHeading = "%n", description = {
        "",
        "Ends a run for good. What was answered stays; what was not counts as cancelled.",
        "Works from a second terminal while the run goes on, and on runs that are paused. Spends no money."
}, footerHeading = "%n@|bold Example|@%n", footer = "  turnstream cancel last --reason 'wrong judge'", sortOptions = false)
final class CancelCommand implements Callable<Integer> {

    private static final int LOOKS = 300;
    private static final long LOOK_MILLIS = 100;

    @Parameters(paramLabel = "RUN", description = "A run's id, a prefix of it, or last.")
    private String run = "";

    @Option(names = "--reason", paramLabel = "TEXT", order = FlagGroup.OF_RUN, description = "Why, kept with the run.")
    private @Nullable String reason;

    @Option(names = "--judgements", paramLabel = "SET", order = FlagGroup.OF_RUN
            + 1, description = "End this judgement set of the run: its id, a prefix of it, or the judge's name. The run stays as it is.")
    private @Nullable String judgements;

    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    CancelCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Place place = where.place(around.environment(), 0);
        RunReport report = around.platforms().read(place, reports -> KnownRuns.report(reports, run, place));
        if (judgements != null) {
            return cancelSet(KnownSets.of(report, "--judgements", judgements), place);
        }
        if (RunStates.isFinal(report.state())) {
            around.out().println("Run " + report.id() + " is already " + report.state() + ". Nothing was changed.");
            around.out().flush();
            return ExitCode.DONE.code();
        }
        return around.platforms().use(place, Platforms.Work.NO_CALLS, Platforms.Callees.nobody(), reached -> {
            reached.platform().command(report.id(), RunCommand.CANCEL,
                    reason == null ? "cancelled by the user" : reason);
            for (int looks = 0; looks < LOOKS; looks++) {
                Optional<Progress> progress = reached.platform().reports().progress(report.id());
                // settled: what was open has been counted as cancelled, too
                if (progress.filter(Progress::settled).isPresent()) {
                    around.out().println(
                            "Run " + report.id() + " is " + progress.map(Progress::state).orElse("cancelled") + ".");
                    around.out().flush();
                    return ExitCode.DONE.code();
                }
                around.interrupts().pause(LOOK_MILLIS);
            }
            boolean ended = reached.platform().reports().progress(report.id())
                    .filter(now -> RunStates.isFinal(now.state())).isPresent();
            around.say("turnstream: run " + report.id() + (ended
                    ? " is cancelled; its figures are still being counted."
                    : " was asked to end, but has not said so yet.") + " Look again with 'turnstream list'.");
            return ExitCode.INCOMPLETE.code();
        });
    }

    private int cancelSet(JudgedRun judged, Place place) {
        JudgementSetName set = new JudgementSetName(judged.run().id(), String.valueOf(judged.judgementSetId()));
        if (RunStates.isFinal(judged.state())) {
            around.out().println("Judgement set " + set.judgementSetId() + " is already " + judged.state()
                    + ". Nothing was changed.");
            around.out().flush();
            return ExitCode.DONE.code();
        }
        return around.platforms().use(place, Platforms.Work.NO_CALLS, Platforms.Callees.nobody(), reached -> {
            reached.platform().command(set, RunCommand.CANCEL, reason == null ? "cancelled by the user" : reason);
            for (int looks = 0; looks < LOOKS; looks++) {
                if (reached.platform().reports().judgementSets(set.runId()).stream()
                        .anyMatch(facts -> facts.judgementSetId().equals(set.judgementSetId()) && facts.settled())) {
                    around.out().println("Judgement set " + set.judgementSetId() + " is cancelled.");
                    around.out().flush();
                    return ExitCode.DONE.code();
                }
                around.interrupts().pause(LOOK_MILLIS);
            }
            around.say("turnstream: judgement set " + set.judgementSetId()
                    + " was asked to end, but has not said so yet. Look again with 'turnstream list'.");
            return ExitCode.INCOMPLETE.code();
        });
    }
}
