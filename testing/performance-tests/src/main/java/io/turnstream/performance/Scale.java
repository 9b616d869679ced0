package io.turnstream.performance;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.Cluster;
import io.turnstream.cluster.JavaPart;
import io.turnstream.contracts.RunCommand;
import io.turnstream.projection.report.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Whether twice the worker processes make twice the calls: a deployment with every service a process of its own, and
/// 1, 2, 4 and 8 model workers that may make 64 calls each at a time. Measured while a run is in full swing, from four
/// workers, which have made 20,000 calls together, down to one: measured cold, one would be slow, and two more than
/// linear. Eight, which nothing is promised of, come last, since four of them are cold.
final class Scale implements Benchmark {

    private static final int CONNECTIONS = 64;
    private static final int LATENCY_MILLIS = 500;
    private static final int WARM_UP_CALLS = 20_000;
    private static final Duration WARM_UP_PATIENCE = Duration.ofMinutes(10);
    private static final Duration RAMP = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int EPOCHS = 3;
    private static final int WARM = 4;
    private static final List<Integer> ORDER = List.of(WARM, 2, 1, 8);
    private static final List<Integer> PROMISED = List.of(2, WARM);

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
        Map<Integer, Samples> rates = new HashMap<>();
        try (Cluster cluster = Cluster.start(JavaPart.Pace.LONG_RUN, 1)) {
            cluster.simulator().settings("{\"latency\": {\"fixedMillis\": " + LATENCY_MILLIS + "}}");
            cluster.scale(WARM);
            warmUp(cluster, bench);
            for (int workers : ORDER) {
                cluster.scale(workers);
                rates.put(workers, new Samples(rates(cluster, bench, workers)));
                bench.say(workers + " workers: " + FigureTable.number(rates.get(workers).median(), 0) + " calls/s");
            }
        }
        return ORDER.stream().sorted().map(workers -> figure(workers, rates.get(workers), rates.get(1).median()))
                .toList();
    }

    private Figure figure(int workers, Samples rates, double one) {
        if (workers == 1) {
            return new Figure(name(), "1 worker, of 128 possible", "calls/s", 0, new Goal.None(), rates);
        }
        return new Figure(name(), workers + " workers", "% of linear", 1,
                PROMISED.contains(workers) ? new Goal.AtLeast(95) : new Goal.None(),
                new Samples(rates.values().stream().map(rate -> 100 * rate / (workers * one)).toList()));
    }

    private static void warmUp(Cluster cluster, Bench bench) throws IOException {
        String runId = submit(cluster, bench, WARM);
        Await.until(WARM_UP_PATIENCE, () -> WARM_UP_CALLS + " calls to warm up", () -> calls(cluster) >= WARM_UP_CALLS);
        cancel(cluster, runId);
    }

    private static List<Double> rates(Cluster cluster, Bench bench, int workers) throws IOException {
        long before = calls(cluster);
        String runId = submit(cluster, bench, workers);
        Await.until(PATIENCE, () -> "the run begins", () -> calls(cluster) > before);
        LockSupport.parkNanos(RAMP.toNanos());
        List<Double> rates = new ArrayList<>();
        for (int window = 1; window <= bench.runs(); window++) {
            long calls = calls(cluster);
            long started = System.nanoTime();
            LockSupport.parkNanos(WINDOW.toNanos());
            rates.add((calls(cluster) - calls) * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - started));
        }
        cancel(cluster, runId);
        return rates;
    }

    private static String submit(Cluster cluster, Bench bench, int workers) throws IOException {
        return cluster.submit(new Load(bench.datasets().texts(SyntheticDataset.ROWS), SyntheticDataset.ROWS, "unimodal",
                EPOCHS, CONNECTIONS, false).orderOf(workers));
    }

    private static void cancel(Cluster cluster, String runId) {
        cluster.platform().command(runId, RunCommand.CANCEL, "measured");
        Await.until(PATIENCE, () -> "the run ends",
                () -> cluster.platform().reports().progress(runId).filter(Progress::settled).isPresent());
    }

    private static long calls(Cluster cluster) {
        return cluster.simulator().stats().total().calls();
    }
}
