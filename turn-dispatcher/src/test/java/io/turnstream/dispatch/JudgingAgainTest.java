package io.turnstream.dispatch;

import static io.turnstream.dispatch.DispatcherFixture.RUN;
import static io.turnstream.dispatch.DispatcherFixture.dialogue;
import static io.turnstream.dispatch.JudgingFixture.ownSpec;
import static io.turnstream.dispatch.JudgingFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.StepKind;
import io.turnstream.events.EventDigests;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.MerkleTree;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JudgingAgainTest {

    private static final JudgementSpec BETTER = spec("better");
    private static final JudgementSpec OTHER = spec("other");

    private JudgingFixture run = new JudgingFixture();

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void judgesTheRecordedTranscriptsInASetOfItsOwnAndAsksNoModel() {
        run.record(2);
        run.request(BETTER, false, 10);
        run.replay();

        List<AskJudge> asked = run.takeAsked();
        assertThat(asked).hasSize(2).allSatisfy(ask -> {
            assertThat(ask.getTarget().getModel()).isEqualTo("better");
            assertThat(ask.getRound()).isEqualTo(run.opened().getRound());
            assertThat(ask.getExchanges()).extracting(exchange -> Texts.plain(exchange.getAssistant()))
                    .containsExactly("first", "second", "third");
        });
        asked.forEach(ask -> run.give(ask, Outcome.JUDGED, 5));

        assertThat(run.askedModels).isEmpty();
        assertThat(run.states(BETTER)).containsExactly(RunState.PLANNING, RunState.RUNNING, RunState.COMPLETED);
        assertThat(run.verdicts(BETTER)).extracting(JudgementSettled::getScore).containsExactly(5, 5);
        assertThat(run.verdicts(ownSpec())).extracting(JudgementSettled::getScore)
                .as("old verdicts stand beside the new").containsExactly(3, 3);
        assertThat(run.changes(BETTER).getLast()).satisfies(last -> {
            assertThat(last.getDialogues()).isEqualTo(2);
            assertThat(last.getPlanned()).isEqualTo(2);
            assertThat(last.getOutcomes()).containsExactly(new OutcomeCount(StepKind.JUDGE, Outcome.JUDGED, 2L));
            assertThat(last.getJudgeCostNanoUsd()).as("7 a verdict").isEqualTo(14L);
        });
    }

    @Test
    void numbersVerdictsAfterTheDialoguesOtherEventsAndSealsThemByThemselves() {
        run.record(2);
        RunSealed runSeal = (RunSealed) run.runs.stream().filter(RunSealed.class::isInstance).findFirst().orElseThrow();
        run.request(BETTER, false, 10);
        run.replay();
        run.judgeAll(4);

        // opened, r1, r2, r3, verdict of the run's judge, closed, new verdict
        assertThat(run.sequences(0)).containsExactly(0, 1, 2, 3, 4, 5, 6);
        MerkleTree tree = new MerkleTree();
        run.verdicts(BETTER).forEach(verdict -> tree.add(EventDigests.of(verdict)));
        assertThat(run.seals(BETTER)).singleElement().satisfies(seal -> {
            assertThat(seal.getSealId()).isEqualTo(RUN + '/' + BETTER.getJudgementSetId() + "/s1");
            tree.add(EventDigests.of(seal.getAccount()));
            assertThat(seal.getRoot()).isEqualTo(tree.root());
            assertThat(seal.getLeaves()).as("two verdicts and the account").isEqualTo(3);
            assertThat(seal.getAccount().getRunRoot()).isEqualTo(runSeal.getRoot());
            assertThat(seal.getSupersedes()).isNull();
        });
        assertThat(
                run.runs.stream().filter(event -> event instanceof RunSealed seal && seal.getJudgementSetId() == null))
                .as("the run's own seal stays as it is").containsExactly(runSeal);
    }

    @Test
    void everyEventNamesWhatBroughtItAbout() {
        run.record(1, 0);
        run.request(BETTER, false, 1);
        var transcript = run.transcript(run.opened(), dialogue(0));
        run.replay();

        assertThat(run.verdicts(BETTER)).singleElement().satisfies(verdict -> {
            assertThat(verdict.getMeta().getCauseId()).isEqualTo(transcript.getMeta().getEventId());
            assertThat(verdict.getMeta().getCauseDigest()).isEqualTo(EventDigests.of(transcript));
        });
        assertThat(run.dispatcher.take(Topics.DIALOGUE_PROGRESS).getLast())
                .satisfies(finished -> assertThat(EventTypes.metaOf(finished).getCauseDigest())
                        .isEqualTo(EventDigests.of(transcript)));
    }

    @Test
    void acceptsTheFirstVerdictOfARequestAndNoOther() {
        run.record(1);
        run.request(BETTER, false, 10);
        run.replay();
        AskJudge ask = run.takeAsked().getFirst();
        run.give(ask, Outcome.JUDGED, 5);
        run.give(ask, Outcome.JUDGED, 1);

        assertThat(run.verdicts(BETTER)).extracting(JudgementSettled::getScore).containsExactly(5);
        assertThat(run.seals(BETTER)).hasSize(1);
    }

    @Test
    void asksForAWindowOfVerdictsAndForTheNextWhenOneIsGiven() {
        run.record(5);
        run.request(BETTER, false, 2);
        run.replay();

        assertThat(run.asked).extracting(ask -> ask.getSubject().getRowId()).containsExactly(0, 1);
        run.give(run.takeAsked().getLast(), Outcome.JUDGED, 5);
        assertThat(run.asked).extracting(ask -> ask.getSubject().getRowId()).containsExactly(2);
    }

    @Test
    void goesOnBesideALiveRunWithinWindowsOfTheirOwn() {
        String live = "01JD0000000000000000000002";
        run.record(3);
        run.dispatcher.requestRun(live, 1);
        run.dispatcher.planDialogue(live, 0, 0);
        run.dispatcher.planDialogue(live, 1, 0);
        run.request(BETTER, false, 1);
        run.replay();

        assertThat(run.asked).hasSize(1);
        assertThat(run.askedModels).extracting(EventTypes::requestIdOf).containsExactly(dialogue(live, 0) + "#r1@1");
        run.judgeAll(5);
        assertThat(run.states(BETTER)).endsWith(RunState.COMPLETED);
        run.askedModels.clear();
        run.dispatcher.answer(live, 0, "r1", 1, Outcome.EMPTY, "");
        run.collect();
        assertThat(run.askedModels).extracting(EventTypes::requestIdOf).containsExactly(dialogue(live, 1) + "#r1@1");
    }

    @Test
    void twoSetsAreJudgedSideBySideAndNumberTheirEventsOneAfterTheOther() {
        run.record(2);
        run.request(BETTER, false, 10);
        JudgementSetOpened better = run.opened();
        run.request(OTHER, false, 10);
        JudgementSetOpened other = run.opened();
        run.replay(better);
        run.replay(other);
        run.judgeAll(2);

        assertThat(run.states(BETTER)).endsWith(RunState.COMPLETED);
        assertThat(run.states(OTHER)).endsWith(RunState.COMPLETED);
        assertThat(run.sequences(0)).doesNotHaveDuplicates().hasSize(8);
    }

    @Test
    void completesASetWithWhatIsUnscoredUnderTheNextGenerationAndSealsAnew() {
        run.record(3);
        run.request(BETTER, false, 10);
        run.replay();
        List<AskJudge> first = run.takeAsked();
        run.give(first.get(0), Outcome.JUDGED, 5);
        run.give(first.get(1), Outcome.JUDGE_UNPARSEABLE, null);
        run.give(first.get(2), Outcome.JUDGE_ERROR, null);
        assertThat(run.states(BETTER)).endsWith(RunState.INCOMPLETE);

        run.request(BETTER, true, 10);
        run.replay();
        assertThat(run.asked).extracting(AskJudge::getRequestId).containsExactly(
                Ids.judgeRequestId(dialogue(1), 2, BETTER.getJudgementSetId()),
                Ids.judgeRequestId(dialogue(2), 2, BETTER.getJudgementSetId()));
        run.judgeAll(4);

        assertThat(run.states(BETTER)).endsWith(RunState.COMPLETED);
        assertThat(run.changes(BETTER).getLast()).satisfies(last -> {
            assertThat(last.getOutcomes()).containsExactly(new OutcomeCount(StepKind.JUDGE, Outcome.JUDGED, 3L));
            assertThat(last.getJudgeCostNanoUsd()).as("five verdicts were paid").isEqualTo(35L);
        });
        assertThat(run.seals(BETTER)).extracting(RunSealed::getLeaves).as("and the account").containsExactly(4L, 6L);
        assertThat(run.seals(BETTER).getLast().getSupersedes()).isEqualTo(run.seals(BETTER).getFirst().getSealId());
    }

    @Test
    void completingACompleteSetAsksNobodyAndSealsItsEndAnew() {
        run.record(2);
        run.request(BETTER, false, 10);
        run.replay();
        run.judgeAll(5);
        run.request(BETTER, true, 10);
        run.replay();

        assertThat(run.asked).isEmpty();
        assertThat(run.states(BETTER)).endsWith(RunState.COMPLETED, RunState.PLANNING, RunState.RUNNING,
                RunState.COMPLETED);
        assertThat(run.seals(BETTER)).extracting(RunSealed::getLeaves).containsExactly(3L, 3L);
        assertThat(run.seals(BETTER).getLast().getAccount().getFormerRoot())
                .isEqualTo(run.seals(BETTER).getFirst().getRoot());
    }

    @Test
    void refusesWhatWouldOverwriteASetOrCompleteOneThatIsNotThere() {
        run.record(1);
        run.request(BETTER, true, 10);
        run.request(ownSpec(), false, 10);
        run.request(BETTER, false, 10);
        run.request(BETTER, false, 10);
        run.replay();
        run.judgeAll(5);
        run.request(BETTER, false, 10);

        assertThat(run.refusals()).satisfiesExactly(
                missing -> assertThat(missing).contains("there is no set").contains(BETTER.getJudgementSetId()),
                own -> assertThat(own).contains("never overwritten"),
                running -> assertThat(running).contains("is being judged"),
                there -> assertThat(there).contains("never overwritten"));
        assertThat(run.verdicts(BETTER)).hasSize(1);
    }

    @Test
    void refusesASetWhoseIdIsNotThatOfItsJudge() {
        run.record(1);
        JudgementSpec misnamed = JudgementSpec.newBuilder(BETTER).setJudge(DispatcherFixture.target("another")).build();
        run.request(misnamed, false, 10);

        assertThat(run.refusals()).singleElement().asString().contains("completes the set");
        assertThat(run.asked).isEmpty();
    }

    @Test
    void aRunThatHasNotEndedIsNotJudgedAgain() {
        run.dispatcher.requestRun(1);
        run.dispatcher.planDialogue(0, 0);
        run.dispatcher.planned(1);
        run.request(BETTER, false, 10);

        assertThat(run.refusals()).singleElement().asString().contains("still running");
    }

    @Test
    void dialoguesThatNeverCameToTheirThirdAnswerAreNotReached() {
        run.record(2, 1);
        run.request(BETTER, false, 10);
        run.replay();
        run.judgeAll(5);

        assertThat(run.verdicts(BETTER)).extracting(JudgementSettled::getOutcome)
                .containsExactlyInAnyOrder(Outcome.JUDGED, Outcome.NOT_REACHED);
        assertThat(run.states(BETTER)).as("the judge did all it could").endsWith(RunState.COMPLETED);
    }

    @Test
    void judgesOnlyTheSelectedDialoguesAndLaterTheOthers() {
        run.record(3);
        run.request(BETTER, false, 10, dialogue(1));
        run.replay();
        run.judgeAll(5);
        assertThat(run.verdicts(BETTER)).extracting(verdict -> verdict.getSubject().getRowId()).containsExactly(1);
        assertThat(run.states(BETTER)).endsWith(RunState.COMPLETED);

        run.request(BETTER, true, 10);
        run.replay();
        run.judgeAll(5);

        assertThat(run.verdicts(BETTER)).extracting(JudgementSettled::getGeneration).containsExactly(1, 1, 1);
        assertThat(run.seals(BETTER)).extracting(RunSealed::getLeaves).as("and the account").containsExactly(2L, 4L);
    }

    @Test
    void worksForARunOfWhichNoStateIsLeft() {
        run.record(2);
        try (JudgingFixture elsewhere = run.withoutState()) {
            elsewhere.request(BETTER, false, 10);
            JudgementSetOpened better = elsewhere.opened();
            elsewhere.request(OTHER, false, 10);
            JudgementSetOpened other = elsewhere.opened();
            elsewhere.replay(better);
            elsewhere.replay(other);
            elsewhere.judgeAll(4);

            assertThat(elsewhere.states(BETTER)).endsWith(RunState.COMPLETED);
            assertThat(elsewhere.states(OTHER)).endsWith(RunState.COMPLETED);
            assertThat(elsewhere.askedModels).isEmpty();
            assertThat(elsewhere.sequences(1)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        }
    }

    @Test
    void completesASetOfWhichOnlyTheLogKnows() {
        run.record(2);
        run.request(BETTER, false, 10);
        run.replay();
        List<AskJudge> asked = run.takeAsked();
        run.give(asked.get(0), Outcome.JUDGED, 5);
        run.give(asked.get(1), Outcome.JUDGE_ERROR, null);
        try (JudgingFixture elsewhere = run.withoutState()) {
            elsewhere.request(BETTER, true, 10);
            elsewhere.replay();
            elsewhere.judgeAll(4);

            assertThat(elsewhere.verdicts(BETTER)).extracting(JudgementSettled::getGeneration)
                    .containsExactlyInAnyOrder(1, 1, 2);
            assertThat(elsewhere.seals(BETTER)).extracting(RunSealed::getLeaves).as("and the account")
                    .containsExactly(3L, 4L);
            assertThat(elsewhere.seals(BETTER).getLast().getSupersedes())
                    .isEqualTo(elsewhere.seals(BETTER).getFirst().getSealId());
        }
    }

    @Test
    void aRunThatWasBroughtInIsNotRunButJudged() {
        run.record(1);
        try (JudgingFixture elsewhere = run.withoutState()) {
            run.runs.forEach(event -> elsewhere.dispatcher.bringIn(Topics.RUNS, RUN, event));
            elsewhere.collect();
            assertThat(elsewhere.dispatcher.take(Topics.RUN_CONTROL)).isEmpty();

            elsewhere.request(ownSpec(), false, 10);
            assertThat(elsewhere.refusals()).singleElement().asString().contains("never overwritten");
            elsewhere.request(BETTER, false, 10);
            elsewhere.replay();
            elsewhere.judgeAll(2);

            assertThat(elsewhere.states(BETTER)).endsWith(RunState.COMPLETED);
        }
    }

    @Test
    void completingTheRunsOwnSetCompletesTheRunAndSupersedesTheSetsSeal() {
        run.dispatcher.requestRun(1);
        run.dispatcher.planDialogue(0, 0);
        run.dispatcher.planned(1);
        for (String turn : List.of("r1", "r2", "r3")) {
            run.dispatcher.answer(0, turn, Outcome.ANSWERED, turn);
        }
        run.collect();
        run.give(run.takeAsked().getFirst(), Outcome.JUDGE_ERROR, null);
        run.askedModels.clear();
        assertThat(lastState()).isEqualTo(RunState.INCOMPLETE);

        run.request(ownSpec(), true, 10);
        run.replay();
        assertThat(run.asked).extracting(AskJudge::getGeneration).containsExactly(2);
        run.judgeAll(5);

        assertThat(lastState()).isEqualTo(RunState.COMPLETED);
        assertThat(run.seals(ownSpec())).extracting(RunSealed::getLeaves).as("and the account").containsExactly(2L, 3L);
        List<RunSealed> ofRun = run.runs.stream()
                .filter(event -> event instanceof RunSealed seal && seal.getJudgementSetId() == null)
                .map(RunSealed.class::cast).toList();
        assertThat(ofRun).extracting(RunSealed::getSealId).as("the run's end is sealed anew with it")
                .containsExactly(RUN + "/s1", RUN + "/s2");
        assertThat(ofRun.getLast().getAccount().getVerdictsRoot()).isEqualTo(run.seals(ownSpec()).getLast().getRoot());
        assertThat(run.seals(ownSpec()).getLast().getSupersedes())
                .isEqualTo(run.seals(ownSpec()).getFirst().getSealId());
        assertThat(run.askedModels).isEmpty();
    }

    @Test
    void aRetryOfTheRunAfterItsOwnSetWasCompletedAsksNoJudgeTwiceAndNumbersItsSealOn() {
        run.record(2, 1);
        run.dispatcher.command(RunCommand.RETRY);
        run.collect();
        // the retried turn fails again: the run is incomplete, its own set still lacks a dialogue
        run.dispatcher.answer(RUN, 1, "r2", 2, Outcome.PROVIDER_ERROR, "");
        run.collect();
        run.request(ownSpec(), true, 10);
        run.replay();
        assertThat(run.takeAsked()).isEmpty();
        run.dispatcher.command(RunCommand.RETRY);
        run.dispatcher.answer(RUN, 1, "r2", 3, Outcome.ANSWERED, "second");
        run.dispatcher.answer(RUN, 1, "r3", 3, Outcome.ANSWERED, "third");
        run.collect();
        run.judgeAll(4);

        assertThat(lastState()).isEqualTo(RunState.COMPLETED);
        assertThat(run.seals(ownSpec())).extracting(RunSealed::getSealId).doesNotHaveDuplicates();
        assertThat(new HashSet<>(run.sequences(1))).hasSameSizeAs(run.sequences(1));
    }

    private RunState lastState() {
        return run.runs.stream().filter(RunStateChanged.class::isInstance)
                .map(change -> ((RunStateChanged) change).getState())
                .reduce((first, second) -> second).orElseThrow();
    }
}
