package io.turnstream.standalone.cli;

import io.turnstream.projection.report.Explanation;
import io.turnstream.projection.report.ReportJson;
import io.turnstream.standalone.render.ExplanationText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `turnstream explain`.
@Command(name = "explain", customSynopsis = "@|bold turnstream explain|@ [RUN] [FLAGS]", header = "Say why the two scorings of a run differ.", parameterListHeading = "%n", description = {
        "",
        "Tells why the corrected figures of a run differ from its reference figures: each answer that the two scorings read or",
        "count differently, with the fault of the published code behind it. Reads only."
}, footerHeading = "%n@|bold Examples|@%n", footer = {
        "  turnstream explain last",
        "  turnstream explain last --changed                       only answers that change a figure",
        "  turnstream explain last --json | jq '.faults'",
        "",
        "@|bold Faults|@",
        "  2  an answer is misread: \"Answer: B\" as A, a refusal as an answer, \"**True**\" as nothing",
        "  3  an answer that cannot be read is left out of the denominator",
        "  4  a verdict is misread: the first of the digits 1 to 5 anywhere in the judge's text"
}, sortOptions = false)
final class ExplainCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RUN", arity = "0..1", description = "A run's id, a prefix of it, or last. Default: last.")
    private String run = "last";

    @Option(names = "--json", order = FlagGroup.OF_OUTPUT, description = "One JSON document on standard output, raw texts whole.")
    private boolean json;

    @Option(names = "--changed", order = FlagGroup.OF_OUTPUT
            + 1, description = "Only answers that add something else to the one figure than to the other.")
    private boolean changed;

    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    ExplainCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Place place = where.place(around.environment(), 0);
        Explanation explanation = around.platforms().read(place,
                reports -> Explanation.of(reports, KnownRuns.id(reports, run, place)));
        if (json) {
            around.out().println(ReportJson.pretty(changed ? explanation.changedOnly() : explanation));
        } else {
            new ExplanationText(around.screen()).lines(explanation, changed).forEach(around.out()::println);
        }
        around.out().flush();
        return ExitCode.DONE.code();
    }
}
