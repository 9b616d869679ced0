package io.turnstream.standalone.cli;

import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.RunStates;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `turnstream watch`.
@Command(name = "watch", customSynopsis = "@|bold turnstream watch|@ [RUN] [FLAGS]", header = "Show how far a run is.", parameterListHeading = "%n", description = {
        "",
        "Shows how far a run is until it is over, then prints its table.",
        "Reads only, unless --resume is given. Ctrl-C ends the watching; the run goes on."
}, footerHeading = "%n@|bold Examples|@%n", footer = {
        "  turnstream watch                 the newest run, while it goes on in another terminal",
        "  turnstream watch last --resume   go on with it here"
}, sortOptions = false)
final class WatchCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RUN", arity = "0..1", description = "A run's id, a prefix of it, or last. Default: last.")
    private String run = "last";

    @Option(names = "--resume", order = FlagGroup.OF_RUN, description = "Go on with the run if it does not, as 'eval --resume' does.")
    private boolean resume;

    @Mixin
    private TableOptions table = new TableOptions();
    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    WatchCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Place place = where.place(around.environment(), 0);
        Results results = new Results(around, table);
        table.scoring();
        table.byCategory();
        if (resume) {
            return new ResumedRuns(around, results, place).goOn(List.of(run), report -> {}, CostFlags.NONE,
                    new ProviderFlags(around.environment(), null, null));
        }
        boolean running = around.platforms().isRunning(place);
        return around.platforms().read(place, reports -> {
            RunReport report = KnownRuns.report(reports, run, place);
            RunWatch.@Nullable End end = null;
            if (running && !RunStates.isFinal(report.state())) {
                end = new RunWatch(around, reports, Map.of(report.id(), report.model()), false).follow();
            }
            if (end == RunWatch.End.INTERRUPTED) {
                around.say("The run goes on. Look again with: turnstream watch " + report.id());
                return ExitCode.INTERRUPTED.code();
            }
            RunReport last = Optional.ofNullable(end).flatMap(ended -> reports.run(report.id())).orElse(report);
            results.print(reports, List.of(last));
            if (!RunStates.isFinal(last.state())) {
                around.say((running
                        ? "The run is " + last.state() + "."
                        : "Nothing runs on this home now; the run stands still.")
                        + " Go on with: turnstream eval --resume " + last.id());
            }
            return ExitCode.of(last).code();
        });
    }
}
