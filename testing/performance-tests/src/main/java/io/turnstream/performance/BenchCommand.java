package io.turnstream.performance;

import io.turnstream.cluster.Reactor;
import io.turnstream.events.ProcessLocale;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `turnstream bench`.
@Command(name = "turnstream bench", sortOptions = false, mixinStandardHelpOptions = true, header = "Measure this machine with Turnstream, against simulated models.", usageHelpWidth = 130, description = {
        "",
        "Prints each figure beside its goal, and the machine's facts. Without a NAME all benchmarks run, which takes some",
        "40 minutes on a machine that does nothing else. Names:%n"})
public final class BenchCommand implements Callable<Integer> {

    private static final List<Benchmark> ALL = List.of(
            new Overhead(), new Efficiency(), new FirstVerdict(), new FullSize(), new Scale(), new Growth(),
            new Start(), new Reread());
    private static final int RUNS = 3;

    @Parameters(paramLabel = "NAME", description = "Which benchmarks. Default: all.")
    private List<String> names = List.of();

    @Option(names = "--quick", description = "An eighth of the data and one run each: quicker, and less exact.")
    private boolean quick;

    @Option(names = "--runs", paramLabel = "N", description = "Runs of each measurement, whose median counts. Default: 3.")
    private @Nullable Integer runs;

    @Option(names = "--against", paramLabel = "REF", description = {
            "Measures another version in turn with this one and prints how they compare: a branch,",
            "a tag or a commit, checked out under .tools/against and built there. For overhead, efficiency and start."})
    private @Nullable String against;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes figures and machine to this file, too.")
    private @Nullable Path json;

    @Spec
    private CommandSpec command;

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
        if (against != null) {
            return compare(against, chosen, machine, times);
        }
        List<Figure> figures = new ArrayList<>();
        try (Bench bench = bench(times)) {
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
        sayWhetherQuick();
        if (json != null) {
            Files.writeString(json, BenchJson.of(machine, quick, figures));
        }
        return figures.stream().anyMatch(figure -> figure.verdict().equals("MISSED")) ? 1 : 0;
    }

    private int compare(String ref, List<Benchmark> chosen, Machine machine, int times) throws IOException {
        Checkout other;
        try {
            other = new OtherVersion(Reactor.ROOT, what -> out.println("  ... " + what)).built(ref);
        } catch (OtherVersion.UnavailableException e) {
            throw usage(e.getMessage());
        }
        List<Compared> all = new ArrayList<>();
        try (Bench bench = bench(times)) {
            for (Benchmark benchmark : chosen) {
                out.println("  " + benchmark.name() + ": " + benchmark.description());
                for (Trial trial : benchmark.trials()) {
                    all.addAll(Compared.measured(benchmark.name(), trial, bench, other));
                }
            }
        }
        out.println();
        machine.lines().forEach(out::println);
        out.println();
        ComparisonTable.lines(other.name(), all).forEach(out::println);
        sayWhetherQuick();
        if (json != null) {
            Files.writeString(json, BenchJson.of(machine, quick, ref, all));
        }
        return 0;
    }

    private Bench bench(int times) throws IOException {
        Path folder = Files.createTempDirectory("turnstream-bench-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leaveNothing(folder), "bench-broom"));
        return new Bench(folder, times, quick, out);
    }

    private void sayWhetherQuick() {
        if (quick) {
            out.println();
            out.println("  --quick: short warm-ups and small loads. For figures to rely on leave it out.");
        }
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
                throw usage("there is no benchmark " + name + ", only "
                        + String.join(", ", ALL.stream().map(Benchmark::name).toList()));
            }
        }
        List<Benchmark> chosen = ALL.stream().filter(benchmark -> names.isEmpty() || names.contains(benchmark.name()))
                .toList();
        if (against == null) {
            return chosen;
        }
        List<String> alone = chosen.stream().filter(benchmark -> benchmark.trials().isEmpty()).map(Benchmark::name)
                .toList();
        if (!names.isEmpty() && !alone.isEmpty()) {
            throw usage("--against cannot compare " + String.join(", ", alone) + ", only "
                    + String.join(", ", ALL.stream().filter(benchmark -> !benchmark.trials().isEmpty())
                            .map(Benchmark::name).toList()));
        }
        return chosen.stream().filter(benchmark -> !benchmark.trials().isEmpty()).toList();
    }

    private CommandLine.ParameterException usage(String problem) {
        return new CommandLine.ParameterException(command.commandLine(), problem);
    }
}
