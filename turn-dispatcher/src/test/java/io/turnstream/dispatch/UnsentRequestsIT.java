package io.turnstream.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.DialoguePlanned;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.Selection;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.KafkaDeadLetters;
import io.turnstream.messaging.LogReader;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.testsupport.TestBroker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A dialogue whose history outgrows what a record may hold: only with texts from before there were bounds on them,
/// here of its own user.
class UnsentRequestsIT {

    private static final KafkaConnection CONNECTION = KafkaConnection.to(TestBroker.bootstrapServers(), "unsent-it");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int TURN_CHARACTERS = 2_600_000;

    private final EventSerde serde = new EventSerde(SchemaIds.byPosition());

    @TempDir
    private Path folder;

    @Test
    void a_request_that_is_too_large_ends_its_step_and_the_dispatcher_goes_on() throws Exception {
        new TopicLayout(1, 1, (short) 1).createMissing(CONNECTION);
        String run = Ids.newRunId();
        try (ServiceKafka kafka = ServiceKafka.sharing("turn-dispatcher", CONNECTION, SchemaIds.byPosition());
                TurnDispatcher dispatcher = new TurnDispatcher(kafka, folder, 1, Duration.ofMillis(50), 1 << 20,
                        null)) {
            dispatcher.start();
            request(kafka, run, 2);
            answerTurns(kafka, run, 0);
            answerTurns(kafka, run, 1);

            // Then both dialogues end, the long one at the request that could not be sent
            await(() -> states(run).contains(RunState.INCOMPLETE));
            assertThat(settled(run, 0)).extracting(StepSettled::getOutcome)
                    .containsExactly(Outcome.ANSWERED, Outcome.ANSWERED, Outcome.OVERSIZED);
            assertThat(settled(run, 0).getLast().getAnswer().getError()).contains("too large", "AskModel has ");
            assertThat(settled(run, 1)).extracting(StepSettled::getOutcome)
                    .containsExactly(Outcome.ANSWERED, Outcome.ANSWERED, Outcome.ANSWERED);
            assertThat(new KafkaDeadLetters(CONNECTION, serde, Clock.systemUTC()).letters())
                    .anySatisfy(letter -> {
                        assertThat(letter.topic()).isEqualTo(Topics.TURN_ANSWERS.topicName());
                        assertThat(letter.key()).isEqualTo(DispatcherFixture.dialogue(run, 0));
                        assertThat(letter.reason()).contains("is not sent");
                    });
            assertThat(dispatcher.isReady()).isTrue();
        }
    }

    private static void request(ServiceKafka kafka, String run, int dialogues) {
        DialoguePlan any = DispatcherFixture.plan(run, 0, 0);
        Selection selection = new Selection(List.of(), List.of(), List.of(), 0, null, List.of(), false, 1);
        kafka.producer().send(Topics.RUNS, run,
                new RunRequested(DispatcherFixture.meta("request-" + run), run, new ModelTarget("sim", "m"), null, null,
                        List.of("data"), null, null, selection, "pack", "mtmcs-v1", any.getParameters(),
                        any.getLimits(), any.getLimits(), 10, false, null,
                        List.of(), "tester", "test", null, null, null),
                null).join();
        for (int row = 0; row < dialogues; row++) {
            DialoguePlan plan = DispatcherFixture.plan(run, row, 0);
            plan.setJudge(null);
            plan.setJudgementSetId(null);
            if (row == 0) {
                plan.setUserTurns(List.of(Texts.of(noise(1)), Texts.of(noise(2)), Texts.of(noise(3))));
            }
            kafka.producer().send(Topics.DIALOGUES, plan.getSubject().getDialogueId(),
                    new DialoguePlanned(DispatcherFixture.meta("plan-" + run + row), plan), null).join();
        }
        kafka.producer()
                .send(Topics.RUNS, run,
                        new RunPlanned(DispatcherFixture.meta("planned-" + run), run, dialogues, List.of(), 1L, 0L, 0L,
                                0L,
                                "d".repeat(64), null, null, 0L, 0L),
                        null)
                .join();
    }

    /// Text that no compression makes small, and whose bytes are its characters.
    private static String noise(long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(TURN_CHARACTERS);
        for (int i = 0; i < TURN_CHARACTERS; i++) {
            text.append((char) ('!' + random.nextInt(90)));
        }
        return text.toString();
    }

    /// Answers whatever is asked, each answer just within the bound.
    private void answerTurns(ServiceKafka kafka, String run, int row) throws InterruptedException {
        String dialogue = DispatcherFixture.dialogue(run, row);
        for (String step : List.of("r1", "r2", "r3")) {
            String requestId = Ids.requestId(dialogue, step, 1);
            await(() -> settled(run, row).stream().anyMatch(one -> one.getRequestId().equals(requestId))
                    || asked(dialogue).contains(requestId));
            if (asked(dialogue).contains(requestId)) {
                kafka.producer()
                        .send(Topics.TURN_ANSWERS, dialogue,
                                new TurnAnswered(DispatcherFixture.meta("answer-" + requestId), requestId,
                                        DispatcherFixture.plan(run, row, 0).getSubject(), new Step(step, StepKind.TURN),
                                        1, Outcome.ANSWERED,
                                        DispatcherFixture.answerOf("z".repeat(256 * 1024))),
                                null)
                        .join();
            }
        }
    }

    private List<String> asked(String dialogue) {
        return events(Topics.TURN_REQUESTS, dialogue).stream().map(AskModel.class::cast).map(AskModel::getRequestId)
                .toList();
    }

    private List<StepSettled> settled(String run, int row) {
        return events(Topics.DIALOGUE_EVENTS, DispatcherFixture.dialogue(run, row)).stream()
                .filter(StepSettled.class::isInstance)
                .map(StepSettled.class::cast).toList();
    }

    private List<RunState> states(String run) {
        return events(Topics.RUNS, run).stream().filter(RunStateChanged.class::isInstance)
                .map(RunStateChanged.class::cast)
                .map(RunStateChanged::getState).toList();
    }

    private List<SpecificRecord> events(Topics topic, String key) {
        List<SpecificRecord> events = new ArrayList<>();
        LogReader.readAll(CONNECTION, topic, record -> {
            if (key.equals(record.key())) {
                events.add(serde.fromBytes(record.value()));
            }
        });
        return events;
    }

    private static void await(Supplier<Boolean> condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.get()) {
            assertThat(System.nanoTime()).as("not within %s", PATIENCE).isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }
}
