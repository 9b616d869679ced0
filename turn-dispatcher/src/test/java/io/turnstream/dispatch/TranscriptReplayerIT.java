package io.turnstream.dispatch;

import static io.turnstream.dispatch.DispatcherFixture.plan;
import static io.turnstream.dispatch.RecordedRunLog.EVENTS_PER_DIALOGUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.channels.Channels;
import io.turnstream.contracts.DialogueOpened;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.JudgementNeed;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.TranscriptReplayed;
import io.turnstream.contracts.TranscriptsReplayed;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.LogReader;
import io.turnstream.messaging.RunLog;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.testsupport.ConnectedChannel;
import io.turnstream.testsupport.TestBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Reading transcripts back from a real log.
class TranscriptReplayerIT {

    private static final JudgementSpec BETTER = JudgingFixture.spec("better");

    /// Later than any record of the tests before, so that each has a log of its own before it.
    private static long clock = 1_700_000_000_000L;

    private final KafkaConnection connection = KafkaConnection.to(TestBroker.bootstrapServers(), "test");
    private final EventSerde serde = new EventSerde(SchemaIds.byPosition());
    private final RecordedRunLog log = new RecordedRunLog(connection, serde, clock);
    private final List<TranscriptReplayed> transcripts = new ArrayList<>();

    /// The times of the two topics are those that the tests write, so that a log of months is written in a second.
    @BeforeAll
    static void createTopics() {
        Map<String, String> ownTime = Map.of("message.timestamp.type", "CreateTime", "message.timestamp.after.max.ms",
                "9223372036854775807");
        TestBroker.createTopics(new NewTopic(Topics.RUNS.topicName(), 1, (short) 1).configs(ownTime),
                new NewTopic(Topics.DIALOGUE_EVENTS.topicName(), 4, (short) 1).configs(ownTime));
        new TopicLayout(4, 1, (short) 1).createMissing(KafkaConnection.to(TestBroker.bootstrapServers(), "test"));
    }

    @AfterEach
    void close() {
        clock = log.now() + 3_600_000;
        log.close();
    }

    @Test
    void readsOnlyTheRunsOwnRangeOfALogWithFiftyOthers() {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i <= 50; i++) {
            runs.add(runId());
            log.record(runs.getLast(), 8);
            log.pass(60_000);
        }

        TranscriptReading reading = read(log.open(runs.get(20), BETTER, false));

