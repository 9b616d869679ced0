package io.turnstream.dispatch;

import static io.turnstream.dispatch.DispatcherFixture.RUN;
import static io.turnstream.dispatch.DispatcherFixture.START;
import static io.turnstream.dispatch.DispatcherFixture.dialogue;
import static io.turnstream.dispatch.JudgingFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.StepKind;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Judging again that stands still, is cancelled or cannot go on.
class JudgingInterruptedTest {

    private static final JudgementSpec BETTER = spec("better");

    private final JudgingFixture run = new JudgingFixture();

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void readingTheTranscriptsTwiceChangesNothing() {
        run.record(3);
        run.request(BETTER, false, 10);
        JudgementSetOpened opened = run.opened();
        run.replay(opened, List.of(dialogue(0), dialogue(1)));
        run.give(run.takeAsked().getFirst(), Outcome.JUDGED, 5);
        // the reader dies here; another begins anew, and says at the end that it is done, twice
        run.replay(opened);
        run.replay(opened);

        assertThat(run.takeAsked()).extracting(ask -> ask.getSubject().getRowId()).containsExactly(2);
        assertThat(run.verdicts(BETTER)).hasSize(1);
        assertThat(run.states(BETTER)).containsExactly(RunState.PLANNING, RunState.RUNNING);
    }

    @Test
    void askingForWhatIsUnscoredInASetThatStandsStillGoesOnWithIt() {
        run.record(2);
        run.request(BETTER, false, 1);
        run.replay();
        run.command(BETTER, RunCommand.PAUSE);
        run.give(run.takeAsked().getFirst(), Outcome.JUDGED, 5);
        assertThat(run.asked).isEmpty();

        run.request(BETTER, true, 1);
        assertThat(run.asked).hasSize(1);
        run.judgeAll(5);

        assertThat(run.refusals()).isEmpty();
        assertThat(run.states(BETTER)).endsWith(RunState.PAUSED, RunState.RUNNING, RunState.COMPLETED);
        assertThat(run.verdicts(BETTER)).extracting(JudgementSettled::getGeneration).containsExactly(1, 1);
    }

    @Test
    void cancellingGivesEveryDialogueAnOutcomeAndAVerdictThatComesLateIsIgnored() {
        run.record(3);
        run.request(BETTER, false, 1);
        run.replay();
        AskJudge asked = run.takeAsked().getFirst();
        run.command(BETTER, RunCommand.CANCEL);
        run.give(asked, Outcome.JUDGED, 5);

        assertThat(run.verdicts(BETTER)).extracting(JudgementSettled::getOutcome).containsOnly(Outcome.CANCELLED)
                .hasSize(3);
        assertThat(run.states(BETTER)).endsWith(RunState.CANCELLED);
        assertThat(run.dispatcher.takeRecords(Topics.RUN_CONTROL).getLast()).satisfies(control -> {
            assertThat(control.key()).isEqualTo(RUN + '/' + BETTER.getJudgementSetId());
            assertThat(((RunControl) control.value()).getState()).isEqualTo(RunState.CANCELLED);
        });
        run.request(BETTER, true, 10);
        run.replay();
        run.judgeAll(4);
        assertThat(run.states(BETTER)).endsWith(RunState.COMPLETED);
    }

    @Test
    void cancellingWhileTranscriptsAreReadEndsWhenTheyAreAllRead() {
        run.record(2);
        run.request(BETTER, false, 10);
        run.command(BETTER, RunCommand.CANCEL);
        run.replay();

        assertThat(run.asked).isEmpty();
        assertThat(run.states(BETTER)).containsExactly(RunState.PLANNING, RunState.CANCELLED, RunState.CANCELLED);
        assertThat(run.changes(BETTER).getLast().getDialogues()).isEqualTo(2);
    }

    @Test
    void cancellingACompletionKeepsWhatTheSetHad() {
        run.record(1);
        run.request(BETTER, false, 10);
        run.replay();
        run.give(run.takeAsked().getFirst(), Outcome.JUDGE_UNPARSEABLE, null);
        run.request(BETTER, true, 10);
        run.replay();
        run.command(BETTER, RunCommand.CANCEL);

        assertThat(run.verdicts(BETTER)).extracting(JudgementSettled::getOutcome)
                .containsExactly(Outcome.JUDGE_UNPARSEABLE);
        assertThat(run.changes(BETTER).getLast().getOutcomes())
                .containsExactly(new OutcomeCount(StepKind.JUDGE, Outcome.JUDGE_UNPARSEABLE, 1L));
    }

    @Test
    void aDeferredRequestGoesOutAgainOnlyWhileItsSetIsRunning() {
        run.record(1);
        run.request(BETTER, false, 10);
        run.replay();
        run.defer(run.takeAsked().getFirst(), DeferralReason.CIRCUIT_OPEN, START.plusSeconds(5).toEpochMilli());
        run.command(BETTER, RunCommand.PAUSE);
        run.dispatcher.passWallClock(Duration.ofSeconds(10));
        run.collect();
        assertThat(run.asked).isEmpty();

        run.command(BETTER, RunCommand.RESUME);
        run.dispatcher.passWallClock(Duration.ofSeconds(1));
        run.collect();
        assertThat(run.asked).singleElement().satisfies(ask -> assertThat(ask.getMeta().getEventId())
                .isEqualTo(Ids.judgeRequestId(dialogue(0), 1, BETTER.getJudgementSetId()) + "/2"));
        run.judgeAll(5);
        run.dispatcher.passWallClock(Duration.ofSeconds(10));
        run.collect();
        assertThat(run.asked).isEmpty();
        assertThat(run.states(BETTER)).endsWith(RunState.PAUSED, RunState.RUNNING, RunState.COMPLETED);
    }

    @Test
    void aWrongKeyOfTheJudgeHaltsTheSetAndNotTheRun() {
        run.record(1);
        run.request(BETTER, false, 10);
        run.replay();
        run.defer(run.takeAsked().getFirst(), DeferralReason.AUTHENTICATION, 0);

        assertThat(run.states(BETTER)).endsWith(RunState.HALTED);
        assertThat(run.runs.stream().filter(RunStateChanged.class::isInstance)
                .map(change -> ((RunStateChanged) change).getState()))
                .doesNotContain(RunState.HALTED);
    }

    @Test
    void aRequestThatHaltedTheSetSaysSoWhenItIsSentAgain() {
        run.record(1);
        run.request(BETTER, false, 10);
        run.replay();
        AskJudge asked = run.takeAsked().getFirst();
        assertThat(asked.getHalts()).isZero();
        run.defer(asked, DeferralReason.AUTHENTICATION, 0);

        run.command(BETTER, RunCommand.RESUME);
        run.dispatcher.passWallClock(Duration.ofSeconds(1));
        run.collect();

        assertThat(run.takeAsked()).singleElement().satisfies(again -> assertThat(again.getHalts()).isOne());
    }

    @Test
    void transcriptsThatCannotBeJudgedFailTheSetAndLeaveOneThatHasVerdictsAsItWas() {
        run.record(1);
        run.request(BETTER, false, 10);
        run.replayed(run.opened(), "its texts were withheld");

        assertThat(run.changes(BETTER).getLast()).satisfies(last -> {
            assertThat(last.getState()).isEqualTo(RunState.FAILED);
            assertThat(last.getReason()).isEqualTo("its texts were withheld");
        });
        run.request(BETTER, false, 10);
        run.replay();
        run.judgeAll(5);
        assertThat(run.states(BETTER)).as("a set that failed may be asked for again").endsWith(RunState.COMPLETED);
    }
}
