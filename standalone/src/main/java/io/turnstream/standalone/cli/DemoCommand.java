package io.turnstream.standalone.cli;

import io.turnstream.console.RunOrder;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.RunReport;
import io.turnstream.providers.Providers;
import io.turnstream.standalone.render.DemoVerdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `turnstream demo`: two simulated models on the bundled data set.
@Command(name = "demo", customSynopsis = "@|bold turnstream demo|@ [FLAGS]", header = "See it work: two simulated models on the bundled data set.", parameterListHeading = "%n", description = {
        "",
        "Evaluates two simulated models of different character on the bundled data set. All is real but the",
        "models: broker, registry, document store, workers, and HTTP calls to a simulator on this machine.",
        "Needs no key and no network, costs nothing, takes under half a minute."
}, footerHeading = "%n@|bold Example|@%n", footer = "  turnstream demo --home /tmp/try", sortOptions = false)
final class DemoCommand implements Callable<Integer> {

    /// System property or variable that names the folder of the installation.
    static final String INSTALLATION = "TURNSTREAM_INSTALLATION";

    private static final List<String> MODELS = List.of("sim/contextual", "sim/forgetful");
    private static final String JUDGE = "sim/judge";
    private static final Limits LIMITS = new Limits(64, 5, 30_000);

    @Option(names = "--dataset", paramLabel = "PATH", order = FlagGroup.OF_DATA, description = "Another data set. Default: the bundled datasets/mini.")
    private @org.jspecify.annotations.Nullable Path dataset;

    @Mixin
    private TableOptions table = new TableOptions();
    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    DemoCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Place place = where.place(around.environment(), 0);
        table.scoring();
        table.byCategory();
        if (place.isDeployed()) {
            throw new UsageException("--url", "the demo runs on this machine only",
                    "Unset TURNSTREAM_URL, or use 'turnstream eval'.");
        }
        if (around.platforms().isRunning(place)) {
            throw new UsageException(place.name(), "a platform is at work on this home",
                    "Wait for it, or give the demo a home of its own with --home DIR.");
        }
        Path data = dataset == null ? bundled() : around.folder().resolve(dataset).toAbsolutePath().normalize();
        if (!Files.exists(data)) {
            throw new UsageException("--dataset", "there is no data set at " + data,
                    "Check the path, or set " + INSTALLATION + " to the folder of the installation.");
        }
        RunOrder order = new RunOrder(MODELS, JUDGE, List.of(data.toString()), null, null, null, null, null, LIMITS,
                null, null, false,
                null, List.of("demo"), System.getProperty("user.name", "unknown"));
        Results results = new Results(around, table);
        around.err().println("Two simulated models, judged by a simulated judge, on " + data + ".");
        around.announceStart(place);
        Platforms.Callees callees = new Platforms.Callees(Providers.of(List.of()), Providers.of(List.of()), true);
        return around.platforms().use(place, Platforms.Work.CALLS, callees, reached -> {
            List<String> ids = reached.platform().submit(order);
            Map<String, String> models = new LinkedHashMap<>();
            for (int i = 0; i < ids.size(); i++) {
                models.put(ids.get(i), MODELS.get(i));
            }
            return new RunSession(around, results, reached).seeThrough(models, runs -> closing(results, place, runs));
        });
    }

    private Path bundled() {
        String installation = System.getProperty(INSTALLATION.toLowerCase(java.util.Locale.ROOT).replace('_', '.'),
                around.environment().getOrDefault(INSTALLATION, ""));
        return (installation.isBlank() ? around.folder() : Path.of(installation)).resolve("datasets/mini")
                .toAbsolutePath().normalize();
    }

    private void closing(Results results, Place place, List<RunReport> runs) {
        if (runs.size() == 2) {
            DemoVerdict.of(runs.get(0), runs.get(1), table.scoring()).ifPresent(sentence -> {
                results.say("");
                DemoVerdict.wrapped(sentence, Math.min(around.screen().width(), 100) - 2)
                        .forEach(line -> results.say("  " + line));
            });
        }
        results.say("");
        results.say("  Kept in " + place.name() + ". Next:");
        results.say("    turnstream show last --by category          the table by safety scenario");
        results.say("    turnstream export last --format csv         every prompt, answer and verdict");
        results.say("    turnstream eval --model openai/NAME --judge openai/NAME --dataset PATH");
        results.say(
                "                                                a real model: set OPENAI_API_KEY, or --model-base-url");
    }
}
