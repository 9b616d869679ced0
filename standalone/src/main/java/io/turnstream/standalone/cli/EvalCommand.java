package io.turnstream.standalone.cli;

import io.turnstream.console.RunOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `turnstream eval`: one run per model, in the foreground.
@Command(name = "eval", customSynopsis = {
        "@|bold turnstream eval|@ --model PROVIDER/NAME --dataset PATH [--judge PROVIDER/NAME] [FLAGS]",
        "   or: @|bold turnstream eval|@ --resume RUN"
}, header = "Take models through the benchmark and print the table.", description = {
        "",
        "Takes each model through MTMCS-Bench, or a data set of its shape: every dialogue, every question,",
        "every verdict of the judge. Each model gets a run of its own. Ctrl-C pauses; --resume goes on."
}, footerHeading = "%n@|bold Examples|@%n", footer = {
        "  turnstream eval --model openai/gpt-5-mini --judge openai/gpt-5-mini --dataset data --limit 20",
        "  turnstream eval --model vllm/Qwen/Qwen3-VL-8B-Instruct --model-base-url http://localhost:8000/v1 \\",
        "                  --judge openai/gpt-5-mini --dataset data --split type_b --json > result.json",
        "  turnstream eval --resume last",
        "",
        "@|bold Environment|@",
        "  OPENAI_API_KEY, OPENAI_BASE_URL       provider openai",
        "  TURNSTREAM_PROVIDER_ACME_BASE_URL,    provider acme: any other OpenAI-compatible one",
        "  TURNSTREAM_PROVIDER_ACME_API_KEY",
        "  TURNSTREAM_MAX_CONNECTIONS, ...       any flag, its name in capitals",
        "  A .env file in the working directory is read; what is set in the environment wins.",
        "",
        "@|bold Exit codes|@",
        "  0 done, 1 a gate of --expect failed, 2 wrong usage or input,",
        "  3 ended incomplete, halted or cancelled, 130 interrupted"
}, sortOptions = false)
final class EvalCommand implements Callable<Integer> {

    @Mixin
    private EvalOptions options = new EvalOptions();
    @Mixin
    private TableOptions table = new TableOptions();
    @Mixin
    private PlaceOptions where = new PlaceOptions();

    @Option(names = "--resume", paramLabel = "RUN", split = ",", hideParamSyntax = true, order = FlagGroup.OF_RUN, description = "Go on with paused or interrupted runs, with their recorded parameters: ids, prefixes of ids, or last.")
    private List<String> resume = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    private final Surroundings around;

    EvalCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Integer port = Numbers.whole("--port", options.port, 0, 65_535);
        Place place = where.place(around.environment(), port == null ? 0 : port);
        Results results = new Results(around, table);
        table.scoring();
        table.byCategory();
        return resume.isEmpty() ? start(place, results) : goOn(place, results);
    }

    private int start(Place place, Results results) {
        EvalOrder eval = new EvalOrder(options, around.folder(), !place.isDeployed(), place.prices());
        RunOrder order = eval.order(System.getProperty("user.name", "unknown"));
        Platforms.Callees callees = new ProviderFlags(around.environment(), options.modelBaseUrl, options.judgeBaseUrl)
                .callees(around.platforms(), place, order.models(), judges(order.judge()));
        if (order.judge() == null) {
            around.err().println("No --judge: safety-awareness and helpfulness are not scored.");
        }
        around.announceStart(place);
        return around.platforms().use(place, Platforms.Work.CALLS, callees, reached -> {
            List<String> ids = reached.platform().submit(order);
            Map<String, String> models = new LinkedHashMap<>();
            for (int i = 0; i < ids.size(); i++) {
                models.put(ids.get(i), order.models().get(i));
                around.err().println("Run " + ids.get(i) + "  " + order.models().get(i));
            }
            around.err().flush();
            return new RunSession(around, results, reached).seeThrough(models, runs -> results.say(
                    System.lineSeparator() + "  Kept in " + place.name() + ". Again: turnstream show " + ids.getLast()
                            + "; everything behind it: turnstream export " + ids.getLast() + " --format csv"));
        });
    }

    private int goOn(Place place, Results results) {
        CommandSpec command = java.util.Objects.requireNonNull(spec);
        List<String> given = command.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName).toList();
        return new ResumedRuns(around, results, place).goOn(resume,
                run -> new RecordedFlags(options, around.folder()).require(given, run), options.costs(),
                new ProviderFlags(around.environment(), options.modelBaseUrl, options.judgeBaseUrl));
    }

    static List<String> judges(@Nullable String judge) {
        return judge == null ? List.of() : List.of(judge);
    }
}
