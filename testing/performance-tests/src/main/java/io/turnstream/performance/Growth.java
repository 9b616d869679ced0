package io.turnstream.performance;

import io.turnstream.performance.ProgramUnderTest.Measured;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Whether time grows as the data does, and memory does not: 1/8, 1/4, 1/2 and all of the data set, each in a new home
/// by a program that was just started, at zero latency, pictures prepared on the way.
final class Growth implements Benchmark {

    private static final int CONNECTIONS = 128;
    private static final int LARGEST = 8;

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String description() {
        return "time and peak memory at 1, 2, 4 and 8 times the data, each from a cold start";
    }

    @Override
    public List<Figure> measure(Bench bench) throws IOException {
        Path pictures = bench.pictures();
        bench.models().latency(Duration.ZERO);
        List<Figure> figures = new ArrayList<>();
        double firstSeconds = 0;
        double firstMegabytes = 0;
        for (int times = 1; times <= LARGEST; times *= 2) {
            try (ProgramUnderTest program = ProgramUnderTest.start(bench.newHome(), bench.models())) {
                Measured measured = program
                        .run(new Load(pictures, bench.rows() * times / LARGEST, null, 1, CONNECTIONS, true));
                double megabytes = program.consumption().peakBytes() / 1e6;
                bench.say(times + "x: " + Overhead.told(measured) + ", " + FigureTable.number(megabytes, 0) + " MB");
                figures.add(
                        new Figure(name(), times + "x data", "s", 1, new Goal.None(), Samples.of(measured.seconds())));
                figures.add(new Figure(name(), times + "x data", "MB", 0, new Goal.None(), Samples.of(megabytes)));
                if (times == 1) {
                    firstSeconds = measured.seconds();
                    firstMegabytes = megabytes;
                } else if (times == LARGEST) {
                    figures.add(new Figure(name(), "time, 8x over 1x", "times", 2, new Goal.AtMost(8.4),
                            Samples.of(measured.seconds() / firstSeconds)));
                    figures.add(new Figure(name(), "memory, 8x over 1x", "times", 2, new Goal.AtMost(1.25),
                            Samples.of(megabytes / firstMegabytes)));
                }
            }
        }
        return figures;
    }
}
