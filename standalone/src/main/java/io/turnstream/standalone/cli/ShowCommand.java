package io.turnstream.standalone.cli;

import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.RunReport;
import io.turnstream.standalone.render.ProvenanceText;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `turnstream show`.
@Command(name = "show", customSynopsis = "@|bold turnstream show|@ [RUN...] [FLAGS]", header = "Print the table of runs again.", parameterListHeading = "%n", description = {
        "", "Prints the table of runs again.",
        "Reads only: starts no workers and spends no money."}, footerHeading = "%n@|bold Examples|@%n", footer = {
                "  turnstream show last",
                "  turnstream show 01JD8Z 01JD90 --scoring reference    two runs, scored as the published code does",
                "  turnstream show last --by category",
                "  turnstream show last --judgements openai/gpt-5       the verdicts of another judge",
                "  turnstream show last --json | jq '.runs[0].cells[] | select(.split==\"all\" and .modality==\"all\")'"
        }, sortOptions = false)
final class ShowCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RUN", arity = "0..*", description = "A run's id, a prefix of it, or last. Default: last.")
    private List<String> runs = List.of();

    @Option(names = "--judgements", paramLabel = "SET", order = FlagGroup.OF_OUTPUT
            + 3, description = "Whose verdicts: a judgement set's id, a prefix of it, or the judge's name. Default: the run's own judge.")
    private @Nullable String judgements;

    @Option(names = "--provenance", order = FlagGroup.OF_OUTPUT
            + 4, description = "Where the figures come from, too: digests, models and judges as served, parameters, who and when. --json always holds it.")
    private boolean provenance;

    @Mixin
    private TableOptions table = new TableOptions();
    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    ShowCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Place place = where.place(around.environment(), 0);
        List<String> wanted = runs.isEmpty() ? List.of("last") : runs;
        table.scoring();
        table.byCategory();
        around.platforms().read(place, reports -> {
            List<RunReport> found = wanted.stream().map(run -> KnownRuns.report(reports, run, place)).toList();
            List<JudgedRun> judged = found.stream().map(this::judged).toList();
            new Results(around, table).printJudged(reports, judged);
            if (provenance && !table.json()) {
                judged.forEach(run -> new ProvenanceText(around.screen()).lines(run).forEach(around.out()::println));
                around.out().flush();
            }
            return found;
        });
        return ExitCode.DONE.code();
    }

    private JudgedRun judged(RunReport run) {
        if (judgements == null) {
            return JudgedRun.byItsOwnJudge(run);
        }
        JudgedRun judged = KnownSets.of(run, "--judgements", judgements);
        return new JudgedRun(run.withFiguresOf(judged.judgementSetId()), judged.judgementSetId());
    }
}
