package io.turnstream.standalone.cli;

import io.turnstream.importer.ImportOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `turnstream import`.
@Command(name = "import", customSynopsis = "@|bold turnstream import|@ FILE|DIR [FLAGS]", header = "Bring in runs that others recorded.", parameterListHeading = "%n", description = {
        "",
        "Brings a run in from an archive that another installation wrote, its events unchanged; or a result folder of the published",
        "code, one run for each model. Nobody is called. From there each is a run like any other.",
        "An archive is verified before anything is written. Folders that were cut off, half written or mixed up are taken as far as",
        "they go; what is left out is said."
}, footerHeading = "%n@|bold Examples|@%n", footer = {
        "  turnstream import run.zip --root 3fa9...      only if it has the root that was kept elsewhere",
        "  turnstream import --format mtmcs results",
        "  turnstream import --format mtmcs results --judge-name gpt-5-mini --json",
        "  turnstream show last --scoring reference      the published figures, to the fourth decimal",
        "  turnstream explain last                       where the corrected figures differ, and why",
        "",
        "@|bold Exit codes|@",
        "  0 imported, or here already, 1 the archive is not what was recorded, 2 nothing could be imported,",
        "  3 the run ended incomplete, 130 interrupted"
}, sortOptions = false)
final class ImportCommand implements Callable<Integer> {

    private static final String ARCHIVE = "archive";
    private static final String MTMCS = "mtmcs";

    @Parameters(paramLabel = "FILE|DIR", description = "An archive, or the folder that holds 'inference' and, if the run was judged, 'eval'.")
    private Path source = Path.of(".");

    @Option(names = "--format", paramLabel = "archive|mtmcs", order = FlagGroup.OF_DATA, description = "archive: what 'turnstream export --format archive' wrote. mtmcs: a result folder of the published code of "
            + "MTMCS-Bench. Default: archive for a file, mtmcs for a folder.")
    private @Nullable String format;

    @Mixin
    private ExpectedOptions expectations = new ExpectedOptions();

    @Option(names = "--only", paramLabel = "MODEL", order = FlagGroup.OF_DATA
            + 3, description = "mtmcs: only this model of the folder, as its folder is called. Default: all.")
    private @Nullable String only;

    @Option(names = "--judge-name", paramLabel = "NAME", order = FlagGroup.OF_DATA
            + 4, description = "mtmcs: what the judge is called that the folder does not name. Default: ${DEFAULT-VALUE}", defaultValue = ImportOrder.UNNAMED_JUDGE)
    private String judge = ImportOrder.UNNAMED_JUDGE;

    @Mixin
    private TableOptions table = new TableOptions();
    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    ImportCommand(Surroundings around) {
        this.around = around;
    }

    private static boolean isArchive(Path given) {
        return Files.isRegularFile(given) || !Files.exists(given) && given.toString().endsWith(".zip");
    }

    @Override
    public Integer call() {
        Path given = around.folder().resolve(source);
        String chosen = format != null
                ? Choices.of("--format", format, List.of(ARCHIVE, MTMCS))
                : isArchive(given) ? ARCHIVE : MTMCS;
        table.scoring();
        table.byCategory();
        Place place = where.place(around.environment(), 0);
        if (chosen.equals(ARCHIVE)) {
            return new ArchiveIntake(around, table).bringIn(place, given, expectations.expected(around));
        }
        if (judge.isBlank()) {
            throw new UsageException("--judge-name", "is empty", "Name the judge, or leave the flag out.");
        }
        return new RecordingIntake(around, table).bringIn(place, given, only, judge);
    }
}
