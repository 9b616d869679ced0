package io.turnstream.bench;

import io.turnstream.bench.ProgramUnderTest.Measured;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How much of what the provider allows is used: the least time that the calls of a run can take, over the time it took. Reading the data set,
/// the last dialogues, which wait for nobody but themselves, and the seal count against us.
final class Efficiency implements Benchmark {

    private static final int CONNECTIONS = 512;
    private static final Duration LATENCY = Duration.ofMillis(500);
    private static final int EPOCHS = 3;

    @Override
    public String name() {
        return "efficiency";
    }

    @Override
    public String description() {
        return "ideal time over time taken of a whole run, at 500 ms latency and 512 connections shared by model and judge";
    }

    @Override
    public List<Figure> measure(Bench bench) throws IOException {
        List<Double> percents = new ArrayList<>();
        try (ProgramUnderTest program = ProgramUnderTest.start(bench.newHome(), bench.models())) {
            bench.models().latency(Duration.ZERO);
            Overhead.warmUp(bench, program, new Load(bench.texts(), bench.rows(), "unimodal", 1, CONNECTIONS, true), "");
            bench.models().latency(LATENCY);
            Load load = new Load(bench.texts(), bench.rows(), "unimodal", EPOCHS, CONNECTIONS, true);
            for (int run = 1; run <= bench.runs(); run++) {
                Measured measured = program.run(load);
                bench.say("run " + run + ": " + Overhead.told(measured));
                percents.add(100 * load.idealSeconds(measured.report().calls(), LATENCY.toMillis() / 1e3) / measured.seconds());
            }
        }
        return List.of(new Figure(name(), "500 ms, 512 connections", "% of ideal", 1, new Goal.AtLeast(95), new Samples(percents)));
    }
}
