package io.turnstream.standalone.cli;

import io.turnstream.audit.Expected;
import io.turnstream.audit.Verification;
import io.turnstream.audit.Verified;
import io.turnstream.audit.archive.Archive;
import io.turnstream.audit.archive.ArchiveImport;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;
import io.turnstream.standalone.render.Amounts;
import io.turnstream.standalone.render.VerifiedText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Brings in the run of an archive: verifies all of it, then copies its events.
final class ArchiveIntake {

    private final Surroundings around;
    private final TableOptions table;

    ArchiveIntake(Surroundings around, TableOptions table) {
        this.around = around;
        this.table = table;
    }

    /// @return the exit code
    int bringIn(Place place, Path file, Expected expected) {
        return AuditSource.open(around, file, archive -> {
            Verified verified = Verification.of(archive, expected);
            if (!verified.holds()) {
                new VerifiedText(around.status()).lines(verified, expected).forEach(around.err()::println);
                around.say("Nothing was imported.");
                return ExitCode.CHECK_FAILED.code();
            }
            archive.checkRest(verified.checked().getOrDefault("events", 0L));
            requireOver(file, verified);
            around.err()
                    .println("Verified " + file.getFileName() + ": run " + archive.runId() + ", "
                            + Amounts.of(archive.manifest().events(), "event")
                            + (archive.manifest().redacted() ? ", prompts, answers and images withheld" : "")
                            + (expected.root() == null && expected.publicKey() == null
                                    ? "; compared with no root or key from elsewhere"
                                    : "")
                            + ".");
            around.announceStart(place);
            return around.platforms().copyIn(place, archive,
                    (reached, copy) -> bringIn(archive, place, reached.platform().reports(), copy));
        });
    }

    private static void requireOver(Path file, Verified verified) {
        if (!List.of("COMPLETED", "INCOMPLETE", "CANCELLED", "FAILED").contains(verified.state())) {
            throw new UsageException(file.getFileName().toString(), "its run was not over when it was archived",
                    "Archive it again once it is.");
        }
    }

    private int bringIn(Archive archive, Place place, Reports reports, Supplier<ArchiveImport.Result> copy) {
        ArchiveImport.Result result = copy.get();
        if (result.copied() == 0) {
            around.err()
                    .println("Run " + result.runId() + " is here already: all of its "
                            + Amounts.of(result.found(), "event")
                            + " were imported before. Nothing was written.");
        } else {
            around.err()
                    .println("Copied " + Amounts.of(result.copied(), "event") + ", "
                            + Amounts.of(result.images(), "image") + " and "
                            + Amounts.of(result.packs(), "protocol pack") + " into " + place.name() + ".");
        }
        around.err().flush();
        RunWatch watch = new RunWatch(around, reports, Map.of(result.runId(), "archive"), true);
        if (watch.follow() == RunWatch.End.INTERRUPTED) {
            around.say("Interrupted. All events are copied; the tables follow when a platform next runs on "
                    + place.name() + ".");
            return ExitCode.INTERRUPTED.code();
        }
        Optional<RunReport> report = reports.run(result.runId());
        new Results(around, table).print(reports, report.stream().toList());
        return report.isPresent() ? ExitCode.DONE.code() : ExitCode.INCOMPLETE.code();
    }
}
