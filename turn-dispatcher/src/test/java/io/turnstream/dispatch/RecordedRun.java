package io.turnstream.dispatch;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.DialoguePlanned;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSetRequested;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.Question;
import io.turnstream.contracts.RequestDeferred;
import io.turnstream.contracts.RowRejected;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.Selection;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepParameters;
import io.turnstream.contracts.Subject;
import io.turnstream.contracts.TranscriptsReplayed;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.contracts.Usage;
import io.turnstream.contracts.state.RunProgress;
import io.turnstream.events.EventDigests;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.SchemaIds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// A run on the real dispatcher, with scripted workers, and every record of it in the order of the log.
final class RecordedRun implements AutoCloseable {

    static final EventSerde SERDE = new EventSerde(SchemaIds.byPosition());
    static final String IMAGE = EventDigests.sha256Hex(ArchivedParts.IMAGE);
    static final String PACK = ArchivedParts.PACK.digest();

    private static final List<Topics> WRITTEN = List.of(Topics.RUNS, Topics.DIALOGUE_COMMANDS, Topics.TURN_REQUESTS,
            Topics.JUDGE_REQUESTS,
            Topics.DIALOGUE_EVENTS, Topics.DIALOGUE_PROGRESS);

    private final String runId;
    private final Instant start;
    private final TopologyTestDriver driver;
    private final Map<Topics, TestInputTopic<String, SpecificRecord>> inputs = new EnumMap<>(Topics.class);
    private final Map<Topics, TestOutputTopic<String, SpecificRecord>> outputs = new EnumMap<>(Topics.class);
    private final List<Recorded> log = new ArrayList<>();
    private final Deque<Recorded> asked = new ArrayDeque<>();
    private Function<String, Outcome> outcomes = step -> Outcome.ANSWERED;
    private Outcome verdicts = Outcome.JUDGED;
    private @Nullable String quote;
    private Function<String, String> words = step -> "said in " + step;
    private long clock;
    private int events;

    RecordedRun(String runId, Instant start) {
        this(runId, start, UnaryOperator.identity());
    }

