package io.turnstream.standalone.cli;

import io.turnstream.projection.report.Reports;
import io.turnstream.standalone.export.CsvExport;
import io.turnstream.standalone.export.JsonExport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `turnstream export`.
@Command(
        name = "export",
        customSynopsis = "@|bold turnstream export|@ RUN [FLAGS]",
        header = "Write everything behind a run to a file.",
        parameterListHeading = "%n",
        description = {
            "",
            "Writes everything behind a run: every prompt, answer, verdict, score, parameter and attempt.",
            "Reads only: starts no workers and spends no money. The texts can be harmful; treat the file so."
        },
        footerHeading = "%n@|bold Examples|@%n",
        footer = {
            "  turnstream export last --format csv --output run.csv     one line per step",
            "  turnstream export 01JD8Z --format json | jq '.dialogues[0].steps[].answer.text'"
        },
        sortOptions = false)
final class ExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RUN", description = "A run's id, a prefix of it, or last.")
    private String run = "";

    @Option(names = "--format", paramLabel = "json|csv", defaultValue = "json", order = FlagGroup.OF_OUTPUT,
            description = "json: report, rejected rows, score rows and dialogues (default). csv: one line per step (RFC 4180).")
    private String format = "json";

    @Option(names = "--output", paramLabel = "FILE", order = FlagGroup.OF_OUTPUT + 1,
            description = "Where to write; whole or not at all. Default: standard output.")
    private @Nullable Path output;

    @Mixin private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    ExportCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        boolean csv = Choices.of("--format", format, List.of("json", "csv")).equals("csv");
        Place place = where.place(around.environment(), 0);
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
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try {
            try (Writer writer = Files.newBufferedWriter(unfinished)) {
                write(reports, id, csv, writer);
            }
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | UncheckedIOException e) {
            throw new UsageException("--output", file + " cannot be written", "Check the folder, its permissions and the room on the disk.");
        }
        around.err().println("Wrote " + file + ".");
        around.err().flush();
    }

    private static void write(Reports reports, String id, boolean csv, Writer out) {
        try {
            if (csv) {
                new CsvExport(reports).write(id, out);
            } else {
                new JsonExport(reports).write(id, out);
            }
            if (out instanceof PrintWriter printer && printer.checkError()) {
                throw new UsageException("standard output", "cannot be written to", "Is the reader gone, or the disk full?");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
