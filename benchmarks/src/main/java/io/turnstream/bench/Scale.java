package io.turnstream.bench;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.Cluster;
import io.turnstream.cluster.JavaPart;
import io.turnstream.contracts.RunCommand;
import io.turnstream.projection.report.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Whether twice the worker processes make twice the calls: a deployment with every service a process of its own, and 1, 2, 4 and 8 model
/// workers that may make 64 calls each at a time. Measured while the run is in full swing.
final class Scale implements Benchmark {

    private static final int CONNECTIONS = 64;
    private static final int LATENCY_MILLIS = 500;
    private static final Duration RAMP = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final List<Integer> PROMISED = List.of(2, 4);

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String description() {
        return "calls a second of 1, 2, 4 and 8 worker processes with 64 connections each, at 500 ms latency, over as many times the first";
    }

    @Override
    public List<Figure> measure(Bench bench) throws IOException {
        List<Figure> figures = new ArrayList<>();
        try (Cluster cluster = Cluster.start(JavaPart.Pace.LONG_RUN, 1)) {
            cluster.simulator().settings("{\"latency\": {\"fixedMillis\": " + LATENCY_MILLIS + "}}");
            double one = 0;
            for (int workers : List.of(1, 2, 4, 8)) {
                cluster.scale(workers);
                Samples rates = new Samples(rates(cluster, bench, workers));
                bench.say(workers + " workers: " + FigureTable.number(rates.median(), 0) + " calls/s");
                if (workers == 1) {
                    one = rates.median();
                    figures.add(new Figure(name(), "1 worker, of 128 possible", "calls/s", 0, new Goal.None(), rates));
                } else {
                    double linear = workers * one;
                    figures.add(new Figure(name(), workers + " workers", "% of linear", 1, PROMISED.contains(workers) ? new Goal.AtLeast(95) : new Goal.None(),
                            new Samples(rates.values().stream().map(rate -> 100 * rate / linear).toList())));
                }
            }
        }
        return figures;
    }

    private static List<Double> rates(Cluster cluster, Bench bench, int workers) throws IOException {
        String runId = cluster.submit(new Load(bench.datasets().texts(SyntheticDataset.ROWS), SyntheticDataset.ROWS, "unimodal", 5, CONNECTIONS, false).orderOf(workers));
        long before = cluster.simulator().stats().total().calls();
        Await.until(PATIENCE, () -> "the run begins", () -> cluster.simulator().stats().total().calls() > before);
        LockSupport.parkNanos(RAMP.toNanos());
        List<Double> rates = new ArrayList<>();
        for (int window = 1; window <= bench.runs(); window++) {
            long calls = cluster.simulator().stats().total().calls();
            long started = System.nanoTime();
            LockSupport.parkNanos(WINDOW.toNanos());
            rates.add((cluster.simulator().stats().total().calls() - calls) * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - started));
        }
        cluster.platform().command(runId, RunCommand.CANCEL, "measured");
        Await.until(PATIENCE, () -> "the run ends", () -> cluster.platform().reports().progress(runId).filter(Progress::settled).isPresent());
        return rates;
    }
}
