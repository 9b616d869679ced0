package io.turnstream.performance;

import io.turnstream.performance.ProgramUnderTest.Measured;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/// A whole night's run: every dialogue of the published data set, with pictures and judge, by a program that was just
/// started. The pictures are prepared beforehand, once, and that is measured apart: against the time that decoding
/// alone takes on all cores.
final class FullSize implements Benchmark {

    private static final int CONNECTIONS = 1_024;
    private static final Duration LATENCY = Duration.ofSeconds(1);
    private static final int DECODED = 48;
    private static final double GIGABYTE = 1e9;

    @Override
    public String name() {
        return "full";
    }

    @Override
    public String description() {
        return "36,096 calls to the model and 6,016 to the judge, 752 pictures, 1 s latency, 1,024 connections shared by both";
    }

    @Override
    public List<Figure> measure(Bench bench) throws IOException {
        Path pictures = bench.pictures();
        Path home = bench.newHome();
        List<Figure> figures = new ArrayList<>(prepared(bench, pictures, home));
        Load load = new Load(pictures, bench.rows(), null, 1, CONNECTIONS, true);
        bench.models().latency(LATENCY);
        List<Double> seconds = new ArrayList<>();
        List<Double> gigabytes = new ArrayList<>();
        for (int run = 1; run <= bench.runs(); run++) {
            try (ProgramUnderTest program = ProgramUnderTest.start(home, bench.models())) {
                Measured measured = program.run(load);
                Consumption all = program.consumption();
                seconds.add(measured.seconds());
                gigabytes.add(all.peakBytes() / GIGABYTE);
                bench.say("run " + run + ": " + Overhead.told(measured) + "; ideal "
                        + FigureTable.number(load.idealSeconds(measured.calls(), 1), 1) + " s; "
                        + FigureTable.number(all.peakBytes() / GIGABYTE, 2) + " GB");
            }
        }
        figures.add(new Figure(name(), FigureTable.number(load.dialogues(), 0) + " dialogues", "s", 1,
                bench.isQuick() ? new Goal.None() : new Goal.AtMost(70), new Samples(seconds)));
        figures.add(new Figure(name(), "peak memory", "GB", 2, new Goal.AtMost(1.5), new Samples(gigabytes)));
        return figures;
    }

    private List<Figure> prepared(Bench bench, Path pictures, Path home) throws IOException {
        double decodeSeconds = secondsToDecode(pictures, bench.rows());
        // nothing is answered while pictures are prepared
        bench.models().latency(Duration.ofMinutes(5));
        double seconds;
        try (ProgramUnderTest program = ProgramUnderTest.start(home, bench.models())) {
            seconds = program.planned(new Load(pictures, bench.rows(), null, 1, 2, false)).toMillis() / 1e3;
        }
        bench.say("prepared " + bench.rows() + " pictures in " + FigureTable.number(seconds, 1)
                + " s; to decode them takes " + FigureTable.number(decodeSeconds, 1) + " s");
        return List.of(
                new Figure(name(), "pictures prepared", "pictures/s", 1, new Goal.None(),
                        Samples.of(bench.rows() / seconds)),
                new Figure(name(), "decoding over preparing", "%", 0, new Goal.None(),
                        Samples.of(100 * decodeSeconds / seconds)));
    }

    /// What decoding all pictures takes on all cores if nothing else is done, from a part of them.
    private static double secondsToDecode(Path pictures, int count) throws IOException {
        List<Path> some;
        try (Stream<Path> files = Files.list(pictures.resolve("images"))) {
            some = files.sorted().limit(DECODED).toList();
        }
        var threads = ManagementFactory.getThreadMXBean();
        // the first half warms the decoder up
        int measured = some.size() / 2;
        long cpu = 0;
        for (int i = 0; i < some.size(); i++) {
            if (i == some.size() - measured) {
                cpu = threads.getCurrentThreadCpuTime();
            }
            ImageIO.read(some.get(i).toFile());
        }
        return (threads.getCurrentThreadCpuTime() - cpu) / 1e9 / measured * count
                / Runtime.getRuntime().availableProcessors();
    }
}
