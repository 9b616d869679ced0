package io.turnstream.standalone.cli;

import io.turnstream.console.Platform;
import io.turnstream.contracts.RunCommand;
import io.turnstream.importer.FolderChangedException;
import io.turnstream.importer.ImportOrder;
import io.turnstream.importer.ImportedRun;
import io.turnstream.importer.reading.Recording;
import io.turnstream.importer.reading.RecordingReader;
import io.turnstream.importer.reading.ResultFolder;
import io.turnstream.importer.reading.ResultFolder.ModelFolder;
import io.turnstream.importer.reading.UnusableFolderException;
import io.turnstream.protocol.pack.ProtocolPack;
import io.turnstream.projection.report.RunReport;
import io.turnstream.standalone.render.RecordingText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `turnstream import`.
@Command(
        name = "import",
        description = {
            "Brings a result folder of the published code in, one run for each model: dialogues, raw answers to questions and, with its",
            "eval folder, the judge's raw answers. Nobody is called. From there each is a run like any other.",
            "Folders that were cut off, half written or mixed up are taken as far as they go; what is left out is said."
        },
        footerHeading = "%n@|bold Examples|@%n",
        footer = {
            "  turnstream import --format mtmcs results",
            "  turnstream import --format mtmcs results --judge-name gpt-5-mini --json",
            "  turnstream show last --scoring reference      the published figures, to the fourth decimal",
            "  turnstream explain last                       where the corrected figures differ, and why",
            "",
            "@|bold Exit codes|@",
            "  0 imported   2 nothing that could be imported   3 the run ended incomplete   130 interrupted (cancelled)"
        },
        sortOptions = false)
final class ImportCommand implements Callable<Integer> {

    private static final String MTMCS = "mtmcs";

    @Parameters(paramLabel = "DIR", description = "The folder that holds 'inference' and, if the run was judged, 'eval'.")
    private Path folder = Path.of(".");

    @Option(names = "--format", paramLabel = "mtmcs", defaultValue = MTMCS, order = FlagGroup.OF_DATA,
            description = "mtmcs: a result folder of the published code of MTMCS-Bench (default).")
    private String format = MTMCS;

    @Option(names = "--only", paramLabel = "MODEL", order = FlagGroup.OF_DATA + 1,
            description = "Only this model of the folder, as its folder is called. Default: all.")
    private @Nullable String only;

    @Option(names = "--judge-name", paramLabel = "NAME", order = FlagGroup.OF_DATA + 2,
            description = "What the judge is called that the folder does not name. Default: ${DEFAULT-VALUE}", defaultValue = ImportOrder.UNNAMED_JUDGE)
    private String judge = ImportOrder.UNNAMED_JUDGE;

    @Mixin private TableOptions table = new TableOptions();
    @Mixin private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    ImportCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Choices.of("--format", format, List.of(MTMCS));
        table.scoring();
        table.byCategory();
        if (judge.isBlank()) {
            throw new UsageException("--judge-name", "is empty", "Name the judge, or leave the flag out.");
        }
        Place place = where.place(around.environment(), 0);
        List<Recording> recordings = survey();
        around.announceStart(place);
        return around.platforms().bringIn(place, (reached, importer) -> {
            int worst = ExitCode.DONE.code();
            List<RunReport> runs = new ArrayList<>();
            for (Recording recording : recordings) {
                int code = bringIn(recording, reached.platform(), importer, runs);
                if (code == ExitCode.INTERRUPTED.code()) {
                    return code;
                }
                worst = Math.max(worst, code);
            }
            new Results(around, table).print(reached.platform().reports(), runs);
            return worst;
        });
    }

    private List<Recording> survey() {
        try {
            List<ModelFolder> models = ResultFolder.at(around.folder().resolve(folder)).models();
            List<ModelFolder> wanted = models.stream().filter(model -> only == null || model.name().equals(only)).toList();
            if (wanted.isEmpty()) {
                throw new UsageException("--only", "the folder holds no model '" + only + "'",
                        "It holds " + String.join(", ", models.stream().map(ModelFolder::name).toList()) + ".");
            }
            List<Recording> recordings = wanted.stream().map(model -> new RecordingReader(model).survey()).toList();
            recordings.forEach(recording -> new RecordingText(around.status()).lines(recording).forEach(around.err()::println));
            around.err().flush();
            return recordings;
        } catch (UnusableFolderException e) {
            throw new UsageException(e.where(), e.problem(), sentence(e.remedy()));
        }
    }

    private int bringIn(Recording recording, Platform platform, Function<ImportOrder, ImportedRun> importer, List<RunReport> runs) {
        ImportOrder order = new ImportOrder(recording, ProtocolPack.bundled(ProtocolPack.DEFAULT), judge.strip(), System.getProperty("user.name", "unknown"));
        try (ImportedRun run = importer.apply(order)) {
            around.err().println("Run " + run.runId() + "  recorded/" + recording.folder().name());
            around.err().flush();
            RunWatch.End end = new RunWatch(around, platform.reports(), Map.of(run.runId(), "recorded/" + recording.folder().name()), true).follow();
            if (end != RunWatch.End.OVER) {
                platform.command(run.runId(), RunCommand.CANCEL, "the import was interrupted");
                around.err().println("Interrupted: run " + run.runId() + " is cancelled. To bring the folder in, import it again.");
                around.err().flush();
                return ExitCode.INTERRUPTED.code();
            }
            Optional<RunReport> report = platform.reports().run(run.runId());
            report.ifPresent(runs::add);
            return report.map(found -> ExitCode.of(found.state()).code()).orElse(ExitCode.INCOMPLETE.code());
        } catch (FolderChangedException e) {
            throw new UsageException(e.where(), e.problem(), sentence(e.remedy()));
        }
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }
}
