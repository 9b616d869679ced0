package io.turnstream.standalone.cli;

import io.turnstream.console.CostTerms;
import io.turnstream.contracts.RunCommand;
import io.turnstream.events.RecordedProvider;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.RunStates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Goes on with runs that were paused, halted or interrupted.
final class ResumedRuns {

    private final Surroundings around;
    private final Results results;
    private final Place place;

    ResumedRuns(Surroundings around, Results results, Place place) {
        this.around = around;
        this.results = results;
        this.place = place;
    }

    /// @param wanted ids, prefixes or `last`
    /// @param check looks at each run before anything starts
    /// @param costs limits of money that hold from then on
    /// @param providers the addresses that are given
    /// @return the exit code
    int goOn(List<String> wanted, Consumer<RunReport> check, CostFlags costs, ProviderFlags providers) {
        List<RunReport> runs = around.platforms().read(place, reports -> find(reports, wanted));
        runs.forEach(check);
        List<RunReport> open = runs.stream().filter(run -> !RunStates.isFinal(run.state())).toList();
        if (open.isEmpty()) {
            around.platforms().read(place, reports -> {
                results.print(reports, runs);
                return runs;
            });
            around.say("Nothing to go on with: "
                    + runs.stream().map(run -> run.id() + " is " + run.state()).collect(Collectors.joining(", "))
                    + ".");
            return ExitCode.of(runs).code();
        }
        open.forEach(ResumedRuns::requireCallable);
        Map<String, CostTerms> limits = new LinkedHashMap<>();
        open.forEach(run -> limits.put(run.id(), costs.limits(run)));
        Set<String> models = new LinkedHashSet<>();
        Set<String> judges = new LinkedHashSet<>();
        Map<String, String> names = new LinkedHashMap<>();
        for (RunReport run : open) {
            models.add(run.model());
            EvalCommand.judges(run.judge()).forEach(judges::add);
            names.put(run.id(), run.model());
        }
        Platforms.Callees callees = providers.callees(around.platforms(), place, models, judges);
        around.announceStart(place);
        return around.platforms().use(place, Platforms.Work.CALLS, callees, reached -> {
            limits.forEach((id, terms) -> reached.platform().command(id, RunCommand.RESUME, null, terms));
            return new RunSession(around, results, reached).seeThrough(names, ended -> {});
        });
    }

    /// An import answers its run itself; once it has ended, nobody can.
    private static void requireCallable(RunReport run) {
        if (run.model().startsWith(RecordedProvider.NAME + "/")) {
            throw new UsageException("run " + run.id(),
                    "its import was interrupted, and nobody else has the recorded answers",
                    "End it with 'turnstream cancel " + run.id() + "' and import the folder again.");
        }
    }

    private List<RunReport> find(Reports reports, List<String> wanted) {
        List<RunReport> runs = new ArrayList<>();
        for (String run : wanted) {
            runs.add(KnownRuns.report(reports, run, place));
        }
        return Objects.requireNonNull(runs);
    }
}
