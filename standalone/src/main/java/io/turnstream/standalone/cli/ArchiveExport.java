package io.turnstream.standalone.cli;

import io.turnstream.audit.RunEvents;
import io.turnstream.audit.archive.ArchiveWriter;
import io.turnstream.audit.archive.Manifest;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.events.Topics;
import io.turnstream.standalone.render.Amounts;
import java.nio.file.Path;
import java.util.Locale;

/// Writes a run to an archive, whole or not at all.
final class ArchiveExport {

    private final Surroundings around;
    private final String version;

    /// @param version of this code, kept in the archive
    ArchiveExport(Surroundings around, String version) {
        this.around = around;
        this.version = version;
    }

    /// @param run as people call it
    /// @throws UsageException if there is no such run, it goes on, or the file cannot be written
    void write(Place place, String run, boolean redact, Path file) {
        Manifest manifest = around.platforms().log(place, log -> {
            String id = KnownDialogues.runId(log, run, place.name());
            return log.run(id, events -> {
                requireOver(id, events);
                return write(events, log, redact, file);
            });
        });
        around.err()
                .println("Wrote " + file + ": run " + manifest.runId() + ", " + Amounts.of(manifest.events(), "event")
                        + (redact ? ", prompts, answers, what providers said, and images withheld." : "."));
        if (manifest.quoting() > 0) {
            around.err()
                    .println("  " + Amounts.of(manifest.quoting(), "event")
                            + " of an earlier version may quote prompts: what a provider said, or a data set "
                            + "holds in the place of a name, is part of a string that stays.");
        }
        manifest.missing().forEach(missing -> around.err().println("  It lacks what is not here: " + missing + "."));
        manifest.seals()
                .forEach(seal -> around.err().println("  Root " + seal.root() + " (seal " + seal.sealId() + ")"));
        around.say("  To check it anywhere: turnstream verify --archive " + file.getFileName());
    }

    private Manifest write(RunEvents events, AuditLog log, boolean redact, Path file) {
        return new OutputFile(file)
                .write(out -> ArchiveWriter.write(events, log.parts(), redact, version, around.clock().instant(), out));
    }

    /// Half a run proves nothing: it is not sealed, and nobody could go on with it elsewhere.
    private static void requireOver(String runId, RunEvents events) {
        RunState[] state = {RunState.PLANNING};
        events.read(Topics.RUNS, event -> {
            if (event.event() instanceof RunStateChanged changed) {
                state[0] = changed.getState();
            }
        });
        switch (state[0]) {
            case COMPLETED, INCOMPLETE, CANCELLED, FAILED -> {
                /* over */ }
            case PLANNING, RUNNING, PAUSED, HALTED, UNKNOWN -> throw new UsageException("RUN", "run " + runId + " is "
                    + state[0].name().toLowerCase(Locale.ROOT) + ", and only a run that is over can be archived",
                    "Wait for its end, go on with 'turnstream eval --resume " + runId
                            + "', or end it with 'turnstream cancel " + runId + "'.");
        }
    }
}
