package io.turnstream.standalone.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `turnstream`: everything starts here.
@Command(name = "turnstream", description = {
        "Measures how safe a multimodal model stays over a dialogue: runs MTMCS-Bench, and data sets of",
        "its shape, as a stream of events, so that every figure leads back to the turns it rests on."
}, customSynopsis = "@|bold turnstream|@ COMMAND [FLAGS]", commandListHeading = "%n@|bold Commands|@%n", footerHeading = "%n@|bold First steps|@%n", footer = {
        "  turnstream demo                       see it work: no key, no network, under half a minute",
        "  turnstream eval --model openai/gpt-5-mini --judge openai/gpt-5-mini --dataset PATH --limit 10",
        "  turnstream show last                  the table again",
        "",
        "'turnstream COMMAND --help' tells flags, defaults and examples. Every flag is also a variable:",
        "--max-connections is TURNSTREAM_MAX_CONNECTIONS. Runs are kept under ~/.turnstream (--home).",
        "In a clone, './turnstream test' runs all tests and './turnstream bench' measures speed and memory.",
        "",
        "Exit codes: 0 done, 1 a gate or check failed, 2 wrong usage or input, 3 ended incomplete,",
        "130 interrupted."
}, sortOptions = false)
final class TurnstreamCommand implements Callable<Integer> {

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "The version.")
    private boolean version;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine command = java.util.Objects.requireNonNull(spec).commandLine();
        command.usage(command.getOut());
        return ExitCode.WRONG_INPUT.code();
    }
}
