package io.turnstream.standalone.cli;

import io.turnstream.console.CostTerms;
import io.turnstream.console.Retries;
import io.turnstream.events.RecordedProvider;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.Provenance;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.RunStates;
import io.turnstream.standalone.render.Amounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `turnstream retry`: what failed in a run, once more.
@Command(name = "retry", customSynopsis = "@|bold turnstream retry|@ RUN [FLAGS]", header = "Try again what failed in a run, and nothing else.", parameterListHeading = "%n", description = {
        "",
        "Asks once more for what a failure of the provider or the machinery left open in a run that has ended,",
        "with its recorded parameters: provider_error, judge_error, and what they left not_reached. What",
        "succeeded is not called again and stays as it is. The log keeps both tries, and the run is sealed anew."
}, footerHeading = "%n@|bold Examples|@%n", footer = {
        "  turnstream retry last",
        "  turnstream retry last --also judge_unparseable      verdicts that could not be read, too",
        "",
        "@|bold Exit codes|@",
        "  0 done, 2 wrong usage or input, or nothing to retry, 3 ended incomplete again, 130 interrupted"
}, sortOptions = false)
final class RetryCommand implements Callable<Integer> {

    private static final List<String> FAILURES = List.of("provider_error", "judge_error");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 100;

    @Parameters(paramLabel = "RUN", description = "A run's id, a prefix of it, or last.")
    private String run = "";

    @Option(names = "--also", paramLabel = "OUTCOME", split = ",", hideParamSyntax = true, order = FlagGroup.OF_RUN, description = "Outcomes to try again beside failures: truncated, empty, oversized, judge_unparseable, judge_refused.")
    private List<String> also = List.of();

    @Option(names = "--cost-limit", paramLabel = "USD", order = FlagGroup.OF_CALLS, description = "Most US dollars for all calls of the run to its model, those before included. Default: as before.")
    private @Nullable String costLimit;

    @Option(names = "--judge-cost-limit", paramLabel = "USD", order = FlagGroup.OF_CALLS
            + 1, description = "The same for its judge.")
    private @Nullable String judgeCostLimit;

    @Option(names = "--model-base-url", paramLabel = "URL", order = FlagGroup.OF_MODELS, description = "Where the model's provider is, such as http://localhost:8000/v1. Default: OPENAI_BASE_URL, else OpenAI.")
    private @Nullable String modelBaseUrl;

    @Option(names = "--judge-base-url", paramLabel = "URL", order = FlagGroup.OF_MODELS
            + 1, description = "Where the judge's provider is, if elsewhere.")
    private @Nullable String judgeBaseUrl;

    @Mixin
    private TableOptions table = new TableOptions();
    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    RetryCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Place place = where.place(around.environment(), 0);
        Results results = new Results(around, table);
        table.scoring();
        table.byCategory();
        List<String> outcomes = also.stream().map(name -> Choices.of("--also", name, Retries.names())).distinct()
                .toList();
        RunReport report = around.platforms().read(place, reports -> KnownRuns.report(reports, run, place));
        requireRetryable(report, outcomes);
        CostTerms costs = new CostFlags(null, costLimit, judgeCostLimit, "--judge-cost-limit").limits(report);
        Platforms.Callees callees = new ProviderFlags(around.environment(), modelBaseUrl, judgeBaseUrl)
                .callees(around.platforms(), place, List.of(report.model()), EvalCommand.judges(report.judge()));
        around.announceStart(place);
        return around.platforms().use(place, Platforms.Work.CALLS, callees, reached -> {
            reached.platform().retry(report.id(), outcomes, costs);
            around.say("Run " + report.id() + "  " + report.model() + ": trying again "
                    + Amounts.of(failed(report, outcomes), "step"));
            if (!awaitTaken(reached.platform().reports(), report)) {
                around.say("turnstream: the run has not been taken up yet. Look again with 'turnstream list'.");
                return ExitCode.INCOMPLETE.code();
            }
            return new RunSession(around, results, reached).seeThrough(Map.of(report.id(), report.model()),
                    ended -> {});
        });
    }

    private static void requireRetryable(RunReport report, List<String> also) {
        String id = "run " + report.id();
        if (report.model().startsWith(RecordedProvider.NAME + "/")) {
            throw new UsageException(id, "its answers were recorded elsewhere, so that nobody can be asked again",
                    "Verdicts can: turnstream score " + report.id() + " --judge NAME --only unscored.");
        }
        if (!RunStates.isFinal(report.state())) {
            throw new UsageException(id, "it is still " + report.state(),
                    "Go on with 'turnstream eval --resume " + report.id() + "', or retry when it has ended.");
        }
        if (!report.state().equals("incomplete") && !report.state().equals("completed")) {
            throw new UsageException(id,
                    "it is " + report.state() + ", and only a run that came to its end can be retried",
                    "Start it anew with 'turnstream eval'.");
        }
        report.judgementSets().stream().filter(set -> !RunStates.isFinal(set.state()))
                .map(JudgementSetFacts::judgementSetId).findFirst().ifPresent(set -> {
                    throw new UsageException(id, "its judgement set " + set + " is being judged",
                            "Wait until it has ended, or cancel it.");
                });
        if (failed(report, also) == 0) {
            throw new UsageException(id,
                    "nothing to retry: it is " + report.state() + ", and no step ended "
                            + String.join(", ", outcomes(also)),
                    "Nothing was changed." + others(report, also));
        }
    }

    private static String others(RunReport report, List<String> also) {
        List<String> there = Retries.names().stream()
                .filter(name -> !also.contains(name) && report.outcomes().getOrDefault(name, 0L) > 0).toList();
        return there.isEmpty()
                ? ""
                : " It has " + String.join(", ", there) + ": add --also " + String.join(",", there)
                        + " to try these again.";
    }

    private static long failed(RunReport report, List<String> also) {
        return outcomes(also).stream().mapToLong(outcome -> report.outcomes().getOrDefault(outcome, 0L)).sum();
    }

    private static List<String> outcomes(List<String> also) {
        List<String> outcomes = new ArrayList<>(FAILURES);
        outcomes.addAll(also);
        return outcomes;
    }

    /// The run looks as it did until the controller has heard: it goes on then, or is sealed once more already.
    private boolean awaitTaken(Reports reports, RunReport before) {
        Instant end = around.clock().instant().plus(PATIENCE);
        while (around.clock().instant().isBefore(end) && !around.interrupts().interrupted()) {
            if (reports.run(before.id()).filter(now -> !RunStates.isFinal(now.state()) || seals(now) > seals(before))
                    .isPresent()) {
                return true;
            }
            around.interrupts().pause(LOOK_MILLIS);
        }
        return false;
    }

    private static int seals(RunReport run) {
        List<Provenance.Seal> seals = run.provenance().seals();
        return seals.size();
    }
}
