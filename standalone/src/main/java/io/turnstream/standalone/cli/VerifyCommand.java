package io.turnstream.standalone.cli;

import io.turnstream.audit.DialogueProof;
import io.turnstream.audit.Expected;
import io.turnstream.audit.Verification;
import io.turnstream.audit.Verified;
import io.turnstream.audit.VerifiedJson;
import io.turnstream.projection.report.ReportJson;
import io.turnstream.projection.report.Reports;
import io.turnstream.standalone.render.VerifiedText;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `turnstream verify`.
@Command(name = "verify", customSynopsis = {
        "@|bold turnstream verify|@ [RUN] [FLAGS]",
        "   or: @|bold turnstream verify|@ --archive FILE [FLAGS]"
}, header = "Check that nobody changed a run.", parameterListHeading = "%n", description = {
        "",
        "Recomputes a run from its records and says where it first differs from what was recorded, with topic, partition and",
        "offset, or what was verified. Reads the log itself, not the tables. Reads only: starts no workers and spends no money."
}, footerHeading = "%n@|bold Examples|@%n", footer = {
        "  turnstream verify last",
        "  turnstream verify last --root 3fa9...          against a root that was kept elsewhere",
        "  turnstream verify last --public-key operator.pub",
        "  turnstream verify last --dialogue type_a/12/multimodal/unsafe     one dialogue, by its Merkle path",
        "  turnstream verify --archive run.zip            what somebody sent: no home, no platform",
        "",
        "@|bold Exit codes|@",
        "  0 verified, 1 a difference, or a damaged log, 2 no such run, or no archive"
}, sortOptions = false)
final class VerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RUN", arity = "0..1", description = "A run's id, a prefix of it, or last. Default: the run of --dialogue, else last.")
    private @Nullable String run;

    @Mixin
    private AuditSource source = new AuditSource();
    @Mixin
    private ExpectedOptions expectations = new ExpectedOptions();

    @Option(names = "--dialogue", paramLabel = "ID", order = FlagGroup.OF_DATA
            + 3, description = "Prove one dialogue against the run's root, without reading the others. A part of its id will do.")
    private @Nullable String dialogue;

    @Option(names = "--json", order = FlagGroup.OF_OUTPUT, description = "One JSON document on standard output (docs/auditing.md).")
    private boolean json;

    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    VerifyCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Expected expected = expectations.expected(around);
        Place place = where.place(around.environment(), 0);
        return source.read(around, place,
                (log, name) -> dialogue == null ? wholeRun(log, name, expected) : oneDialogue(log, name, expected));
    }

    private int wholeRun(AuditLog log, String name, Expected expected) {
        String id = KnownDialogues.runId(log, Objects.requireNonNullElse(run, Reports.LAST), name);
        Verified verified = log.run(id, events -> Verification.of(events, expected));
        if (log instanceof ArchivedLog archived && verified.holds()) {
            archived.archive().checkRest(verified.checked().getOrDefault("events", 0L));
        }
        return print(verified, null, expected);
    }

    private int oneDialogue(AuditLog log, String name, Expected expected) {
        KnownDialogues.Known known = KnownDialogues.find(log, Optional.ofNullable(run), String.valueOf(dialogue), name);
        DialogueProof.Result result = log.run(known.runId(),
                events -> DialogueProof.of(events, known.dialogueId(), expected));
        return print(result.checked(), result.proof(), expected);
    }

    private int print(Verified verified, @Nullable DialogueProof proof, Expected expected) {
        if (json) {
            around.out().println(ReportJson.pretty(VerifiedJson.of(verified, proof)));
        } else {
            VerifiedText text = new VerifiedText(around.screen());
            List<String> lines = proof == null ? text.lines(verified, expected) : text.lines(verified, proof, expected);
            lines.forEach(around.out()::println);
        }
        around.out().flush();
        return (verified.holds() ? ExitCode.DONE : ExitCode.CHECK_FAILED).code();
    }
}
