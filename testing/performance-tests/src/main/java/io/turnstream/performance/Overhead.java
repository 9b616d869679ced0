package io.turnstream.performance;

import io.turnstream.performance.ProgramUnderTest.Measured;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a call costs us when the model costs nothing: at zero latency the machine is busy with us and with the
/// simulator alone.
final class Overhead implements Benchmark {

    /// Enough to keep the machine busy: at zero latency a call lasts as long as the transactions on its way, a tenth of
    /// a second or two.
    private static final int CONNECTIONS = 256;
    private static final int PICTURED_CONNECTIONS = 128;
    private static final int WARM_UP_CALLS = 40_000;
    private static final int PICTURED_ROWS = 188;

    @Override
    public String name() {
        return "overhead";
    }

    @Override
    public String description() {
        return "calls a second and CPU of our processes per call, at zero latency: text, and with a 300 KB image";
    }

    @Override
    public List<Figure> measure(Bench bench) throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (Trial trial : trials()) {
            figures.addAll(Trial.measured(name(), trial, bench));
        }
        return figures;
    }

    @Override
    public List<Trial> trials() {
        return List.of(
                new AtZeroLatency("text",
                        bench -> new Load(bench.texts(), bench.rows(), "unimodal", bench.isQuick() ? 2 : 1, CONNECTIONS,
                                true),
                        new Goal.AtLeast(1_500), new Goal.AtMost(1.0)),
                new AtZeroLatency("300 KB image",
                        bench -> new Load(bench.pictures(), Math.min(PICTURED_ROWS, bench.rows()), "multimodal",
                                bench.isQuick() ? 2 : 3, PICTURED_CONNECTIONS, true),
                        new Goal.AtLeast(600), new Goal.AtMost(2.0)));
    }

    private interface MakesLoad {
        Load of(Bench bench) throws IOException;
    }

    private record AtZeroLatency(String what, MakesLoad load, Goal rate, Goal cpu) implements Trial {

        @Override
        public List<Quantity> quantities() {
            return List.of(new Quantity("calls/s", 0, rate), new Quantity("CPU-ms/call", 2, cpu));
        }

        @Override
        public Course open(Bench bench, Checkout checkout) throws IOException {
            Load made = load.of(bench);
            bench.models().latency(Duration.ZERO);
            ProgramUnderTest program = ProgramUnderTest.start(checkout, bench.newHome(), bench.models());
            return program.warm(() -> warmUp(bench, program, made, checkout.name() + ", " + what + ", "), run -> {
                Measured measured = program.run(made);
                bench.say(checkout.name() + ", " + what + ", run " + run + ": " + told(measured));
                return List.of(measured.callsPerSecond(), measured.cpuMillisPerCall());
            });
        }
    }

    static void warmUp(Bench bench, ProgramUnderTest program, Load load, String what) throws IOException {
        long warm = 0;
        while (warm < (bench.isQuick() ? WARM_UP_CALLS / 4 : WARM_UP_CALLS)) {
            Measured measured = program.run(load);
            warm += measured.calls();
            bench.say(what + "warming up: " + told(measured));
        }
    }

    static String told(Measured measured) {
        return FigureTable.number(measured.calls(), 0) + " calls in " + FigureTable.number(measured.seconds(), 1)
                + " s, "
                + FigureTable.number(measured.callsPerSecond(), 0) + "/s, "
                + FigureTable.number(measured.cpuMillisPerCall(), 2) + " CPU-ms each";
    }
}
