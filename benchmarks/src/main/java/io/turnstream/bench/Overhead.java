package io.turnstream.bench;

import io.turnstream.bench.ProgramUnderTest.Measured;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a call costs us when the model costs nothing: at zero latency the machine is busy with us and with the simulator alone.
final class Overhead implements Benchmark {

    /// Enough to keep the machine busy: at zero latency a call lasts as long as the transactions on its way, a tenth of a second or two.
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
        Path texts = bench.texts();
        figures.addAll(measure(bench, "text", new Load(texts, bench.rows(), "unimodal", bench.isQuick() ? 2 : 1, CONNECTIONS, true),
                new Goal.AtLeast(1_500), new Goal.AtMost(1.0)));
        Path pictures = bench.pictures();
        figures.addAll(measure(bench, "300 KB image", new Load(pictures, Math.min(PICTURED_ROWS, bench.rows()), "multimodal", bench.isQuick() ? 2 : 3, PICTURED_CONNECTIONS, true),
                new Goal.AtLeast(600), new Goal.AtMost(2.0)));
        return figures;
    }

    private List<Figure> measure(Bench bench, String what, Load load, Goal rate, Goal cpu) throws IOException {
        List<Double> rates = new ArrayList<>();
        List<Double> costs = new ArrayList<>();
        bench.models().latency(Duration.ZERO);
        try (ProgramUnderTest program = ProgramUnderTest.start(bench.newHome(), bench.models())) {
            warmUp(bench, program, load, what + ", ");
            for (int run = 1; run <= bench.runs(); run++) {
                Measured measured = program.run(load);
                bench.say(what + ", run " + run + ": " + told(measured));
                rates.add(measured.callsPerSecond());
                costs.add(measured.cpuMillisPerCall());
            }
        }
        return List.of(
                new Figure(name(), what, "calls/s", 0, rate, new Samples(rates)),
                new Figure(name(), what, "CPU-ms/call", 2, cpu, new Samples(costs)));
    }

    static void warmUp(Bench bench, ProgramUnderTest program, Load load, String what) throws IOException {
        long warm = 0;
        while (warm < (bench.isQuick() ? WARM_UP_CALLS / 4 : WARM_UP_CALLS)) {
            Measured measured = program.run(load);
            warm += measured.report().calls();
            bench.say(what + "warming up: " + told(measured));
        }
    }

    static String told(Measured measured) {
        return FigureTable.number(measured.report().calls(), 0) + " calls in " + FigureTable.number(measured.seconds(), 1) + " s, "
                + FigureTable.number(measured.callsPerSecond(), 0) + "/s, " + FigureTable.number(measured.cpuMillisPerCall(), 2) + " CPU-ms each";
    }
}
