package io.turnstream.standalone.cli;

import io.turnstream.events.Ids;
import io.turnstream.projection.report.Reports;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `turnstream score`: recorded runs under another judge.
@Command(name = "score", customSynopsis = "@|bold turnstream score|@ RUN... --judge PROVIDER/NAME [FLAGS]", header = "Judge recorded runs again, without calling their models.", parameterListHeading = "%n", description = {
        "",
        "Reads the recorded transcripts of runs back from the log and has a judge score them into a new",
        "judgement set, beside the verdicts that are there. No model under test is called. A set is never",
        "overwritten. Ctrl-C pauses; the same command with --only unscored goes on, also after a crash."
}, footerHeading = "%n@|bold Examples|@%n", footer = {
        "  turnstream score last --judge openai/gpt-5",
        "  turnstream score 01JD8Z 01JD90 --judge openai/gpt-5 --rubric my-rubric",
        "  turnstream score last --judge openai/gpt-5-mini --only unscored     what the run's judge left open",
        "  turnstream score last --judge openai/gpt-5 --select 'split=type_b score=1,2'",
        "  turnstream show last --judgements openai/gpt-5                      the table again",
        "  turnstream compare --judgements openai/gpt-5-mini openai/gpt-5 last",
        "",
        "@|bold Exit codes|@",
        "  0 done, 2 wrong usage or input, 3 ended incomplete, halted or cancelled, 130 interrupted"
}, sortOptions = false)
final class ScoreCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "A run's id, a prefix of it, or last.")
    private List<String> runs = List.of();

    @Mixin
    private ScoreOptions options = new ScoreOptions();
    @Mixin
    private TableOptions table = new TableOptions();
    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    ScoreCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Integer port = Numbers.whole("--port", options.port, 0, 65_535);
        Place place = where.place(around.environment(), port == null ? 0 : port);
        Results results = new Results(around, table);
        table.scoring();
        table.byCategory();
        ScoreOrder score = new ScoreOrder(options, around.folder(), place.prices(),
                System.getProperty("user.name", "unknown"));
        List<ScoreOrder.Wanted> wanted = around.platforms().read(place, reports -> find(reports, place)).stream()
                .distinct().toList();
        List<ScoreOrder.Asked> asked = wanted.stream().map(run -> new ScoreOrder.Asked(run.runId(), score.order(run)))
                .toList();
        Platforms.Callees callees = new ProviderFlags(around.environment(), null, options.judgeBaseUrl)
                .callees(around.platforms(), place, List.of(), List.of(score.judge()));
        around.announceStart(place);
        return around.platforms().use(place, Platforms.Work.JUDGE_CALLS, callees,
                reached -> new ScoreSession(around, results, reached, score.flags()).seeThrough(asked));
    }

    private List<ScoreOrder.Wanted> find(Reports reports, Place place) {
        List<ScoreOrder.Wanted> found = new ArrayList<>();
        for (String run : runs) {
            // a run whose projection is gone is known to the log alone
            found.add(reports.run(run)
                    .map(report -> new ScoreOrder.Wanted(report.id(), report.provenance().requested().get("judge"),
                            report.provenance().protocolDigest()))
                    .orElseGet(() -> isWholeId(run)
                            ? new ScoreOrder.Wanted(run.strip(), null, null)
                            : new ScoreOrder.Wanted(KnownRuns.id(reports, run, place), null, null)));
        }
        return found;
    }

    private static boolean isWholeId(String run) {
        return Ids.timeOf(run.strip()).isPresent();
    }
}
