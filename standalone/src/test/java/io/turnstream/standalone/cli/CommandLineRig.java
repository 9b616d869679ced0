package io.turnstream.standalone.cli;

import io.turnstream.standalone.render.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/// Runs command lines against a [FakePlatforms], with a clock that moves when somebody waits.
final class CommandLineRig {

    final FakePlatforms platforms = new FakePlatforms();
    final Map<String, String> environment = new HashMap<>();
    final Path folder;
    int interruptAfterLooks = Integer.MAX_VALUE;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Instant now = SampleRuns.REQUESTED.plusSeconds(60);

    CommandLineRig(Path folder) {
        this.folder = folder;
    }

    int run(String... arguments) {
        return program().run(arguments);
    }

    /// All commands, with their flags.
    Map<String, CommandLine> commandLines() {
        return program().commands();
    }

    /// The names of all commands.
    Set<String> commands() {
        return program().commands().keySet();
    }

    /// What stands behind the help of each command.
    Map<String, UsageMessageSpec> usages() {
        Map<String, UsageMessageSpec> usages = new TreeMap<>();
        program().commands().forEach((name, command) -> usages.put(name, command.getCommandSpec().usageMessage()));
        return usages;
    }

    private Turnstream program() {
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        Interrupts interrupts = new Interrupts() {
            private int looks;

            @Override
            public boolean interrupted() {
                return looks++ >= interruptAfterLooks;
            }

            @Override
            public void pause(long millis) {
                now = now.plus(Duration.ofMillis(millis));
            }
        };
        Terminal terminal = Terminal.plain(100, true);
        Surroundings around = new Surroundings(environment, folder, new PrintWriter(out, true),
                new PrintWriter(err, true), terminal, terminal,
                clock, platforms, interrupts);
        return new Turnstream(around, "0.1.0");
    }

    /// How long the commands have waited, by their own clock.
    Duration waited() {
        return Duration.between(SampleRuns.REQUESTED.plusSeconds(60), now);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
