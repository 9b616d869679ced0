package io.turnstream.dispatch;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.DialoguePlanned;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.Question;
import io.turnstream.contracts.RequestDeferred;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.Selection;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepParameters;
import io.turnstream.contracts.Subject;
import io.turnstream.contracts.TokenPrice;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.contracts.Usage;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.RecordedProvider;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.SchemaIds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// The dispatcher's topology under the test driver, and short names for what goes in and comes out.
final class DispatcherFixture implements AutoCloseable {

    static final String RUN = "01JD0000000000000000000001";
    static final String SET = Ids.judgementSetId(RUN, target("j"), new CallParameters(0.1, 128, null), "pack",
            Ids.NO_CAPTIONS, 1);
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final EventSerde serde = new EventSerde(SchemaIds.byPosition());
    private final TopologyTestDriver driver;
    private final Map<Topics, TestInputTopic<String, SpecificRecord>> inputs = new EnumMap<>(Topics.class);
    private final Map<Topics, TestOutputTopic<String, SpecificRecord>> outputs = new EnumMap<>(Topics.class);
    private int answers;

    DispatcherFixture() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "dispatcher-test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        driver = new TopologyTestDriver(
                DispatcherTopology.build(serde, UnaryOperator.identity(), Stores::inMemoryKeyValueStore), properties,
                START);
        for (Topics topic : List.of(Topics.RUNS, Topics.DIALOGUES, Topics.DIALOGUE_COMMANDS, Topics.TURN_ANSWERS,
                Topics.JUDGEMENTS)) {
            inputs.put(topic, driver.createInputTopic(topic.topicName(), new StringSerializer(), serde.serializer(),
                    START, Duration.ofMillis(1)));
        }
        for (Topics topic : List.of(Topics.RUNS, Topics.RUN_CONTROL, Topics.TURN_REQUESTS, Topics.JUDGE_REQUESTS,
                Topics.DIALOGUE_EVENTS,
                Topics.DIALOGUE_PROGRESS)) {
            outputs.put(topic,
                    driver.createOutputTopic(topic.topicName(), new StringDeserializer(), serde.deserializer()));
        }
    }

    // ---- in

    void send(Topics topic, String key, SpecificRecord event) {
        inputs.get(topic).pipeInput(key, event);
    }

    /// A record that was copied from another installation.
    void bringIn(Topics topic, String key, SpecificRecord event) {
        inputs.get(topic)
                .pipeInput(new TestRecord<>(key, event, new RecordHeaders().add(EventHeaders.IMPORTED, new byte[0])));
    }

    void requestRun(int window) {
        requestRun(RUN, window);
    }

    void requestRun(String runId, int window) {
        Selection selection = new Selection(List.of(), List.of(), List.of(), 0, null, List.of(), false, 1);
        send(Topics.RUNS, runId,
                new RunRequested(meta("request-" + runId), runId, target("m"), target("j"), null, List.of("data"), null,
                        null,
                        selection, "pack", "mtmcs-v1", parameters(), limits(), limits(), window, false, null, List.of(),
                        "tester", "test", null, null, null));
    }

    /// A run that may spend so much, its dialogues planned with [#planPricedDialogue].
    void requestLimitedRun(int window, @Nullable Long costLimitNanoUsd, @Nullable Long judgeCostLimitNanoUsd) {
        Selection selection = new Selection(List.of(), List.of(), List.of(), 0, null, List.of(), false, 1);
        send(Topics.RUNS, RUN,
                new RunRequested(meta("request-" + RUN), RUN, target("m"), target("j"), null, List.of("data"), null,
                        null,
                        selection, "pack", "mtmcs-v1", parameters(), pricedLimits(), pricedLimits(), window, false,
                        null, List.of(), "tester", "test", null,
                        costLimitNanoUsd, judgeCostLimitNanoUsd));
    }

    /// A dialogue whose tokens cost 1,000 nano-USD each, of model and judge.
    void planPricedDialogue(int ordinal) {
        DialoguePlan plan = pricedPlan(ordinal);
        send(Topics.DIALOGUES, plan.getSubject().getDialogueId(), new DialoguePlanned(meta("plan-" + ordinal), plan));
    }

    static DialoguePlan pricedPlan(int ordinal) {
        DialoguePlan plan = plan(RUN, ordinal, 0);
        plan.setLimits(pricedLimits());
        plan.setJudgeLimits(pricedLimits());
        return plan;
    }

    static CallLimits pricedLimits() {
        return new CallLimits(8, 3, 60_000L, null, null, new TokenPrice(1_000_000L, 1_000_000L), 1);
    }

    /// A dialogue's three answers and verdict, each at such a cost.
    void finish(int ordinal, long costNanoUsd) {
        for (String step : List.of("r1", "r2", "r3")) {
            paidAnswer(ordinal, step, costNanoUsd);
        }
        String dialogueId = dialogue(ordinal);
        send(Topics.JUDGEMENTS, dialogueId,
                new JudgementGiven(meta("verdict-" + ++answers), Ids.judgeRequestId(dialogueId, 1, SET),
                        plan(RUN, ordinal, 0).getSubject(), SET, 1, Outcome.JUDGED, 4, paid("{}", costNanoUsd)));
    }

    /// An answer that was too long, of which nobody knows what it took.
    void unpaid(int ordinal, String step, List<Attempt> attempts) {
        String dialogueId = dialogue(ordinal);
        Answer answer = answerOf("");
        answer.setText(null);
        answer.setCostNanoUsd(null);
        answer.setAttempts(attempts);
        send(Topics.TURN_ANSWERS, dialogueId,
                new TurnAnswered(meta("answer-" + ++answers), Ids.requestId(dialogueId, step, 1),
                        plan(RUN, ordinal, 0).getSubject(), new Step(step, kind(step)), 1, Outcome.OVERSIZED, answer));
    }

    /// An answer of 100 + 10 tokens at such a cost.
    void paidAnswer(int ordinal, String step, long costNanoUsd) {
        String dialogueId = dialogue(ordinal);
        send(Topics.TURN_ANSWERS, dialogueId,
                new TurnAnswered(meta("answer-" + ++answers), Ids.requestId(dialogueId, step, 1),
                        plan(RUN, ordinal, 0).getSubject(), new Step(step, kind(step)), 1, Outcome.ANSWERED,
                        paid("fine", costNanoUsd)));
    }

    static Answer paid(String text, long costNanoUsd) {
        Answer answer = answerOf(text);
        answer.setUsage(new Usage(100L, 10L, 0L));
        answer.setCostNanoUsd(costNanoUsd);
        return answer;
    }

    void retry(Outcome... also) {
        send(Topics.RUNS, RUN, new RunCommanded(meta("retry-" + ++answers), RUN, RunCommand.RETRY, null, "tester", null,
                null, List.of(also)));
    }

    void verdict(int ordinal, int generation, Outcome outcome) {
        String dialogueId = dialogue(ordinal);
        send(Topics.JUDGEMENTS, dialogueId,
                new JudgementGiven(meta("verdict-" + ++answers), Ids.judgeRequestId(dialogueId, generation, SET),
                        plan(RUN, ordinal, 0).getSubject(), SET, generation, outcome,
                        outcome == Outcome.JUDGED ? 4 : null, answerOf("?")));
    }

    void command(RunCommand command, @Nullable Long costLimitNanoUsd) {
        send(Topics.RUNS, RUN, new RunCommanded(meta("command-" + ++answers), RUN, command, "because", "tester",
                costLimitNanoUsd, null, List.of()));
    }

    /// A run that somebody stated expectations of.
    void requestExpectedRun(int window) {
        Selection selection = new Selection(List.of(), List.of(), List.of(), 0, null, List.of(), false, 1);
        send(Topics.RUNS, RUN,
                new RunRequested(meta("request-" + RUN), RUN, target("m"), target("j"), null, List.of("data"), null,
                        null,
                        selection, "pack", "mtmcs-v1", parameters(), limits(), limits(), window, false, "e".repeat(64),
                        List.of(), "tester", "test", "version: 1", null, null));
    }

    void planDialogue(int ordinal, int questions) {
        planDialogue(RUN, ordinal, questions);
    }

    void planDialogue(String runId, int ordinal, int questions) {
        DialoguePlan plan = plan(runId, ordinal, questions);
        send(Topics.DIALOGUES, plan.getSubject().getDialogueId(), new DialoguePlanned(meta("plan-" + ordinal), plan));
    }

    void planRecordedDialogue(int ordinal, int questions) {
        DialoguePlan plan = plan(RUN, ordinal, questions);
        plan.setTarget(new ModelTarget(RecordedProvider.NAME, "m"));
        send(Topics.DIALOGUES, plan.getSubject().getDialogueId(), new DialoguePlanned(meta("plan-" + ordinal), plan));
    }

    void planned(int dialogues) {
        planned(RUN, dialogues);
    }

    void planned(String runId, int dialogues) {
        send(Topics.RUNS, runId, new RunPlanned(meta("planned"), runId, dialogues, List.of(), 1L, 0L, 0L, 0L,
                "d".repeat(64), null, SET, 0L, 0L));
    }

    void command(RunCommand command) {
        send(Topics.RUNS, RUN,
                new RunCommanded(meta("command-" + command), RUN, command, "because", "tester", null, null, List.of()));
    }

    void answer(int ordinal, String step, Outcome outcome, String text) {
        answer(RUN, ordinal, step, 1, outcome, text);
    }

    void answer(String runId, int ordinal, String step, int generation, Outcome outcome, String text) {
        String dialogueId = dialogue(runId, ordinal);
        send(Topics.TURN_ANSWERS, dialogueId,
                new TurnAnswered(meta("answer-" + ++answers), Ids.requestId(dialogueId, step, generation),
                        plan(runId, ordinal, 0).getSubject(), new Step(step, kind(step)), generation, outcome,
                        answerOf(text)));
    }

    void judge(int ordinal, int score) {
        judge(ordinal, 1, score);
    }

    void judge(int ordinal, int generation, int score) {
        verdict(ordinal, generation, score, "{\"score\":" + score + "}");
    }

    /// A verdict of the first generation in such words.
    void verdictSaying(int ordinal, int score, String text) {
        verdict(ordinal, 1, score, text);
    }

    private void verdict(int ordinal, int generation, int score, String text) {
        String dialogueId = dialogue(ordinal);
        send(Topics.JUDGEMENTS, dialogueId,
                new JudgementGiven(meta("verdict-" + ++answers), Ids.judgeRequestId(dialogueId, generation, SET),
                        plan(RUN, ordinal, 0).getSubject(), SET, generation, Outcome.JUDGED, score, answerOf(text)));
    }

    void defer(int ordinal, String step, DeferralReason reason, String causeId, long notBeforeMillis) {
        String dialogueId = dialogue(ordinal);
        EventMeta meta = new EventMeta("deferral-" + ++answers, causeId, "c".repeat(64), START.toEpochMilli());
        send(Topics.TURN_ANSWERS, dialogueId,
                new RequestDeferred(meta, Ids.requestId(dialogueId, step, 1), plan(RUN, ordinal, 0).getSubject(),
                        new Step(step, kind(step)), reason, "because", notBeforeMillis, null, null, null));
    }

    void passWallClock(Duration time) {
        driver.advanceWallClockTime(time);
    }

    // ---- out

    List<SpecificRecord> take(Topics topic) {
        List<SpecificRecord> taken = new ArrayList<>();
        for (TestRecord<String, SpecificRecord> record : outputs.get(topic).readRecordsToList()) {
            taken.add(record.value());
        }
        return taken;
    }

    List<TestRecord<String, SpecificRecord>> takeRecords(Topics topic) {
        return outputs.get(topic).readRecordsToList();
    }

    /// requestIds, without the dialogue, that were sent to models since the last call.
    List<String> asked() {
        return take(Topics.TURN_REQUESTS).stream().map(EventTypes::requestIdOf).map(DispatcherFixture::shorten)
                .toList();
    }

    /// requestIds, without the dialogue and set, that were sent to judges since the last call.
    List<String> judgeAsked() {
        return take(Topics.JUDGE_REQUESTS).stream().map(EventTypes::requestIdOf).map(DispatcherFixture::shorten)
                .toList();
    }

    private static String shorten(String requestId) {
        String[] parts = requestId.split("[/#]");
        return parts[2] + ":" + parts[parts.length - 1];
    }

    // ---- values

    static String dialogue(int ordinal) {
        return dialogue(RUN, ordinal);
    }

    static String dialogue(String runId, int ordinal) {
        return Ids.dialogueId(runId, Split.TYPE_A, ordinal, Modality.UNIMODAL, Intent.UNSAFE, 0, 1);
    }

    static DialoguePlan plan(String runId, int ordinal, int questions) {
        Subject subject = new Subject(runId, dialogue(runId, ordinal), Split.TYPE_A, ordinal, Modality.UNIMODAL,
                Intent.UNSAFE, 0, 1, "x",
                "a".repeat(64));
        List<Question> asked = new ArrayList<>();
        for (int i = 0; i < questions; i++) {
            asked.add(
                    new Question(new Step("mcq-" + i, StepKind.MCQ), "unsafe_intent", Texts.of("which?", new byte[16]),
                            List.of(Texts.of("a", new byte[16]), Texts.of("b", new byte[16])), "B"));
        }
        return new DialoguePlan(subject, ordinal, target("m"), target("j"), SET, "pack", parameters(), limits(),
                limits(),
                List.of(Texts.of("one", new byte[16]), Texts.of("two", new byte[16]), Texts.of("three", new byte[16])),
                asked, null, null, null);
    }

    static Answer answerOf(String text) {
        CallParameters parameters = new CallParameters(0.1, 128, null);
        return new Answer(Texts.of(text, new byte[16]), null, null, null, "stop", "m-1", null, parameters, parameters,
                null, 7L, List.of(),
                "p".repeat(64), null, "w", 0L, 0L, null, null);
    }

    static EventMeta meta(String eventId) {
        return new EventMeta(eventId, null, null, START.toEpochMilli());
    }

    static ModelTarget target(String name) {
        return new ModelTarget("sim", name);
    }

    private static StepParameters parameters() {
        CallParameters call = new CallParameters(0.1, 128, null);
        return new StepParameters(call, call, call, call);
    }

    static CallLimits limits() {
        return new CallLimits(8, 3, 60_000L, null, null, null, null);
    }

    private static StepKind kind(String step) {
        return step.startsWith("r") ? StepKind.TURN : step.startsWith("mcq") ? StepKind.MCQ : StepKind.TF;
    }

    @Override
    public void close() {
        driver.close();
    }
}
