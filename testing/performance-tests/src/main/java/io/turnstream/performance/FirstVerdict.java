package io.turnstream.performance;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How soon a large run shows something: from its request to the first verdict, while thousands of dialogues are still
/// being planned. A program that was just started, and one that is warm; the run is given up once the verdict is there.
final class FirstVerdict implements Benchmark {

    private static final int CONNECTIONS = 128;
    private static final int EPOCHS = 2;
    private static final Duration LATENCY = Duration.ofSeconds(1);
    private static final int CALLS_TO_A_VERDICT = 4;

    @Override
    public String name() {
        return "verdict";
    }

    @Override
    public String description() {
        return "from the request of a run of 6,016 dialogues to its first verdict, at 1 s latency: three turns and one judge call";
    }

    @Override
    public List<Figure> measure(Bench bench) throws IOException {
        Load load = new Load(bench.texts(), bench.rows(), "unimodal", EPOCHS, CONNECTIONS, true);
        List<Double> cold = new ArrayList<>();
        List<Double> warm = new ArrayList<>();
        for (int start = 1; start <= bench.runs(); start++) {
            try (ProgramUnderTest program = ProgramUnderTest.start(bench.newHome(), bench.models())) {
                cold.add(measure(bench, program, load, "just started, "));
            }
        }
        try (ProgramUnderTest program = ProgramUnderTest.start(bench.newHome(), bench.models())) {
            bench.models().latency(Duration.ZERO);
            Overhead.warmUp(bench, program, new Load(bench.texts(), bench.rows(), "unimodal", 1, CONNECTIONS, true),
                    "");
            for (int run = 1; run <= bench.runs(); run++) {
                warm.add(measure(bench, program, load, "warm, "));
            }
        }
        double bound = 1.5 * CALLS_TO_A_VERDICT * LATENCY.toSeconds() + 2;
        String dialogues = FigureTable.number(load.dialogues(), 0) + " dialogues";
        return List.of(new Figure(name(), dialogues, "s", 1, new Goal.AtMost(bound), new Samples(warm)),
                new Figure(name(), "just started", "s", 1, new Goal.None(), new Samples(cold)));
    }

    private static double measure(Bench bench, ProgramUnderTest program, Load load, String what) throws IOException {
        SimulatedModels models = bench.models();
        models.latency(LATENCY);
        double seconds = program.untilFirst(load, models::verdicts);
        bench.say(what + "first verdict after " + FigureTable.number(seconds, 1) + " s");
        return seconds;
    }
}