        assertThat(transcripts).hasSize(8).allSatisfy(transcript -> {
            assertThat(transcript.getSubject().getRunId()).isEqualTo(runs.get(20));
            assertThat(transcript.getNeed()).isEqualTo(JudgementNeed.JUDGE);
            assertThat(transcript.getExchanges()).extracting(exchange -> Texts.plain(exchange.getAssistant()))
                    .containsExactly("answer 1", "answer 2", "answer 3");
            assertThat(transcript.getNextSequence()).isEqualTo(EVENTS_PER_DIALOGUE);
            assertThat(transcript.getGeneration()).isEqualTo(1);
        });
        assertThat(reading.recordsRead()).as("of %d records", 51 * 8 * EVENTS_PER_DIALOGUE)
                .isEqualTo(8 * EVENTS_PER_DIALOGUE);
    }

    @Test
    void ofARunWhoseSealHasNoAccountOnlyItsOwnRangeIsReadToo() {
        String mine = runId();
        log.begin(mine, 2);
        log.dialogue(mine, 0);
        log.dialogue(mine, 1);
        log.end(mine, 8, null);
        log.pass(60_000);
        log.record(runId(), 8);
        log.pass(60_000);

        TranscriptReading reading = read(log.open(mine, BETTER, false));

        assertThat(transcripts).hasSize(2);
        assertThat(reading.recordsRead()).isEqualTo(2 * EVENTS_PER_DIALOGUE);
    }

    @Test
    void readsWhatRunAtTheSameTimeAndTellsItApart() {
        String mine = runId();
        String other = runId();
        log.begin(mine, 2);
        log.begin(other, 2);
        for (int ordinal = 0; ordinal < 2; ordinal++) {
            log.dialogue(mine, ordinal);
            log.dialogue(other, ordinal);
        }
        log.end(mine, 8);
        log.end(other, 8);

        read(log.open(mine, BETTER, false));

        assertThat(transcripts).extracting(transcript -> transcript.getSubject().getRunId()).containsExactly(mine,
                mine);
    }

    @Test
    void ofARetriedRunTheLastAnswersCountAndWhatLiesBetweenIsNotRead() {
        String mine = runId();
        DialoguePlan plan = plan(mine, 0, 0);
        log.begin(mine, 1);
        log.event(plan, new DialogueOpened(DispatcherFixture.meta("0"), 0, plan));
        log.turn(plan, 1, 1, Outcome.ANSWERED, "answer 1");
        log.turn(plan, 2, 2, Outcome.PROVIDER_ERROR, "");
        log.closed(plan, 3);
        log.end(mine, 3);
        log.pass(60_000);
        log.record(runId(), 20);
        log.pass(60_000);
        log.state(mine, RunState.RUNNING);
        log.turn(plan, 4, 2, Outcome.ANSWERED, "second try");
        log.turn(plan, 5, 3, Outcome.ANSWERED, "answer 3");
        log.closed(plan, 6);
        log.end(mine, 5);
        log.pass(60_000);

        TranscriptReading reading = read(log.open(mine, BETTER, false));

        assertThat(transcripts).singleElement().satisfies(transcript -> {
            assertThat(transcript.getExchanges()).extracting(exchange -> Texts.plain(exchange.getAssistant()))
                    .containsExactly("answer 1", "second try", "answer 3");
            assertThat(transcript.getNextSequence()).isEqualTo(7);
        });
        assertThat(reading.recordsRead()).isEqualTo(7);
    }

    @Test
    void aSetThatIsCompletedKeepsItsVerdictsAndAsksForTheRestUnderTheNextGeneration() {
        String mine = runId();
        log.record(mine, 3);
        log.pass(60_000);
        JudgementSetOpened first = log.open(mine, BETTER, false);
        log.verdict(plan(mine, 0, 0), 6, BETTER.getJudgementSetId(), 1, Outcome.JUDGED);
        log.verdict(plan(mine, 1, 0), 6, BETTER.getJudgementSetId(), 1, Outcome.JUDGE_ERROR);
        log.verdict(plan(mine, 2, 0), 6, "js-another", 1, Outcome.JUDGED);
        log.runs(mine, new io.turnstream.contracts.RunSealed(DispatcherFixture.meta("set-seal"), mine,
                mine + '/' + BETTER.getJudgementSetId() + "/s1", BETTER.getJudgementSetId(), "r".repeat(64), 2L, null,
                null, null, null));
        log.runs(mine, new io.turnstream.contracts.JudgementSetStateChanged(DispatcherFixture.meta("set-state"), mine,
                BETTER.getJudgementSetId(), 3L, first.getRound(), RunState.INCOMPLETE, null, List.of(), 3, 3, 0L, 0L,
                null, null, null));
        log.pass(60_000);

        TranscriptReading reading = read(log.open(mine, BETTER, true));

        assertThat(transcripts)
                .extracting(transcript -> transcript.getSubject().getRowId() + ": " + transcript.getNeed() + " @"
                        + transcript.getGeneration() + ", leaves " + transcript.getLeaves().size() + ", cost "
                        + transcript.getCostNanoUsd())
                .containsExactlyInAnyOrder("0: KEEP @1, leaves 1, cost 7", "1: JUDGE @2, leaves 1, cost 7",
                        "2: JUDGE @1, leaves 0, cost 0");
        assertThat(reading.recordsRead()).isEqualTo(3 * EVENTS_PER_DIALOGUE + 3);
    }

    @Test
    void whereClocksWereTooFarApartTheWholeTopicIsReadAndNothingIsMissing() {
        String mine = runId();
        log.begin(mine, 2);
        log.dialogue(mine, 0);
        log.pass(-600_000);
        log.dialogue(mine, 1);
        log.pass(600_000);
        log.end(mine, 8);

        read(log.open(mine, BETTER, false));

        assertThat(transcripts).extracting(transcript -> transcript.getSubject().getRowId()).contains(0, 1);
    }

    @Test
    void saysWhatCannotBeJudgedAndWhy() {
        String mine = runId();
        log.record(mine, 1);

        assertThat(problem(log.open(mine, BETTER, true))).contains("there is no set");
        JudgementSpec withCaptions = JudgementSpec.newBuilder(BETTER).setCaptionsDigest("c".repeat(64)).build();
        assertThat(problem(log.open(mine, withCaptions, false))).contains("other captions");
        assertThat(problem(log.open(runId(), BETTER, false))).contains("the log holds no run");
        assertThat(transcripts).isEmpty();
    }

    @Test
    void handsTheTranscriptsToTheDispatcherAndTheSameOnesAfterACrash() {
        String mine = runId();
        log.record(mine, 5);
        log.pass(1_000);
        long commandsBefore = end(Topics.DIALOGUE_COMMANDS);
        JudgementSetOpened opened = log.open(mine, BETTER, false);
        log.flush();

        for (int life = 1; life <= 2; life++) {
            try (ServiceKafka kafka = ServiceKafka.sharing("turn-dispatcher-test", connection, SchemaIds.byPosition());
                    TranscriptReplayer replayer = new TranscriptReplayer(ServiceKafka::producer);
                    ConnectedChannel channel = connected(replayer, TestBroker.uniqueName("replayer"))) {
                replayer.open(kafka);
                awaitReplayed(opened, life);
                assertThat(replayer.isAlive()).isTrue();
            }
        }

        List<String> ids = transcriptsOf(mine);
        assertThat(end(Topics.DIALOGUE_COMMANDS)).isGreaterThan(commandsBefore);
        assertThat(ids).hasSize(10);
        assertThat(ids.stream().distinct()).hasSize(5);
    }

    @Test
    void a_set_whose_transcripts_could_not_be_written_is_read_back_again() {
        JudgementSetOpened opened = opened();
        AtomicInteger sent = new AtomicInteger();
        try (ServiceKafka kafka = ServiceKafka.sharing("turn-dispatcher-test", connection, SchemaIds.byPosition());
                TranscriptReplayer replayer = new TranscriptReplayer(service -> (topic, key, event,
                        parent) -> key.startsWith(opened.getRunId()) && sent.incrementAndGet() == 2
                                ? CompletableFuture
                                        .failedFuture(new NotLeaderOrFollowerException("the leader has moved"))
                                : service.producer().send(topic, key, event, parent));
                ConnectedChannel channel = connected(replayer, TestBroker.uniqueName("replayer"))) {
            replayer.open(kafka);

            awaitReplayed(opened, 1);

            assertThat(transcriptsOf(opened.getRunId())).hasSizeGreaterThan(5);
            assertThat(transcriptsOf(opened.getRunId()).stream().distinct()).hasSize(5);
            assertThat(replayer.isAlive()).isTrue();
        }
    }

    @Test
    void a_set_is_committed_once_its_transcripts_are_written_and_not_before() throws Exception {
        JudgementSetOpened opened = opened();
        long offset = RunLog.read(connection, serde, opened.getRunId(), Long.MAX_VALUE).entries().getLast().offset();
        String group = TestBroker.uniqueName("replayer");
        CompletableFuture<Void> go = new CompletableFuture<>();
        try (ServiceKafka kafka = ServiceKafka.sharing("turn-dispatcher-test", connection, SchemaIds.byPosition());
                TranscriptReplayer replayer = new TranscriptReplayer(
                        service -> (topic, key, event, parent) -> key.startsWith(opened.getRunId())
                                ? go.thenCompose(gone -> service.producer().send(topic, key, event, parent))
                                : service.producer().send(topic, key, event, parent));
                ConnectedChannel channel = connected(replayer, group)) {
            replayer.open(kafka);

            // all that stands before it is committed, and no more
            awaitCommitted(group, offset);
            go.complete(null);

            awaitReplayed(opened, 1);
            awaitCommitted(group, end(Topics.RUNS));
        }
    }

    private JudgementSetOpened opened() {
        String mine = runId();
        log.record(mine, 5);
        log.pass(1_000);
        JudgementSetOpened opened = log.open(mine, BETTER, false);
        log.flush();
        return opened;
    }

    private static void awaitCommitted(String group, long offset) throws Exception {
        long deadline = System.nanoTime() + 30_000_000_000L;
        try (Admin admin = Admin.create(TestBroker.clientSettings())) {
            while (true) {
                Set<Long> committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get()
                        .values().stream()
                        .map(OffsetAndMetadata::offset).collect(Collectors.toSet());
                if (committed.equals(Set.of(offset))) {
                    return;
                }
                assertThat(System.nanoTime()).as("%s has committed %s, not %d", group, committed, offset)
                        .isLessThan(deadline);
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    private List<String> transcriptsOf(String runId) {
        return all(Topics.DIALOGUE_COMMANDS).stream()
                .filter(event -> event instanceof TranscriptReplayed transcript
                        && transcript.getSubject().getRunId().equals(runId))
                .map(event -> EventTypes.metaOf(event).getEventId()).toList();
    }

    private ConnectedChannel connected(TranscriptReplayer replayer, String group) {
        return ConnectedChannel.open(connection, ConnectedChannel.Parts.of(new Channels()), TranscriptReplayer.SETS, 1,
                Map.of("group.id", group), replayer::take);
    }

    private static String runId() {
        return Ids.newRunId().replaceFirst("^.{10}", "01HF000000");
    }

    private TranscriptReading read(JudgementSetOpened opened) {
        TranscriptReading reading = reading(opened);
        assertThat(reading.readAll().getProblem()).isNull();
        return reading;
    }

    private String problem(JudgementSetOpened opened) {
        return reading(opened).readAll().getProblem();
    }

    private TranscriptReading reading(JudgementSetOpened opened) {
        log.flush();
        RunLog.Entry entry = null;
        for (RunLog.Entry each : RunLog.read(connection, serde, opened.getRunId(), Long.MAX_VALUE).entries()) {
            entry = each.event().equals(opened) ? each : entry;
        }
        return new TranscriptReading(opened, RunLog.read(connection, serde, opened.getRunId(), entry.offset()),
                connection, serde,
                transcripts::add);
    }

    private void awaitReplayed(JudgementSetOpened opened, int times) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (all(Topics.RUNS).stream().filter(event -> event instanceof TranscriptsReplayed replayed
                && replayed.getRunId().equals(opened.getRunId()) && replayed.getDialogues() == 5).count() < times) {
            assertThat(System.nanoTime()).as("the transcripts were never read back").isLessThan(deadline);
            LockSupport.parkNanos(50_000_000);
        }
    }

    private List<SpecificRecord> all(Topics topic) {
        List<SpecificRecord> events = new ArrayList<>();
        LogReader.readAll(connection, topic, record -> events.add(serde.fromBytes(record.value())));
        return events;
    }

    private long end(Topics topic) {
        try (LogReader<String> reader = LogReader.of(connection)) {
            return reader.whole(topic).stream().mapToLong(range -> range.getEndOffset()).sum();
        }
    }
}
