package io.turnstream.standalone.cli;

import io.turnstream.console.RebuildStatus;
import io.turnstream.console.Rebuilding;
import io.turnstream.projection.report.ReportJson;
import io.turnstream.standalone.render.Amounts;
import io.turnstream.standalone.render.LiveArea;
import io.turnstream.standalone.render.RebuildText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `turnstream rebuild`.
@Command(name = "rebuild", customSynopsis = "@|bold turnstream rebuild|@ [FLAGS]", header = "Make scores and documents anew from the log.", parameterListHeading = "%n", description = {
        "",
        "Reads the whole log with this version of Turnstream into new documents beside those that are read now,",
        "says what differs, and puts the new ones in their place. Calls nobody, and adds nothing to the log.",
        "Runs that go on go on. Until it is done everybody reads the former documents; broken off, nothing has",
        "changed. Repairs a home whose document store is damaged or missing."
}, footerHeading = "%n@|bold Examples|@%n", footer = {
        "  turnstream rebuild                          after an update, or when the document store is damaged",
        "  turnstream rebuild --json | jq '.comparison.differences'",
        "",
        "@|bold Exit codes|@",
        "  0 done, whether or not something differs, 2 the home cannot be used, 3 it failed, 130 interrupted"
}, sortOptions = false)
final class RebuildCommand implements Callable<Integer> {

    private static final long LOOK_MILLIS = 200;
    private static final Duration LINE_EVERY = Duration.ofSeconds(5);

    @Option(names = "--json", order = FlagGroup.OF_OUTPUT, description = "One JSON document on standard output.")
    private boolean json;

    @Mixin
    private PlaceOptions where = new PlaceOptions();

    private final Surroundings around;

    RebuildCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Place place = where.place(around.environment(), 0);
        around.announceStart(place);
        return around.platforms().rebuild(place, this::follow);
    }

    private int follow(Rebuilding rebuilding) {
        // whoever hears Ctrl-C here breaks the rebuild off
        around.interrupts().interrupted();
        RebuildStatus status = rebuilding.begin();
        LiveArea area = new LiveArea(around.err());
        Instant begin = around.clock().instant();
        Instant nextLine = begin.plus(LINE_EVERY);
        RebuildText text = new RebuildText(around.screen());
        while (status.phase().isGoingOn()) {
            if (around.interrupts().interrupted()) {
                area.clear();
                rebuilding.stop();
                if (rebuilding.status().phase() != RebuildStatus.Phase.DONE) {
                    around.say("Broken off. Everything is as it was; what was made is removed.");
                    return ExitCode.INTERRUPTED.code();
                }
            }
            Instant now = around.clock().instant();
            String line = Amounts.clock(Duration.between(begin, now)) + "  " + text.progress(status);
            if (around.status().interactive()) {
                area.draw(List.of("  " + line));
            } else if (!now.isBefore(nextLine)) {
                around.say(line);
                nextLine = now.plus(LINE_EVERY);
            }
            around.interrupts().pause(LOOK_MILLIS);
            status = rebuilding.status();
        }
        area.clear();
        return told(status, text);
    }

    private int told(RebuildStatus status, RebuildText text) {
        switch (status.phase()) {
            case DONE -> {
                if (json) {
                    around.out().println(ReportJson.pretty(status));
                } else {
                    text.result(status).forEach(around.out()::println);
                }
                around.out().flush();
                return ExitCode.DONE.code();
            }
            case STOPPED -> {
                around.say("Broken off by somebody else. Everything is as it was.");
                return ExitCode.INTERRUPTED.code();
            }
            case FAILED, NONE, READING, COMPARING -> {
                around.say("turnstream: the rebuild failed: " + status.problem()
                        + ". The documents that were read before are read on; nothing has changed. "
                        + "The log is under the home's logs folder.");
                return ExitCode.INCOMPLETE.code();
            }
        }
        return ExitCode.INCOMPLETE.code();
    }
}