    /// @param signing signs seals
    RecordedRun(String runId, Instant start, UnaryOperator<RunSealed> signing) {
        this.runId = runId;
        this.start = start;
        this.clock = start.toEpochMilli();
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "audited");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        driver = new TopologyTestDriver(DispatcherTopology.build(SERDE, signing, Stores::inMemoryKeyValueStore),
                properties, start);
        for (Topics topic : List.of(Topics.RUNS, Topics.DIALOGUES, Topics.DIALOGUE_COMMANDS, Topics.TURN_ANSWERS,
                Topics.JUDGEMENTS)) {
            inputs.put(topic, driver.createInputTopic(topic.topicName(), new StringSerializer(), SERDE.serializer()));
        }
        for (Topics topic : WRITTEN) {
            outputs.put(topic,
                    driver.createOutputTopic(topic.topicName(), new StringDeserializer(), SERDE.deserializer()));
        }
    }

    /// Three dialogues with two questions each and a judge, all answered.
    static RecordedRun completed(String runId, Instant start) {
        RecordedRun run = new RecordedRun(runId, start);
        run.request();
        run.plan(3);
        run.answerAll();
        return run;
    }

    String runId() {
        return runId;
    }

    String judgementSetId() {
        return Ids.judgementSetId(runId, judge(), parameters(), PACK, "none", 1);
    }

    /// Every record so far.
    List<Recorded> log() {
        return new ArrayList<>(log);
    }

    /// What models say from now on, by step.
    RecordedRun saying(Function<String, String> newWords) {
        words = newWords;
        return this;
    }

    /// How calls end from now on, by step.
    RecordedRun ending(Function<String, Outcome> newOutcomes) {
        outcomes = newOutcomes;
        return this;
    }

    /// How verdicts end from now on.
    void judging(Outcome outcome) {
        verdicts = outcome;
    }

    /// What the provider says of a call that failed, and what the model reasons, from now on.
    void quoting(@Nullable String newQuote) {
        quote = newQuote;
    }

    /// Hands the request back that was asked first, with what the provider said of it.
    void handBackNext(DeferralReason reason, String detail) {
        Recorded request = asked.remove();
        Topics topic = request.event() instanceof AskJudge ? Topics.JUDGEMENTS : Topics.TURN_ANSWERS;
        RequestDeferred deferred = switch (request.event()) {
            case AskModel ask -> new RequestDeferred(caused(request), ask.getRequestId(), ask.getSubject(),
                    ask.getStep(), reason, detail, clock, null,
                    null, Texts.ofNullable(quote));
            case AskJudge ask -> new RequestDeferred(caused(request), ask.getRequestId(), ask.getSubject(),
                    new Step(Ids.JUDGE, StepKind.JUDGE), reason,
                    detail, clock, null, null, Texts.ofNullable(quote));
            default -> throw new IllegalArgumentException("no request: " + request);
        };
        write(topic, request.key(), deferred, request);
    }

    /// Lets time pass: what was handed back is asked again.
    void pass(Duration time) {
        driver.advanceWallClockTime(time);
        collect();
    }

    /// Leaves the run controller with what an earlier version of it kept of the run.
    void forgetWhatWasFollowed() {
        KeyValueStore<String, RunProgress> runs = driver.getKeyValueStore(DispatcherTopology.RUNS);
        runs.put(runId, RunProgress.newBuilder(runs.get(runId)).setSealing(null).build());
    }

    void request() {
        Selection selection = new Selection(List.of(), List.of(), List.of(), 0, null, List.of(), false, 1);
        StepParameters all = new StepParameters(parameters(), parameters(), parameters(), parameters());
        write(Topics.RUNS, runId,
                new RunRequested(caused(null), runId, new ModelTarget("sim", "m"), judge(), null, List.of("data"), null,
                        null,
                        selection, PACK, "mtmcs-v1", all, limits(), limits(), 2, false, null, List.of(), "tester",
                        "test", null, null, null),
                null);
    }

    void plan(int dialogues) {
        plan(dialogues, List.of());
    }

    /// @param rejected what is wrong with the rows that are left out
    void plan(int dialogues, List<String> rejected) {
        Recorded requested = log.getFirst();
        for (String problem : rejected) {
            EventMeta meta = EventTypes.causedBy(requested.event(), runId + "/rejected/" + events++, clock);
            write(Topics.RUNS, runId,
                    new RowRejected(meta, runId, "data/type_a.jsonl", Split.TYPE_A, (long) dialogues, dialogues, "r1",
                            problem,
                            "a text", "Write one.", false),
                    requested);
        }
        for (int row = 0; row < dialogues; row++) {
            DialoguePlan plan = plan(row, (RunRequested) requested.event());
            write(Topics.DIALOGUES, plan.getSubject().getDialogueId(), new DialoguePlanned(caused(requested), plan),
                    requested);
        }
        EventMeta meta = EventTypes.causedBy(requested.event(), runId + "/planned", clock);
        write(Topics.RUNS, runId,
                new RunPlanned(meta, runId, dialogues, List.of(), (long) dialogues, (long) rejected.size(), 0L, 0L,
                        "d".repeat(64), null, judgementSetId(), 1L, 0L),
                requested);
    }

    void command(RunCommand command) {
        write(Topics.RUNS, runId,
                new RunCommanded(caused(null), runId, command, "because", "tester", null, null, List.of()), null);
    }

    /// Asks for another judgement set and reads the transcripts back from the log. Its verdicts come with
    /// [#answerAll()].
    ///
    /// @return the set
    String judgeAgain(String judge) {
        return judge(new ModelTarget("sim", judge), false);
    }

    /// Asks the run's own judge for the verdicts that it did not give.
    void completeOwnSet() {
        judge(judge(), true);
    }

    private String judge(ModelTarget target, boolean onlyUnscored) {
        RunRequested requested = (RunRequested) log.getFirst().event();
        String setId = Ids.judgementSetId(runId, target, parameters(), PACK, Ids.NO_CAPTIONS, 1);
        JudgementSpec spec = new JudgementSpec(setId, target, parameters(), limits(), PACK, requested.getProtocolName(),
                null, 1);
        write(Topics.RUNS, runId, new JudgementSetRequested(caused(null), runId, spec, onlyUnscored, List.of(), 2,
                "tester", "test", null), null);
        Recorded opened = log.reversed().stream().filter(record -> record.event() instanceof JudgementSetOpened)
                .findFirst().orElseThrow();
        JudgementSetOpened set = (JudgementSetOpened) opened.event();
        Map<String, RecordedDialogue> dialogues = new LinkedHashMap<>();
        for (Recorded record : log) {
            if (record.topic() == Topics.DIALOGUE_EVENTS) {
                dialogues.computeIfAbsent(record.key(), id -> new RecordedDialogue()).add(record.event(), setId,
                        () -> EventDigests.of(record.event()));
            }
        }
        DialogueEvents.Cause cause = new DialogueEvents.Cause(set.getMeta().getEventId(), EventDigests.of(set), clock);
        RecordedDialogue.Selected all = new RecordedDialogue.Selected() {
            @Override
            public boolean contains(String dialogueId) {
                return true;
            }

            @Override
            public DialogueEvents.Cause cause() {
                return cause;
            }
        };
        dialogues.forEach((dialogueId, dialogue) -> write(Topics.DIALOGUE_COMMANDS, dialogueId,
                dialogue.transcript(set, all), opened));
        EventMeta meta = EventTypes.causedBy(set, runId + '/' + setId + "/replayed", clock);
        write(Topics.RUNS, runId,
                new TranscriptsReplayed(meta, runId, setId, set.getRound(), dialogues.size(), onlyUnscored ? 1 : 0,
                        null, null),
                opened);
        return setId;
    }

    void answerAll() {
        while (!asked.isEmpty()) {
            answerNext();
        }
    }

    /// Answers the request that was asked first.
    Recorded answerNext() {
        Recorded request = asked.remove();
        answer(request);
        return request;
    }

    /// Answers a request, perhaps once more.
    void answer(Recorded request) {
        switch (request.event()) {
            case AskModel ask -> {
                Outcome outcome = outcomes.apply(ask.getStep().getName());
                write(Topics.TURN_ANSWERS, request.key(),
                        new TurnAnswered(caused(request), ask.getRequestId(), ask.getSubject(), ask.getStep(),
                                ask.getGeneration(), outcome, answer(words.apply(ask.getStep().getName()), outcome)),
                        request);
            }
            case AskJudge ask -> write(Topics.JUDGEMENTS, request.key(),
                    new JudgementGiven(caused(request), ask.getRequestId(), ask.getSubject(),
                            ask.getJudgementSetId(), ask.getGeneration(), verdicts,
                            verdicts == Outcome.JUDGED ? 4 : null,
                            answer("{\"score\": 4}", verdicts)),
                    request);
            default -> throw new IllegalArgumentException("no request: " + request);
        }
    }

    private void write(Topics topic, String key, SpecificRecord event, @Nullable Recorded cause) {
        Headers headers = EventHeaders.of(event, "test", key, cause == null ? null : cause.headers());
        long now = clock++;
        log.add(new Recorded(topic, key, event, now, headers));
        inputs.get(topic).pipeInput(new TestRecord<>(key, event, headers, Instant.ofEpochMilli(now)));
        collect();
    }

    private void collect() {
        for (Topics written : WRITTEN) {
            for (TestRecord<String, SpecificRecord> record : outputs.get(written).readRecordsToList()) {
                Recorded recorded = new Recorded(written, record.key(), record.value(), record.timestamp(),
                        record.headers());
                log.add(recorded);
                if (record.value() instanceof AskModel || record.value() instanceof AskJudge) {
                    asked.add(recorded);
                }
            }
        }
    }

    private EventMeta caused(@Nullable Recorded cause) {
        String eventId = "event-" + ++events;
        return cause == null
                ? new EventMeta(eventId, null, null, clock)
                : EventTypes.causedBy(cause.event(), eventId, clock);
    }

    private DialoguePlan plan(int row, RunRequested requested) {
        Modality modality = row % 2 == 0 ? Modality.MULTIMODAL : Modality.UNIMODAL;
        String dialogueId = Ids.dialogueId(runId, Split.TYPE_A, row, modality, Intent.UNSAFE, 0, 1);
        Subject subject = new Subject(runId, dialogueId, Split.TYPE_A, row, modality, Intent.UNSAFE, 0, 1, "harm",
                "a".repeat(64));
        List<Question> questions = List.of(
                new Question(new Step("mcq-0", StepKind.MCQ), "unsafe_intent", Texts.of("which?"),
                        List.of(Texts.of("a"), Texts.of("b")), "B"),
                new Question(new Step("tf-0", StepKind.TF), "statement", Texts.of("is it?"), List.of(), "true"));
        boolean image = modality == Modality.MULTIMODAL;
        return new DialoguePlan(subject, row, requested.getTarget(), requested.getJudge(), judgementSetId(), PACK,
                requested.getParameters(),
                limits(), limits(), List.of(Texts.of("one"), Texts.of("two"), Texts.of("three")), questions,
                image ? Texts.of("boats at night") : null,
                image ? IMAGE : null, image ? "image/jpeg" : null);
    }

    private Answer answer(String text, Outcome outcome) {
        boolean failed = outcome == Outcome.PROVIDER_ERROR || outcome == Outcome.JUDGE_ERROR;
        return new Answer(failed ? null : Texts.of(text), null, null, null, "stop", "m-1", null, parameters(),
                parameters(),
                failed ? null : new Usage(100L, 20L, 0L), failed ? null : 700L,
                List.of(new Attempt("ok", 200, clock, 30L, 0L)), "p".repeat(64),
                failed ? "the server said 500" : null, "worker-1", clock, clock + 30, Texts.ofNullable(quote),
                failed ? Texts.ofNullable(quote) : null);
    }

    private static ModelTarget judge() {
        return new ModelTarget("sim", "j");
    }

    private static CallParameters parameters() {
        return new CallParameters(0.1, 128, null);
    }

    private static CallLimits limits() {
        return new CallLimits(8, 3, 60_000L, null, null, null, null);
    }

    Instant start() {
        return start;
    }

    @Override
    public void close() {
        driver.close();
    }
}
