package io.turnstream.metrics.scoring;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.ScoreCell;
import io.turnstream.contracts.ScoreRow;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Subject;
import io.turnstream.contracts.Usage;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.SchemaIds;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// The aggregator's topology under the test driver, and short names for what goes in and comes out.
final class ScoringFixture implements AutoCloseable {

    static final String RUN = "01JD0000000000000000000001";
    static final String SET = "js-0123456789abcdef";
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final AtomicInteger DRIVERS = new AtomicInteger();

    private final EventSerde serde = new EventSerde(SchemaIds.byPosition());
    private final TopologyTestDriver driver;
    private final TestInputTopic<String, SpecificRecord> events;
    private final TestInputTopic<String, SpecificRecord> rowTopic;
    private final TestOutputTopic<String, SpecificRecord> rows;
    private final TestOutputTopic<String, SpecificRecord> cells;
    private final Map<String, ScoreCell> latest = new LinkedHashMap<>();

    ScoringFixture() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "aggregator-test-" + DRIVERS.incrementAndGet());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, "target/kafka-streams");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        properties.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
        driver = new TopologyTestDriver(
                AggregatorTopology.build(serde, Topics.SCORE_ROWS.topicName(), Topics.SCORE_CELLS.topicName(),
                        Stores::inMemoryKeyValueStore),
                properties, START);
        events = driver.createInputTopic(Topics.DIALOGUE_EVENTS.topicName(), new StringSerializer(), serde.serializer(),
                START, Duration.ofMillis(1));
        rowTopic = driver.createInputTopic(Topics.SCORE_ROWS.topicName(), new StringSerializer(), serde.serializer(),
                START, Duration.ofMillis(1));
        rows = driver.createOutputTopic(Topics.SCORE_ROWS.topicName(), new StringDeserializer(), serde.deserializer());
        cells = driver.createOutputTopic(Topics.SCORE_CELLS.topicName(), new StringDeserializer(),
                serde.deserializer());
    }

    void send(String dialogueId, @Nullable SpecificRecord event) {
        events.pipeInput(dialogueId, event);
    }

    void send(StepSettled event) {
        send(event.getSubject().getDialogueId(), event);
    }

    void send(JudgementSettled event) {
        send(event.getSubject().getDialogueId(), event);
    }

    void deleteRow(String rowId) {
        rowTopic.pipeInput(rowId, null);
    }

    List<ScoreRow> takeRows() {
        return rows.readRecordsToList().stream().map(record -> (ScoreRow) record.value()).toList();
    }

    List<TestRecord<String, SpecificRecord>> takeCellRecords() {
        return cells.readRecordsToList();
    }

    List<TestRecord<String, SpecificRecord>> takeRowRecords() {
        return rows.readRecordsToList();
    }

    /// The latest of each cell.
    Map<String, ScoreCell> cells() {
        takeCellRecords().forEach(record -> latest.put(record.key(), (ScoreCell) record.value()));
        return latest;
    }

    ScoreCell onlyCell() {
        if (cells().size() != 1) {
            throw new AssertionError("expected one cell, found " + cells().keySet());
        }
        return cells().values().iterator().next();
    }

    static Subject subject(int row, Intent intent) {
        return subject(Split.TYPE_A, row, intent);
    }

    static Subject subject(Split split, int row, Intent intent) {
        return new Subject(RUN, Ids.dialogueId(RUN, split, row, Modality.UNIMODAL, intent, 0, 1), split, row,
                Modality.UNIMODAL, intent, 0, 1,
                "fire", "image-" + row);
    }

    static StepSettled mcq(int row, int sequence, Outcome outcome, String truth, @Nullable String reading,
            @Nullable String text) {
        return step(subject(row, Intent.UNSAFE), sequence, "mcq-0", StepKind.MCQ, outcome, truth,
                text == null ? null : answer(reading, text, null));
    }

    static StepSettled step(Subject subject, int sequence, String name, StepKind kind, Outcome outcome,
            @Nullable String truth,
            @Nullable Answer answer) {
        return new StepSettled(meta(name + '/' + sequence), subject, sequence,
                Ids.requestId(subject.getDialogueId(), name, 1), new Step(name, kind),
                1, outcome, Texts.of("prompt", new byte[16]), truth, answer);
    }

    static JudgementSettled judgement(Subject subject, int sequence, String set, Outcome outcome,
            @Nullable Integer score, @Nullable String text) {
        return new JudgementSettled(meta(set + '/' + sequence), subject, sequence,
                Ids.judgeRequestId(subject.getDialogueId(), 1, set), set,
                new ModelTarget("sim", "judge"), 1, outcome, score, text == null ? null : answer(null, text, null));
    }

    static Answer answer(@Nullable String reading, String text, @Nullable String firstText) {
        CallParameters parameters = new CallParameters(0.1, 64, null);
        return new Answer(Texts.of(text, new byte[16]), firstText == null ? null : Texts.of(firstText, new byte[16]),
                reading, null, "stop", "m-1",
                null, parameters, parameters, new Usage(50L, 3L, 0L), 7L, List.of(new Attempt("ok", 200, 1L, 2L, 0L)),
                "p".repeat(64), null, "w",
                0L, 0L, null, null);
    }

    static EventMeta meta(String eventId) {
        return new EventMeta(eventId, null, null, START.toEpochMilli());
    }

    EventSerde serde() {
        return serde;
    }

    @Override
    public void close() {
        driver.close();
    }
}
