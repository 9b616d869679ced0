package io.turnstream.standalone.cli;

import io.turnstream.projection.report.ReportJson;
import io.turnstream.projection.report.RunSummary;
import io.turnstream.standalone.render.RunTable;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `turnstream list`.
@Command(name = "list", customSynopsis = "@|bold turnstream list|@ [FLAGS]", header = "List the runs.", parameterListHeading = "%n", description = {
        "", "Lists the runs, the newest first.",
        "Reads only: starts no workers and spends no money."}, footerHeading = "%n@|bold Examples|@%n", footer = {
                "  turnstream list",
                "  turnstream list --json | jq -r '.runs[] | select(.state == \"paused\") | .id'"}, sortOptions = false)
final class ListCommand implements Callable<Integer> {

    @Option(names = "--json", order = FlagGroup.OF_OUTPUT, description = "One JSON document: formatVersion and runs.")
    private boolean json;

    @Option(names = "--newest", paramLabel = "N", order = FlagGroup.OF_OUTPUT
            + 1, description = "At most so many. Default: all.")
    private @org.jspecify.annotations.Nullable String newest;

    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    ListCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Place place = where.place(around.environment(), 0);
        Integer most = Numbers.whole("--newest", newest, 1, Integer.MAX_VALUE);
        List<RunSummary> runs = around.platforms().read(place, reports -> reports.runs()).stream()
                .limit(most == null ? Long.MAX_VALUE : most).toList();
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("formatVersion", 1);
            document.put("runs", runs);
            around.out().println(ReportJson.pretty(document));
        } else if (runs.isEmpty()) {
            around.out().println(
                    "No runs yet in " + place.name() + ". Start one with 'turnstream eval', or try 'turnstream demo'.");
        } else {
            new RunTable(around.screen(), ZoneId.systemDefault()).lines(runs, around.clock().instant())
                    .forEach(around.out()::println);
        }
        around.out().flush();
        return ExitCode.DONE.code();
    }
}
