package io.turnstream.performance;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.EventLog;
import io.turnstream.console.JudgementOrder;
import io.turnstream.console.JudgementSetName;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.TranscriptsReplayed;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaCatalog;
import io.turnstream.performance.ProgramUnderTest.Measured;
import io.turnstream.projection.report.Provenance.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// How fast `score` reads the transcripts of an old run back from the log. The judge never answers meanwhile, so its
/// time is not in it.
final class Reread implements Benchmark {

    private static final int ROWS = 1_250;
    private static final int EPOCHS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Override
    public String name() {
        return "reread";
    }

    @Override
    public String description() {
        return "dialogues a second that score reads back from the log, of a run of 10,000";
    }

    @Override
    public List<Figure> measure(Bench bench) throws IOException {
        int rows = bench.isQuick() ? ROWS / 8 : ROWS;
        bench.models().latency(Duration.ZERO);
        Load load = new Load(bench.datasets().dialogues(rows), rows, "unimodal", EPOCHS, 128, true);
        List<Double> rates = new ArrayList<>();
        try (ProgramUnderTest program = ProgramUnderTest.start(bench.newHome(), bench.models())) {
            Measured recorded = program.run(load);
            bench.say("recorded: " + Overhead.told(recorded));
            bench.models().latency(Duration.ofMinutes(5));
            for (int run = 1; run <= bench.runs(); run++) {
                JudgementSetName set = program.platform()
                        .judge(recorded.runId(), new JudgementOrder("sim/judge-strict", null, false, null, null,
                                new Limits(1, 0, 600_000), run, null, "bench"))
                        .set();
                double rate = rate(program.kafka(), set);
                bench.say("run " + run + ": " + FigureTable.number(rate, 0) + " dialogues/s");
                rates.add(rate);
                program.platform().command(set, RunCommand.CANCEL, "measured");
            }
        }
        return List.of(new Figure(name(), FigureTable.number(load.dialogues(), 0) + " dialogues", "dialogues/s", 0,
                new Goal.AtLeast(3_000), new Samples(rates)));
    }

    /// By the times that the broker gave the two events.
    private static double rate(String kafka, JudgementSetName set) {
        KafkaConnection connection = KafkaConnection.to(kafka, "bench");
        EventLog log = new EventLog(connection);
        double[] rate = new double[1];
        try (SchemaCatalog schemas = SchemaCatalog.reading(connection)) {
            EventSerde serde = new EventSerde(schemas);
            Await.until(PATIENCE, () -> "all transcripts of " + set + " are read back", () -> {
                OptionalLong opened = OptionalLong.empty();
                for (ConsumerRecord<String, byte[]> record : log.records(Topics.RUNS)) {
                    SpecificRecord event = set.runId().equals(record.key()) ? serde.fromBytes(record.value()) : null;
                    if (event instanceof JudgementSetOpened first
                            && first.getSpec().getJudgementSetId().equals(set.judgementSetId())) {
                        opened = OptionalLong.of(record.timestamp());
                    } else if (event instanceof TranscriptsReplayed last
                            && last.getJudgementSetId().equals(set.judgementSetId()) && opened.isPresent()) {
                        rate[0] = last.getDialogues() * 1e3 / (record.timestamp() - opened.getAsLong());
                    }
                }
                return rate[0] > 0;
            });
        }
        return rate[0];
    }
}
