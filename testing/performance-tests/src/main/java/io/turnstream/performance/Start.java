package io.turnstream.performance;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.EventLog;
import io.turnstream.cluster.Reactor;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.standalone.home.HomeLayout;
import io.turnstream.standalone.home.RunningPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How long one waits for the first call: from the command `./turnstream demo` in a new home, with everything built.
final class Start implements Benchmark {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int RUNS = 5;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String description() {
        return "from ./turnstream demo in a new home to the first call to a model";
    }

    @Override
    public List<Figure> measure(Bench bench) throws IOException {
        return Trial.measured(name(), new NewHome(), bench);
    }

    @Override
    public List<Trial> trials() {
        return List.of(new NewHome());
    }

    private record NewHome() implements Trial {

        @Override
        public String what() {
            return "demo to first call";
        }

        @Override
        public List<Quantity> quantities() {
            return List.of(new Quantity("s", 2, new Goal.AtMost(4)));
        }

        @Override
        public int runs(Bench bench) {
            return bench.isQuick() ? 1 : Math.max(RUNS, bench.runs());
        }

        @Override
        public Course open(Bench bench, Checkout checkout) throws IOException {
            // the first one only fills the system's file cache
            seconds(bench, checkout, 0);
            return new Course() {
                @Override
                public List<Double> measure(int run) throws IOException {
                    return List.of(seconds(bench, checkout, run));
                }

                @Override
                public void close() {
                    // each start is over by itself
                }
            };
        }

        private static double seconds(Bench bench, Checkout checkout, int run) throws IOException {
            Duration first = firstCall(checkout, bench.newHome());
            bench.say(checkout.name() + ", start " + run + ": first call after " + first.toMillis() + " ms");
            return first.toMillis() / 1e3;
        }
    }

    private static Duration firstCall(Checkout checkout, Path home) throws IOException {
        Path log = Files.createDirectories(Reactor.TARGET.resolve("logs")).resolve("demo.log");
        ProcessBuilder builder = checkout.command(List.of("demo", "--home", home.toString())).redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Instant started = Instant.now();
        Process demo = builder.start();
        try {
            HomeLayout layout = new HomeLayout(home);
            Await.until(PATIENCE, () -> "the demo runs: see " + log, () -> RunningPlatform.on(layout).isPresent());
            RunningPlatform running = RunningPlatform.on(layout).orElseThrow();
            EventLog events = new EventLog(KafkaConnection.to(String.valueOf(running.kafka()), "bench"));
            Await.until(PATIENCE, () -> "the demo gets answers: see " + log,
                    () -> events.size(Topics.TURN_ANSWERS) > 0);
            long first = events.events(Topics.TURN_ANSWERS, TurnAnswered.class, "").stream()
                    .mapToLong(answer -> answer.getAnswer().getStartedAtMillis()).min().orElseThrow();
            return Duration.between(started, Instant.ofEpochMilli(first));
        } finally {
            List<ProcessHandle> children = demo.descendants().toList();
            demo.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
            demo.onExit().join();
        }
    }
}
