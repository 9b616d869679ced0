package io.turnstream.bench;

import io.turnstream.contracts.ProcessLocale;
import io.turnstream.standalone.home.ScratchFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `turnstream bench`.
@Command(name = "turnstream bench", sortOptions = false, mixinStandardHelpOptions = true,
        header = "Measure this machine with Turnstream, against simulated models.",
        usageHelpWidth = 130,
        description = {"", "Prints each figure beside its goal, and the machine's facts. Without a NAME all benchmarks run, which takes some",
                "40 minutes on a machine that does nothing else. Names:%n"})
public final class BenchCommand implements Callable<Integer> {

    private static final List<Benchmark> ALL = List.of(
            new Overhead(), new Efficiency(), new FirstVerdict(), new FullSize(), new Scale(), new Growth(), new Start(), new Reread());
    private static final int RUNS = 3;

    @Parameters(paramLabel = "NAME", description = "Which benchmarks. Default: all.")
    private List<String> names = List.of();

    @Option(names = "--quick", description = "An eighth of the data and one run each: quicker, and less exact.")
    private boolean quick;

    @Option(names = "--runs", paramLabel = "N", description = "Runs of each measurement, whose median counts. Default: 3.")
    private @Nullable Integer runs;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes figures and machine to this file, too.")
    private @Nullable Path json;

    private final PrintStream out;
    private final Clock clock;

    BenchCommand(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    /// Runs the benchmarks and ends with 0 if every goal was met, 1 if one was missed, 2 on wrong usage.
    public static void main(String[] arguments) {
        ProcessLocale.fix();
        ScratchFolder.given().ifPresent(ScratchFolder::claim);
        System.exit(commandLine(System.out, Clock.systemUTC()).execute(arguments));
    }

    static CommandLine commandLine(PrintStream out, Clock clock) {
        CommandLine line = new CommandLine(new BenchCommand(out, clock));
        line.getCommandSpec().usageMessage().description(descriptions(line));
        return line;
    }

    private static String[] descriptions(CommandLine line) {
        List<String> lines = new ArrayList<>(List.of(line.getCommandSpec().usageMessage().description()));
        ALL.forEach(benchmark -> lines.add("  %-11s %s".formatted(benchmark.name(), benchmark.description())));
        return lines.toArray(String[]::new);
    }

    @Override
    public Integer call() throws IOException {
        List<Benchmark> chosen = chosen();
        int times = runs != null ? runs : quick ? 1 : RUNS;
        if (times < 1) {
            throw usage("--runs must be 1 or more, not " + times);
        }
        Machine machine = Machine.here(clock);
        machine.lines().forEach(out::println);
        out.println();
        List<Figure> figures = new ArrayList<>();
        Path folder = Files.createTempDirectory("turnstream-bench-");
        Thread broom = new Thread(() -> leaveNothing(folder), "bench-broom");
        Runtime.getRuntime().addShutdownHook(broom);
        try (Bench bench = new Bench(folder, times, quick, out)) {
            for (Benchmark benchmark : chosen) {
                Instant started = clock.instant();
                out.println("  " + benchmark.name() + ": " + benchmark.description());
                figures.addAll(benchmark.measure(bench));
                bench.say("took " + Duration.between(started, clock.instant()).toSeconds() + " s");
            }
        }
        out.println();
        machine.lines().forEach(out::println);
        out.println();
        FigureTable.lines(figures).forEach(out::println);
        if (quick) {
            out.println();
            out.println("  --quick: short warm-ups and small loads. For figures to rely on leave it out.");
        }
        if (json != null) {
            Files.writeString(json, BenchJson.of(machine, quick, figures));
        }
        return figures.stream().anyMatch(figure -> figure.verdict().equals("MISSED")) ? 1 : 0;
    }

    /// However the benchmarks end: no process and no file of theirs is left behind.
    private static void leaveNothing(Path folder) {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        if (Files.isDirectory(folder)) {
            Bench.delete(folder);
        }
    }

    private List<Benchmark> chosen() {
        for (String name : names) {
            if (ALL.stream().noneMatch(benchmark -> benchmark.name().equals(name))) {
                throw usage("there is no benchmark " + name + ", only " + String.join(", ", ALL.stream().map(Benchmark::name).toList()));
            }
        }
        return ALL.stream().filter(benchmark -> names.isEmpty() || names.contains(benchmark.name())).toList();
    }

    private CommandLine.ParameterException usage(String problem) {
        return new CommandLine.ParameterException(new CommandLine(this), problem);
    }
}
