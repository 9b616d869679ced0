package io.turnstream.standalone.cli;

import io.turnstream.projection.report.Reports;
import io.turnstream.standalone.export.CsvExport;
import io.turnstream.standalone.export.JsonExport;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `turnstream export`.
@Command(name = "export", customSynopsis = "@|bold turnstream export|@ RUN [FLAGS]", header = "Write everything behind a run to a file.", parameterListHeading = "%n", description = {
        "",
        "Writes everything behind a run: every prompt, answer, verdict, score, parameter and attempt; as an archive every record of",
        "the log, so that others can verify it ('turnstream verify --archive') and bring it in ('turnstream import').",
        "Reads only: starts no workers and spends no money. The texts can be harmful; treat the file so, or --redact them."
}, footerHeading = "%n@|bold Examples|@%n", footer = {
        "  turnstream export last --format csv --output run.csv     one line per step",
        "  turnstream export last --format archive --output run.zip --redact     verifiable, texts withheld",
        "  turnstream export 01JD8Z --format json | jq '.dialogues[0].steps[].answer.text'"
}, sortOptions = false)
final class ExportCommand implements Callable<Integer> {

    private static final String ARCHIVE = "archive";

    @Parameters(paramLabel = "RUN", description = "A run's id, a prefix of it, or last.")
    private String run = "";

    @Option(names = "--format", paramLabel = "json|csv|archive", defaultValue = "json", order = FlagGroup.OF_OUTPUT, description = {
            "json: report, rejected rows, score rows and dialogues (default). csv: one line per step (RFC 4180).",
            "archive: every record of the log, images and protocol packs (ZIP); needs --output. See docs/auditing.md."})
    private String format = "json";

    @Option(names = "--output", paramLabel = "FILE", order = FlagGroup.OF_OUTPUT
            + 1, description = "Where to write; whole or not at all. Default: standard output.")
    private @Nullable Path output;

    @Option(names = "--redact", order = FlagGroup.OF_OUTPUT + 2, description = {
            "Withhold prompts, answers, explanations, what providers said, and images.",
            "An archive can be verified all the same."})
    private boolean redact;

    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;
    private final String version;

    ExportCommand(Surroundings around, String version) {
        this.around = around;
        this.version = version;
    }

    @Override
    public Integer call() {
        String chosen = Choices.of("--format", format, List.of("json", "csv", ARCHIVE));
        Place place = where.place(around.environment(), 0);
        if (chosen.equals(ARCHIVE)) {
            if (output == null) {
                throw new UsageException("--output", "an archive is a file, and none is named",
                        "Name one, such as --output run.zip.");
            }
            new ArchiveExport(around, version).write(place, run, redact,
                    around.folder().resolve(output).toAbsolutePath());
            return ExitCode.DONE.code();
        }
        boolean csv = chosen.equals("csv");
        around.platforms().read(place, reports -> {
            String id = KnownRuns.id(reports, run, place);
            if (output == null) {
                write(reports, id, csv, around.out());
                around.out().flush();
            } else {
                writeFile(reports, id, csv, around.folder().resolve(output).toAbsolutePath());
            }
            return id;
        });
        return ExitCode.DONE.code();
    }

    private void writeFile(Reports reports, String id, boolean csv, Path file) {
        new OutputFile(file).write(out -> {
            Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            write(reports, id, csv, writer);
            writer.flush();
            return id;
        });
        around.say("Wrote " + file + ".");
    }

    private void write(Reports reports, String id, boolean csv, Writer out) {
        try {
            if (csv) {
                new CsvExport(reports, redact).write(id, out);
            } else {
                new JsonExport(reports, redact).write(id, out);
            }
            if (out instanceof PrintWriter printer && printer.checkError()) {
                throw new UsageException("standard output", "cannot be written to",
                        "Is the reader gone, or the disk full?");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
