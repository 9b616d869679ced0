package io.turnstream.performance;

import io.turnstream.performance.ProgramUnderTest.Measured;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// How much of what the provider allows is used: the least time that the calls of a run can take, over the time it
/// took. Reading the data set, the last dialogues, which wait for nobody but themselves, and the seal count against us.
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
        return Trial.measured(name(), new WholeRun(), bench);
    }

    @Override
    public List<Trial> trials() {
        return List.of(new WholeRun());
    }

    private record WholeRun() implements Trial {

        @Override
        public String what() {
            return "500 ms, 512 connections";
        }

        @Override
        public List<Quantity> quantities() {
            return List.of(new Quantity("% of ideal", 1, new Goal.AtLeast(95)));
        }

        @Override
        public Course open(Bench bench, Checkout checkout) throws IOException {
            Load load = new Load(bench.texts(), bench.rows(), "unimodal", EPOCHS, CONNECTIONS, true);
            Load warming = new Load(bench.texts(), bench.rows(), "unimodal", 1, CONNECTIONS, true);
            bench.models().latency(Duration.ZERO);
            ProgramUnderTest program = ProgramUnderTest.start(checkout, bench.newHome(), bench.models());
            return program.warm(() -> Overhead.warmUp(bench, program, warming, checkout.name() + ", "), run -> {
                bench.models().latency(LATENCY);
                Measured measured = program.run(load);
                bench.say(checkout.name() + ", run " + run + ": " + Overhead.told(measured));
                return List
                        .of(100 * load.idealSeconds(measured.calls(), LATENCY.toMillis() / 1e3) / measured.seconds());
            });
        }
    }
}
