package io.turnstream.standalone.cli;

import io.turnstream.providers.Redactor;
import io.turnstream.standalone.render.Terminal;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/// The command line as a whole: parses it and runs the command it names.
public final class Turnstream {

    private final CommandLine commandLine;
    private final Redactor redactor;

    /// @param version what `--version` prints
    public Turnstream(Surroundings around, String version) {
        CommandLine root = new CommandLine(new TurnstreamCommand());
        root.addSubcommand(new DemoCommand(around));
        root.addSubcommand(new EvalCommand(around));
        root.addSubcommand(new ListCommand(around));
        root.addSubcommand(new ShowCommand(around));
        root.addSubcommand(new ScoreCommand(around));
        root.addSubcommand(new CompareCommand(around));
        root.addSubcommand(new ExportCommand(around, version));
        root.addSubcommand(new ImportCommand(around));
        root.addSubcommand(new ExplainCommand(around));
        root.addSubcommand(new VerifyCommand(around));
        root.addSubcommand(new TraceCommand(around));
        root.addSubcommand(new RetryCommand(around));
        root.addSubcommand(new WatchCommand(around));
        root.addSubcommand(new CancelCommand(around));
        root.addSubcommand(new RebuildCommand(around));
        CommandLine deadLetters = new CommandLine(new DeadLettersCommand());
        deadLetters.addSubcommand(new DeadLettersCommand.ListLetters(around));
        deadLetters.addSubcommand(new DeadLettersCommand.ShowLetter(around));
        deadLetters.addSubcommand(new DeadLettersCommand.ReplayLetter(around));
        root.addSubcommand(deadLetters);
        root.getCommandSpec().version("turnstream " + version);
        root.getCommandSpec().addOption(OptionSpec.builder("-h", "--help").usageHelp(true).scopeType(ScopeType.INHERIT)
                .description("This text.").build());
        root.setDefaultValueProvider(new EnvironmentDefaults(around.environment()));
        root.setOut(around.out()).setErr(around.err());
        root.setColorScheme(CommandLine.Help.defaultColorScheme(ansi(around.screen())));
        this.redactor = around.redactor();
        CommandFailures failures = new CommandFailures(redactor);
        root.setParameterExceptionHandler(failures).setExecutionExceptionHandler(failures);
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setAbbreviatedOptionsAllowed(false);
        HelpLayout.apply(root);
        this.commandLine = root;
    }

    private static Ansi ansi(Terminal screen) {
        return screen.colour() ? Ansi.ON : Ansi.OFF;
    }

    /// Runs a command line.
    ///
    /// @return the exit code, see [ExitCode]
    public int run(String... arguments) {
        try {
            return commandLine.execute(arguments);
        } catch (UsageException e) {
            // thrown by a variable that stands for a flag
            commandLine.getErr().println("turnstream: " + redactor.withoutKnown(String.valueOf(e.getMessage())));
            commandLine.getErr().flush();
            return ExitCode.WRONG_INPUT.code();
        }
    }

    /// The flags of a command with the variables that stand for them, for the documentation's test.
    Map<String, CommandLine> commands() {
        return commandLine.getSubcommands();
    }
}
