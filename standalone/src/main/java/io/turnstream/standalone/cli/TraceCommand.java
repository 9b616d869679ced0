package io.turnstream.standalone.cli;

import io.turnstream.audit.trace.DialogueTrace;
import io.turnstream.audit.trace.TraceJson;
import io.turnstream.audit.trace.TraceText;
import io.turnstream.projection.report.ReportJson;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `turnstream trace`.
@Command(name = "trace", customSynopsis = "@|bold turnstream trace|@ DIALOGUE [FLAGS]", header = "Tell the whole story of one dialogue.", parameterListHeading = "%n", description = {
        "",
        "Prints every record of one dialogue in the order in which it happened: plan, each request with its parameters and",
        "image, attempts, errors, answers, what was read in them, verdicts; with times, tokens, cost, topic, partition and offset.",
        "Reads only. The texts can be harmful; characters that a terminal would act on are shown as escapes."
}, footerHeading = "%n@|bold Examples|@%n", footer = {
        "  turnstream trace 01JD8Z.../type_a/12/multimodal/unsafe/v0/e1     the id, as an export has it",
        "  turnstream trace last/type_a/12/multimodal/unsafe                a part that fits one only",
        "  turnstream trace last/type_a/12/multimodal/unsafe --json | jq '.events[].type'"
}, sortOptions = false)
final class TraceCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIALOGUE", description = "A dialogue's id, or a part of it; its run can be shortened, or last.")
    private String dialogue = "";

    @Mixin
    private AuditSource source = new AuditSource();

    @Option(names = "--json", order = FlagGroup.OF_OUTPUT, description = "One JSON document on standard output, every event whole.")
    private boolean json;

    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    TraceCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Place place = where.place(around.environment(), 0);
        return source.read(around, place, (log, name) -> {
            KnownDialogues.Known known = KnownDialogues.find(log, Optional.empty(), dialogue, name);
            print(log.run(known.runId(), events -> DialogueTrace.of(events, known.dialogueId())));
            return ExitCode.DONE.code();
        });
    }

    private void print(DialogueTrace trace) {
        if (json) {
            around.out().println(ReportJson.pretty(TraceJson.of(trace)));
        } else {
            TraceText.of(trace).forEach(around.out()::println);
        }
        around.out().flush();
    }
}
