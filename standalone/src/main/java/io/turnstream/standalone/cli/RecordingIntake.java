package io.turnstream.standalone.cli;

import io.turnstream.benchmark.pack.ProtocolPack;
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
import io.turnstream.projection.report.RunReport;
import io.turnstream.standalone.render.RecordingText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Brings in what the published code recorded, one run for each model of a folder.
final class RecordingIntake {

    private final Surroundings around;
    private final TableOptions table;

    RecordingIntake(Surroundings around, TableOptions table) {
        this.around = around;
        this.table = table;
    }

    /// @param only a model of the folder; null for all
    /// @param judge what the judge is called
    /// @return the exit code
    int bringIn(Place place, Path folder, @Nullable String only, String judge) {
        List<Recording> recordings = survey(folder, only);
        around.announceStart(place);
        return around.platforms().bringIn(place, (reached, importer) -> {
            int worst = ExitCode.DONE.code();
            List<RunReport> runs = new ArrayList<>();
            for (Recording recording : recordings) {
                int code = bringIn(recording, judge, reached.platform(), importer, runs);
                if (code == ExitCode.INTERRUPTED.code()) {
                    return code;
                }
                worst = Math.max(worst, code);
            }
            new Results(around, table).print(reached.platform().reports(), runs);
            return worst;
        });
    }

    private List<Recording> survey(Path folder, @Nullable String only) {
        try {
            List<ModelFolder> models = ResultFolder.at(around.folder().resolve(folder)).models();
            List<ModelFolder> wanted = models.stream().filter(model -> only == null || model.name().equals(only))
                    .toList();
            if (wanted.isEmpty()) {
                throw new UsageException("--only", "the folder holds no model '" + only + "'",
                        "It holds " + String.join(", ", models.stream().map(ModelFolder::name).toList()) + ".");
            }
            List<Recording> recordings = wanted.stream().map(model -> new RecordingReader(model).survey()).toList();
            recordings.forEach(
                    recording -> new RecordingText(around.status()).lines(recording).forEach(around.err()::println));
            around.err().flush();
            return recordings;
        } catch (UnusableFolderException e) {
            throw new UsageException(e.where(), e.problem(), sentence(e.remedy()));
        }
    }

    private int bringIn(
            Recording recording, String judge, Platform platform, Function<ImportOrder, ImportedRun> importer,
            List<RunReport> runs) {
        ImportOrder order = new ImportOrder(recording, ProtocolPack.bundled(ProtocolPack.DEFAULT), judge.strip(),
                System.getProperty("user.name", "unknown"));
        try (ImportedRun run = importer.apply(order)) {
            around.say("Run " + run.runId() + "  recorded/" + recording.folder().name());
            RunWatch.End end = new RunWatch(around, platform.reports(),
                    Map.of(run.runId(), "recorded/" + recording.folder().name()), true).follow();
            if (end != RunWatch.End.OVER) {
                platform.command(run.runId(), RunCommand.CANCEL, "the import was interrupted");
                around.say(
                        "Interrupted: run " + run.runId() + " is cancelled. To bring the folder in, import it again.");
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
