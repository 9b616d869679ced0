package io.turnstream.standalone.cli;

import io.turnstream.messaging.DeadLetterDesk;
import io.turnstream.messaging.DeadLetterDesk.Letter;
import io.turnstream.projection.report.ReportJson;
import io.turnstream.providers.Redactor;
import io.turnstream.standalone.render.DeadLetterText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `turnstream dead-letters`, with its subcommands.
@Command(name = "dead-letters", customSynopsis = "@|bold turnstream dead-letters|@ list | show ID | replay ID [FLAGS]", header = "Records that no service could read or handle.", parameterListHeading = "%n", description = {
        "",
        "A record that a service can do nothing with is laid aside, with the reason, and the rest flows. Usually",
        "there are none. Works beside a running platform, and on a home where none runs, of which it opens the log",
        "alone: nobody is called."
}, commandListHeading = "%n@|bold Commands|@%n", footerHeading = "%n@|bold Examples|@%n", footer = {
        "  turnstream dead-letters list",
        "  turnstream dead-letters show 3",
        "  turnstream dead-letters replay 3              once its cause is mended, by an update say"
}, sortOptions = false)
final class DeadLettersCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        var command = Objects.requireNonNull(spec).commandLine();
        command.usage(command.getOut());
        return ExitCode.WRONG_INPUT.code();
    }

    private static UsageException unknown(long id, Place place) {
        return new UsageException("ID", "there is no dead letter " + id + " in " + place.name(),
                "'turnstream dead-letters list' shows those there are.");
    }

    private static long id(String text) {
        try {
            return Long.parseUnsignedLong(text.strip());
        } catch (NumberFormatException e) {
            throw new UsageException("ID", "'" + text + "' is no number",
                    "'turnstream dead-letters list' shows the numbers.");
        }
    }

    private static void print(Surroundings around, List<String> lines) {
        lines.forEach(around.out()::println);
        around.out().flush();
    }

    /// `turnstream dead-letters list`.
    @Command(name = "list", customSynopsis = "@|bold turnstream dead-letters list|@ [FLAGS]", header = "List them, the oldest first.", description = "Lists them, the oldest first.", sortOptions = false)
    static final class ListLetters implements Callable<Integer> {

        @Option(names = "--json", order = FlagGroup.OF_OUTPUT, description = "One JSON document: formatVersion and deadLetters.")
        private boolean json;

        @Mixin
        private PlaceOptions where = new PlaceOptions();
        private final Surroundings around;

        ListLetters(Surroundings around) {
            this.around = around;
        }

        @Override
        public Integer call() {
            Place place = where.place(around.environment(), 0);
            Redactor redactor = around.redactor();
            List<Letter> letters = around.platforms().deadLetters(place, DeadLetterDesk::letters).stream()
                    .map(letter -> letter.scrubbed(redactor::scrub)).toList();
            if (json) {
                Map<String, Object> document = new LinkedHashMap<>();
                document.put("formatVersion", 1);
                document.put("deadLetters", letters);
                print(around, List.of(ReportJson.pretty(document)));
            } else if (letters.isEmpty()) {
                print(around, List.of("No dead letters in " + place.name() + ": every record was read and handled."));
            } else {
                print(around, new DeadLetterText(around.screen()).list(letters));
            }
            return ExitCode.DONE.code();
        }
    }

    /// `turnstream dead-letters show`.
    @Command(name = "show", customSynopsis = "@|bold turnstream dead-letters show|@ ID [FLAGS]", header = "Show one: where it came from, its headers, what it holds.", description = "Shows where it came from, why it was laid aside, its headers and what it holds, as far as that can be read.", sortOptions = false)
    static final class ShowLetter implements Callable<Integer> {

        @Parameters(paramLabel = "ID", description = "Its number in the list.")
        private String id = "";

        @Option(names = "--json", order = FlagGroup.OF_OUTPUT, description = "One JSON document.")
        private boolean json;

        @Mixin
        private PlaceOptions where = new PlaceOptions();
        private final Surroundings around;

        ShowLetter(Surroundings around) {
            this.around = around;
        }

        @Override
        public Integer call() {
            long wanted = id(id);
            Place place = where.place(around.environment(), 0);
            DeadLetterDesk.Opened opened = around.platforms().deadLetters(place, desk -> desk.open(wanted))
                    .orElseThrow(() -> unknown(wanted, place)).scrubbed(around.redactor()::scrub);
            print(around, json ? List.of(ReportJson.pretty(opened)) : new DeadLetterText(around.screen()).show(opened));
            return ExitCode.DONE.code();
        }
    }

    /// `turnstream dead-letters replay`.
    @Command(name = "replay", customSynopsis = "@|bold turnstream dead-letters replay|@ ID [FLAGS]", header = "Send one back to where it came from.", description = {
            "Sends the record back to the topic and partition it came from, with its key, bytes and headers, as a new record that",
            "its readers read like any other. The letter stays, and is marked. What only the projection could not read",
            "is not sent back: 'turnstream rebuild' reads it again where it stands."
    }, sortOptions = false)
    static final class ReplayLetter implements Callable<Integer> {

        @Parameters(paramLabel = "ID", description = "Its number in the list.")
        private String id = "";

        @Option(names = "--again", order = FlagGroup.OF_RUN, description = "Also if it was sent back before.")
        private boolean again;

        @Option(names = "--json", order = FlagGroup.OF_OUTPUT, description = "One JSON document.")
        private boolean json;

        @Mixin
        private PlaceOptions where = new PlaceOptions();
        private final Surroundings around;

        ReplayLetter(Surroundings around) {
            this.around = around;
        }

        @Override
        public Integer call() {
            long wanted = id(id);
            Place place = where.place(around.environment(), 0);
            try {
                boolean running = around.platforms().isRunning(place);
                Letter letter = around.platforms().deadLetters(place, desk -> desk.replay(wanted, again))
                        .orElseThrow(() -> unknown(wanted, place))
                        .scrubbed(around.redactor()::scrub);
                print(around,
                        List.of(json
                                ? ReportJson.pretty(letter)
                                : "Sent back as " + letter.topic() + '[' + letter.partition() + "]@"
                                        + letter.replays().getLast().offset() + ". "
                                        + (running
                                                ? "If it cannot be handled again, it comes back here."
                                                : "It is read when a platform next runs here.")));
                return ExitCode.DONE.code();
            } catch (DeadLetterDesk.ReplayRefusedException e) {
                throw new UsageException("ID", e.what(), e.remedy());
            }
        }
    }
}
