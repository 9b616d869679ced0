package io.turnstream.dispatch;

import static io.turnstream.dispatch.DispatcherFixture.RUN;
import static io.turnstream.dispatch.DispatcherFixture.START;
import static io.turnstream.dispatch.DispatcherFixture.dialogue;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.DialogueOpened;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.PlanningFailed;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.events.EventDigests;
import io.turnstream.events.EventTypes;
import io.turnstream.events.MerkleTree;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.SchemaIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatcherTopologyTest {

    private final DispatcherFixture dispatcher = new DispatcherFixture();

    @AfterEach
    void close() {
        dispatcher.close();
    }

    @Test
    void asksTheNextTurnOnlyAfterTheLastWasAnsweredAndCarriesTheHistory() {
        dispatcher.requestRun(10);
        dispatcher.planDialogue(0, 1);
        assertThat(dispatcher.asked()).containsExactly("0:r1@1");

        dispatcher.answer(0, "r1", Outcome.ANSWERED, "first");
        List<SpecificRecord> second = dispatcher.take(Topics.TURN_REQUESTS);

        assertThat(second).singleElement().isInstanceOfSatisfying(AskModel.class, ask -> {
            assertThat(ask.getStep().getName()).isEqualTo("r2");
            assertThat(ask.getHistory()).singleElement().satisfies(exchange -> {
                assertThat(Texts.plain(exchange.getUser())).isEqualTo("one");
                assertThat(Texts.plain(exchange.getAssistant())).isEqualTo("first");
            });
            assertThat(Texts.plain(ask.getUserTurn())).isEqualTo("two");
        });
    }

    @Test
    void sendsTheJudgeRequestWithTheThirdAnswerAndTheQuestionsBesideIt() {
        answerThreeTurns(2);

        assertThat(dispatcher.judgeAsked()).containsExactly("0:judge@1:" + DispatcherFixture.SET);
        assertThat(dispatcher.asked()).containsExactly("0:mcq-0@1", "0:mcq-1@1");
    }

    @Test
    void aQuestionsRequestDoesNotGiveItsAnswerAway() {
        answerThreeTurns(1);

        assertThat(dispatcher.take(Topics.TURN_REQUESTS)).singleElement().isInstanceOfSatisfying(AskModel.class,
                ask -> assertThat(ask.getQuestion().getGroundTruth()).isEmpty());
    }

    @Test
    void takesTheFirstAnswerAndIgnoresASecondDifferentOne() {
        dispatcher.requestRun(10);
        dispatcher.planDialogue(0, 0);
        dispatcher.answer(0, "r1", Outcome.ANSWERED, "the first");
        dispatcher.answer(0, "r1", Outcome.ANSWERED, "another");

        assertThat(settledTexts()).containsExactly("the first");
        assertThat(dispatcher.asked()).containsExactly("0:r1@1", "0:r2@1");
    }

    @Test
    void ignoresAnswersThatNobodyAskedFor() {
        dispatcher.requestRun(10);
        dispatcher.planDialogue(0, 1);
        dispatcher.asked();
        dispatcher.answer(0, "r3", Outcome.ANSWERED, "too early");
        dispatcher.answer(0, "mcq-0", Outcome.ANSWERED, "B");
        dispatcher.answer(RUN, 0, "r1", 2, Outcome.ANSWERED, "of a generation that was not asked");
        dispatcher.answer(7, "r1", Outcome.ANSWERED, "of an unknown dialogue");

        assertThat(settledTexts()).isEmpty();
        assertThat(dispatcher.asked()).isEmpty();
    }

    @Test
    void planningADialogueTwiceChangesNothing() {
        dispatcher.requestRun(10);
        dispatcher.planDialogue(0, 0);
        dispatcher.planDialogue(0, 0);

        assertThat(dispatcher.asked()).containsExactly("0:r1@1");
        assertThat(dispatcher.take(Topics.DIALOGUE_EVENTS)).singleElement().isInstanceOf(DialogueOpened.class);
    }

    @Test
    void numbersAcceptedEventsWithoutGapsAndChainsEachToItsCause() {
        answerThreeTurns(1);
        dispatcher.answer(0, "mcq-0", Outcome.ANSWERED, "B");
        dispatcher.judge(0, 4);

        List<SpecificRecord> events = dispatcher.take(Topics.DIALOGUE_EVENTS);
        assertThat(events).hasSize(7).last().isInstanceOf(DialogueClosed.class);
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).get(events.get(i).getSchema().getField("sequence").pos())).isEqualTo(i);
            assertThat(EventTypes.metaOf(events.get(i)).getEventId()).isEqualTo(dialogue(0) + '#' + i);
            assertThat(EventTypes.metaOf(events.get(i)).getCauseDigest()).hasSize(64);
        }
        assertThat(events.get(4)).isInstanceOfSatisfying(StepSettled.class,
                mcq -> assertThat(mcq.getGroundTruth()).isEqualTo("B"));
        assertThat(events.get(5)).isInstanceOfSatisfying(JudgementSettled.class,
                verdict -> assertThat(verdict.getScore()).isEqualTo(4));
    }

    @Test
    void aTurnTheProviderBlockedLeavesAGapInTheHistoryAndTheDialogueGoesOn() {
        dispatcher.requestRun(10);
        dispatcher.planDialogue(0, 0);
        dispatcher.asked();
        dispatcher.answer(0, "r1", Outcome.MODEL_REFUSED, "");

        assertThat(dispatcher.take(Topics.TURN_REQUESTS)).singleElement().isInstanceOfSatisfying(AskModel.class,
                ask -> assertThat(ask.getHistory().getFirst().getAssistant()).isNull());
    }

    @Test
    void anEmptyTurnEndsADialogueUnlessSomebodyElseRecordedIt() {
        dispatcher.requestRun(10);
        dispatcher.planDialogue(0, 0);
        dispatcher.planRecordedDialogue(1, 0);
        dispatcher.asked();
        dispatcher.answer(0, "r1", Outcome.EMPTY, "");
        dispatcher.answer(1, "r1", Outcome.EMPTY, "");

        // The recorded one goes on as it did, with a gap for what was not said.
        assertThat(dispatcher.take(Topics.TURN_REQUESTS)).singleElement().isInstanceOfSatisfying(AskModel.class,
                ask -> {
                    assertThat(ask.getSubject().getRowId()).isEqualTo(1);
                    assertThat(ask.getStep().getName()).isEqualTo("r2");
                    assertThat(ask.getHistory()).singleElement()
                            .satisfies(round -> assertThat(round.getAssistant()).isNull());
                });
    }

    @Test
    void aTurnThatFailsEndsItsDialogueAndTheRestIsNotReached() {
        dispatcher.requestRun(10);
        dispatcher.planDialogue(0, 2);
        dispatcher.planned(1);
        dispatcher.answer(0, "r1", Outcome.ANSWERED, "fine");
        dispatcher.answer(0, "r2", Outcome.PROVIDER_ERROR, "");

        RunStateChanged last = lastState();
        assertThat(last.getState()).isEqualTo(RunState.INCOMPLETE);
        // 3 turns, 1 judge, 2 questions: one answered, one failed, the other four not reached.
        assertThat(last.getOutcomes()).containsExactlyInAnyOrder(
                new OutcomeCount(StepKind.TURN, Outcome.ANSWERED, 1L),
                new OutcomeCount(StepKind.TURN, Outcome.PROVIDER_ERROR, 1L),
                new OutcomeCount(StepKind.TURN, Outcome.NOT_REACHED, 1L),
                new OutcomeCount(StepKind.MCQ, Outcome.NOT_REACHED, 2L),
                new OutcomeCount(StepKind.JUDGE, Outcome.NOT_REACHED, 1L));
        assertThat(dispatcher.judgeAsked()).isEmpty();
    }

    @Test
    void admitsOnlyAWindowOfDialoguesAndTheNextWhenOneEnds() {
        dispatcher.requestRun(2);
        for (int ordinal = 0; ordinal < 4; ordinal++) {
            dispatcher.planDialogue(ordinal, 0);
        }
        assertThat(dispatcher.asked()).containsExactly("0:r1@1", "1:r1@1");

        dispatcher.answer(1, "r1", Outcome.EMPTY, "");

        assertThat(dispatcher.asked()).containsExactly("2:r1@1");
    }

    @Test
    void admitsNothingBeforeThePlanIsWholeWhereExpectationsWereStated() {
        dispatcher.requestExpectedRun(2);
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            dispatcher.planDialogue(ordinal, 0);
        }
        assertThat(dispatcher.asked()).as("nobody is called for a data set that may be another one").isEmpty();

        dispatcher.planned(3);

        assertThat(dispatcher.asked()).containsExactly("0:r1@1", "1:r1@1");
    }

    @Test
    void aDataSetThatIsNotTheExpectedOneEndsTheRunWithoutACall() {
        dispatcher.requestExpectedRun(2);
        dispatcher.planDialogue(0, 0);

        dispatcher.send(Topics.RUNS, DispatcherFixture.RUN,
                new PlanningFailed(DispatcherFixture.meta("failed"), DispatcherFixture.RUN, "another data set", "data",
                        "state what is meant"));

        assertThat(dispatcher.asked()).isEmpty();
    }

    @Test
    void completesOnlyWhenThePlanIsWholeAndEveryDialogueHasEnded() {
        answerThreeTurns(0);
        dispatcher.judge(0, 5);
        assertThat(states()).doesNotContain(RunState.COMPLETED);

        dispatcher.planned(1);

        assertThat(states()).containsExactly(RunState.RUNNING, RunState.COMPLETED);
    }

    @Test
    void sealsWithTheMerkleRootOverTheAcceptedEventsByDialogueAndSequence() {
        dispatcher.requestRun(10);
        // Numbers sort as text, as the rows of a run do: "10" stands before "9".
        for (int ordinal : List.of(9, 10)) {
            dispatcher.planDialogue(ordinal, 0);
        }
        dispatcher.planned(2);
        for (int ordinal : List.of(9, 10)) {
            for (String turn : List.of("r1", "r2", "r3")) {
                dispatcher.answer(ordinal, turn, Outcome.ANSWERED, turn);
            }
            dispatcher.judge(ordinal, 3);
        }

        List<SpecificRecord> events = dispatcher.take(Topics.DIALOGUE_EVENTS);
        MerkleTree turns = new MerkleTree();
        MerkleTree verdicts = new MerkleTree();
        for (int ordinal : List.of(10, 9)) {
            for (SpecificRecord event : events) {
                boolean mine = EventTypes.metaOf(event).getEventId().startsWith(dialogue(ordinal) + '#');
                if (mine && (event instanceof DialogueOpened || event instanceof StepSettled)) {
                    turns.add(EventDigests.of(event));
                } else if (mine && event instanceof JudgementSettled) {
                    verdicts.add(EventDigests.of(event));
                }
            }
        }
        List<RunSealed> seals = dispatcher.take(Topics.RUNS).stream().filter(RunSealed.class::isInstance)
                .map(RunSealed.class::cast).toList();
        turns.add(EventDigests.of(seals.getFirst().getAccount()));
        verdicts.add(EventDigests.of(seals.getLast().getAccount()));
        assertThat(seals).extracting(RunSealed::getRoot).containsExactly(turns.root(), verdicts.root());
        // 2 plans, 6 turns; 2 verdicts; an account each
        assertThat(seals).extracting(RunSealed::getLeaves).containsExactly(9L, 3L);
        assertThat(seals.getFirst().getAccount().getVerdictsRoot()).isEqualTo(verdicts.root());
        assertThat(seals.get(1).getJudgementSetId()).isEqualTo(DispatcherFixture.SET);
    }

    @Test
    void pausingAdmitsNothingMoreAndResumingGoesOn() {
        dispatcher.requestRun(1);
        dispatcher.planDialogue(0, 0);
        dispatcher.planDialogue(1, 0);
        dispatcher.planned(2);
        dispatcher.command(RunCommand.PAUSE);
        dispatcher.asked();
        dispatcher.answer(0, "r1", Outcome.EMPTY, "");
        assertThat(dispatcher.asked()).isEmpty();

        dispatcher.command(RunCommand.RESUME);

        assertThat(dispatcher.asked()).containsExactly("1:r1@1");
        assertThat(controls()).containsExactly(RunState.RUNNING, RunState.RUNNING, RunState.PAUSED, RunState.RUNNING);
    }

    @Test
    void aDeferredRequestGoesOutAgainAfterItsDelayUnderTheSameIdAndOnlyWhileTheRunIsRunning() {
        dispatcher.requestRun(1);
        dispatcher.planDialogue(0, 0);
        dispatcher.planned(1);
        dispatcher.asked();
        dispatcher.defer(0, "r1", DeferralReason.CIRCUIT_OPEN, dialogue(0) + "#r1@1/1",
                START.plusSeconds(5).toEpochMilli());
        dispatcher.passWallClock(Duration.ofSeconds(4));
        assertThat(dispatcher.asked()).isEmpty();

        dispatcher.command(RunCommand.PAUSE);
        dispatcher.passWallClock(Duration.ofSeconds(10));
        assertThat(dispatcher.asked()).isEmpty();

        dispatcher.command(RunCommand.RESUME);
        dispatcher.passWallClock(Duration.ofSeconds(1));
        List<SpecificRecord> again = dispatcher.take(Topics.TURN_REQUESTS);

        assertThat(again).singleElement().satisfies(ask -> {
            assertThat(EventTypes.requestIdOf(ask)).isEqualTo(dialogue(0) + "#r1@1");
            assertThat(EventTypes.metaOf(ask).getEventId()).isEqualTo(dialogue(0) + "#r1@1/2");
            assertThat(EventTypes.metaOf(ask).getCauseId()).startsWith("deferral-");
        });
        dispatcher.passWallClock(Duration.ofSeconds(10));
        assertThat(dispatcher.asked()).as("sent once, not every time the clock ticks").isEmpty();
    }

    @Test
    void aRunWhoseCallsWaitSaysWhyOnceAndForgetsItWhenADialogueEnds() {
        dispatcher.requestRun(2);
        dispatcher.planDialogue(0, 0);
        dispatcher.planDialogue(1, 0);
        dispatcher.planned(2);
        for (int ordinal = 0; ordinal < 2; ordinal++) {
            dispatcher.defer(ordinal, "r1", DeferralReason.CIRCUIT_OPEN, dialogue(ordinal) + "#r1@1/1",
                    START.plusSeconds(5).toEpochMilli());
        }

        assertThat(reasons()).containsExactly(null, null,
                "waiting for the provider, which fails: because");
        dispatcher.answer(0, "r1", Outcome.EMPTY, "");
        assertThat(reasons()).containsExactly((String) null);
        dispatcher.answer(1, "r1", Outcome.EMPTY, "");
        assertThat(reasons()).as("the final state has none").containsExactly((String) null);
    }

    @Test
    void aDeferralThatIsDeliveredAgainAfterTheRequestWentOutAgainChangesNothing() {
        dispatcher.requestRun(1);
        dispatcher.planDialogue(0, 0);
        for (int delivery = 0; delivery < 2; delivery++) {
            dispatcher.defer(0, "r1", DeferralReason.QUOTA, dialogue(0) + "#r1@1/1", 0);
            dispatcher.passWallClock(Duration.ofSeconds(1));
        }

        assertThat(dispatcher.asked()).containsExactly("0:r1@1", "0:r1@1");
    }

    @Test
    void aWrongKeyHaltsTheRunOnceAndResumingSendsTheRequestAgain() {
        dispatcher.requestRun(2);
        dispatcher.planDialogue(0, 0);
        dispatcher.planDialogue(1, 0);
        dispatcher.planned(2);
        dispatcher.asked();
        for (int ordinal = 0; ordinal < 2; ordinal++) {
            dispatcher.defer(ordinal, "r1", DeferralReason.AUTHENTICATION, dialogue(ordinal) + "#r1@1/1", 0);
        }
        dispatcher.passWallClock(Duration.ofSeconds(2));

        assertThat(states()).containsExactly(RunState.PLANNING, RunState.RUNNING, RunState.HALTED);
        assertThat(dispatcher.asked()).isEmpty();
        dispatcher.command(RunCommand.RESUME);
        dispatcher.passWallClock(Duration.ofSeconds(1));
        assertThat(dispatcher.asked()).containsExactlyInAnyOrder("0:r1@1", "1:r1@1");
    }

    @Test
    void cancellingGivesEveryStepAnOutcomeAndWhatComesLaterIsIgnored() {
        dispatcher.requestRun(1);
        dispatcher.planDialogue(0, 1);
        dispatcher.planDialogue(1, 1);
        dispatcher.answer(0, "r1", Outcome.ANSWERED, "fine");
        dispatcher.command(RunCommand.CANCEL);
        dispatcher.planDialogue(2, 1);
        dispatcher.planned(3);
        dispatcher.answer(0, "r2", Outcome.ANSWERED, "late");

        RunStateChanged last = lastState();
        assertThat(last.getState()).isEqualTo(RunState.CANCELLED);
        assertThat(last.getDialogues()).isEqualTo(3);
        // 3 dialogues x (3 turns + judge + 1 question) = 15 steps, one of them answered.
        assertThat(last.getOutcomes().stream().mapToLong(OutcomeCount::getCount).sum()).isEqualTo(15);
        assertThat(settledTexts()).containsExactly("fine");
    }

    @Test
    void retryingAsksOnlyForWhatFailedUnderTheNextGenerationAndSealsAnew() {
        dispatcher.requestRun(2);
        dispatcher.planDialogue(0, 1);
        dispatcher.planDialogue(1, 0);
        dispatcher.planned(2);
        dispatcher.answer(0, "r1", Outcome.ANSWERED, "fine");
        dispatcher.answer(0, "r2", Outcome.PROVIDER_ERROR, "");
        for (String turn : List.of("r1", "r2", "r3")) {
            dispatcher.answer(1, turn, Outcome.ANSWERED, turn);
        }
        dispatcher.judge(1, 5);
        assertThat(lastState().getState()).isEqualTo(RunState.INCOMPLETE);
        dispatcher.asked();

        dispatcher.command(RunCommand.RETRY);
        assertThat(dispatcher.asked()).containsExactly("0:r2@2");
        dispatcher.answer(RUN, 0, "r2", 2, Outcome.ANSWERED, "second try");
        dispatcher.answer(RUN, 0, "r3", 2, Outcome.ANSWERED, "third");
        dispatcher.answer(RUN, 0, "mcq-0", 2, Outcome.ANSWERED, "B");
        dispatcher.judge(0, 2, 4);

        List<SpecificRecord> runs = dispatcher.take(Topics.RUNS);
        assertThat(runs).last().isInstanceOfSatisfying(RunStateChanged.class, last -> {
            assertThat(last.getState()).isEqualTo(RunState.COMPLETED);
            assertThat(last.getDialogues()).isEqualTo(2);
            assertThat(last.getOutcomes()).containsExactly(new OutcomeCount(StepKind.TURN, Outcome.ANSWERED, 6L),
                    new OutcomeCount(StepKind.MCQ, Outcome.ANSWERED, 1L),
                    new OutcomeCount(StepKind.JUDGE, Outcome.JUDGED, 2L));
        });
        assertThat(runs).filteredOn(RunSealed.class::isInstance).extracting(seal -> ((RunSealed) seal).getSupersedes())
                .containsExactly(RUN + "/s1", RUN + '/' + DispatcherFixture.SET + "/s1");
    }

    @Test
    void aFinalStateIsNotLeftByLaterCommands() {
        dispatcher.requestRun(1);
        dispatcher.command(RunCommand.CANCEL);
        dispatcher.command(RunCommand.RESUME);
        dispatcher.command(RunCommand.PAUSE);

        assertThat(states()).containsExactly(RunState.PLANNING, RunState.CANCELLED);
    }

    @Test
    void twoRunsKeepTheirOwnWindows() {
        String other = "01JD0000000000000000000002";
        dispatcher.requestRun(1);
        dispatcher.requestRun(other, 1);
        for (int ordinal = 0; ordinal < 2; ordinal++) {
            dispatcher.planDialogue(ordinal, 0);
            dispatcher.planDialogue(other, ordinal, 0);
        }

        assertThat(dispatcher.take(Topics.TURN_REQUESTS)).extracting(EventTypes::requestIdOf)
                .containsExactly(dialogue(0) + "#r1@1", dialogue(other, 0) + "#r1@1");
    }

    @Test
    void everyRecordCarriesCloudEventsHeadersAndTheTraceOfItsCause() {
        dispatcher.requestRun(1);
        dispatcher.planDialogue(0, 0);

        var record = dispatcher.takeRecords(Topics.TURN_REQUESTS).getFirst();

        assertThat(new String(record.headers().lastHeader("ce_type").value()))
                .isEqualTo("io.turnstream.contracts.AskModel");
        assertThat(new String(record.headers().lastHeader("ce_id").value()))
                .isEqualTo(EventTypes.metaOf(record.value()).getEventId());
        assertThat(new String(record.headers().lastHeader("ce_source").value()))
                .isEqualTo("/turnstream/turn-dispatcher");
        assertThat(new String(record.headers().lastHeader("traceparent").value()))
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    }

    @Test
    void theTopologyIsTheOneThatStandsInTheLog() throws IOException {
        String description = DispatcherTopology
                .build(new EventSerde(SchemaIds.byPosition()), UnaryOperator.identity(), QuotaTerms.MINUTE).describe()
                .toString();

        assertThat(withSortedStores(description)).isEqualToNormalizingNewlines(
                Files.readString(Path.of("src/test/resources/dispatcher-topology.txt")));
    }

    /// The description lists a processor's stores in no particular order.
    private static String withSortedStores(String description) {
        return Pattern.compile("stores: \\[([^]]*)]").matcher(description).replaceAll(
                match -> "stores: [" + String.join(", ", new TreeSet<>(List.of(match.group(1).split(", ")))) + "]");
    }

    private void answerThreeTurns(int questions) {
        dispatcher.requestRun(10);
        dispatcher.planDialogue(0, questions);
        for (String turn : List.of("r1", "r2", "r3")) {
            dispatcher.asked();
            dispatcher.answer(0, turn, Outcome.ANSWERED, "answer to " + turn);
        }
    }

    private List<String> settledTexts() {
        List<String> texts = new ArrayList<>();
        for (SpecificRecord event : dispatcher.take(Topics.DIALOGUE_EVENTS)) {
            if (event instanceof StepSettled settled && settled.getAnswer() != null) {
                texts.add(Texts.plain(settled.getAnswer().getText()));
            }
        }
        return texts;
    }

    private List<RunState> states() {
        return dispatcher.take(Topics.RUNS).stream().filter(RunStateChanged.class::isInstance)
                .map(e -> ((RunStateChanged) e).getState()).toList();
    }

    private List<String> reasons() {
        return dispatcher.take(Topics.RUNS).stream().filter(RunStateChanged.class::isInstance)
                .map(e -> ((RunStateChanged) e).getReason()).toList();
    }

    private RunStateChanged lastState() {
        return dispatcher.take(Topics.RUNS).stream().filter(RunStateChanged.class::isInstance)
                .map(RunStateChanged.class::cast)
                .reduce((first, second) -> second).orElseThrow();
    }

    private List<RunState> controls() {
        return dispatcher.take(Topics.RUN_CONTROL).stream().map(e -> ((RunControl) e).getState()).toList();
    }
}
