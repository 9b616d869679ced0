package io.turnstream.standalone.cli;

import io.turnstream.projection.comparison.ComparisonDocument;
import io.turnstream.projection.comparison.JudgementComparison;
import io.turnstream.projection.comparison.RunComparison;
import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.ReportJson;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;
import io.turnstream.standalone.render.ComparisonText;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `turnstream compare`.
@Command(name = "compare", customSynopsis = {
        "@|bold turnstream compare|@ BASELINE RUN... [FLAGS]",
        "   or: @|bold turnstream compare|@ --judgements A B RUN [FLAGS]"
}, header = "Hold runs against each other, or two judges of one run.", parameterListHeading = "%n", description = {
        "",
        "Runs: figures side by side, each difference with a paired interval, and everything else in which they",
        "differ: data, protocol, models, parameters, judge, code, time. Judges: agreement, changes and flips.",
        "Reads only: starts no workers and spends no money."
}, footerHeading = "%n@|bold Examples|@%n", footer = {
        "  turnstream compare 01JD8Z last                                the first is the baseline",
        "  turnstream compare 01JD8Z 01JD90 --judged-by openai/gpt-5     both under a judge that came later",
        "  turnstream compare --judgements openai/gpt-5-mini openai/gpt-5 last",
        "  turnstream compare 01JD8Z last --json | jq '.runs[0].differences'"
}, sortOptions = false)
final class CompareCommand implements Callable<Integer> {

    private static final int FLIPS = 20;

    @Parameters(paramLabel = "RUN", arity = "0..*", description = "A run's id, a prefix of it, or last.")
    private List<String> runs = List.of();

    @Option(names = "--baseline", paramLabel = "RUN", order = FlagGroup.OF_RUN, description = "The run that the others are held against. Default: the first.")
    private @Nullable String baseline;

    @Option(names = "--judged-by", paramLabel = "SET", order = FlagGroup.OF_RUN
            + 1, description = "Whose verdicts count in each run: the judge's name, or a judgement set's id. Default: each run's own judge.")
    private @Nullable String judgedBy;

    @Option(names = "--judgements", paramLabel = "SET", arity = "2", order = FlagGroup.OF_RUN
            + 2, description = "Two judgement sets of one run: ids, prefixes of ids, or names of judges.")
    private List<String> judgements = List.of();

    @Option(names = "--flips", paramLabel = "N", order = FlagGroup.OF_OUTPUT
            + 3, description = "How many changed scores are listed. Default: 20.")
    private @Nullable String flips;

    @Mixin
    private TableOptions table = new TableOptions();
    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    CompareCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Place place = where.place(around.environment(), 0);
        table.scoring();
        table.byCategory();
        Integer most = Numbers.whole("--flips", flips, 0, Integer.MAX_VALUE);
        ComparisonDocument document = around.platforms().read(place,
                reports -> judgements.isEmpty() ? runs(reports, place) : judgements(reports, place));
        if (table.json()) {
            around.out().println(ReportJson.pretty(document));
        } else {
            ComparisonText text = new ComparisonText(around.screen());
            document.runs().forEach(runs -> print(text.lines(runs, table.byCategory())));
            document.judgements()
                    .forEach(sets -> print(text.lines(sets, table.byCategory(), most == null ? FLIPS : most)));
        }
        around.out().flush();
        return ExitCode.DONE.code();
    }

    private void print(List<String> lines) {
        around.out().println();
        lines.forEach(around.out()::println);
    }

    private ComparisonDocument runs(Reports reports, Place place) {
        List<String> wanted = new ArrayList<>(runs);
        if (baseline != null) {
            wanted.addFirst(baseline);
        }
        List<JudgedRun> found = wanted.stream().map(run -> KnownRuns.report(reports, run, place)).map(this::judged)
                .toList();
        List<JudgedRun> distinct = found.stream().distinct().toList();
        if (distinct.size() < 2) {
            throw new UsageException("RUN",
                    found.size() < 2
                            ? "two runs are needed, and " + found.size() + " is named"
                            : "only one run is named, more than once",
                    "Name the baseline first, then the others; two judges of one run are compared with --judgements A B RUN.");
        }
        List<RunComparison> comparisons = distinct.stream().skip(1)
                .map(candidate -> RunComparison.of(reports, distinct.getFirst(), candidate, table.scoring(),
                        table.byCategory()))
                .toList();
        return ComparisonDocument.of(table.scoring(), comparisons, List.of());
    }

    private JudgedRun judged(RunReport run) {
        return judgedBy == null ? JudgedRun.byItsOwnJudge(run) : KnownSets.of(run, "--judged-by", judgedBy);
    }

    private ComparisonDocument judgements(Reports reports, Place place) {
        if (judgedBy != null || baseline != null) {
            throw new UsageException(judgedBy != null ? "--judged-by" : "--baseline", "is for comparing runs",
                    "Leave it out with --judgements.");
        }
        List<String> wanted = runs.isEmpty() ? List.of(Reports.LAST) : runs;
        List<JudgementComparison> comparisons = new ArrayList<>();
        for (String run : wanted) {
            RunReport report = KnownRuns.report(reports, run, place);
            JudgedRun a = KnownSets.of(report, "--judgements", judgements.getFirst());
            JudgedRun b = KnownSets.of(report, "--judgements", judgements.getLast());
            if (a.equals(b)) {
                throw new UsageException("--judgements", "both names mean the set " + a.judgementSetId(),
                        "Name two sets; 'turnstream list' shows those there are.");
            }
            comparisons.add(JudgementComparison.of(reports, a, b, table.scoring(), table.byCategory()));
        }
        return ComparisonDocument.of(table.scoring(), List.of(), comparisons);
    }
}
