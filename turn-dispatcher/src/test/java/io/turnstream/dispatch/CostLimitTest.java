package io.turnstream.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.Repeats;
import io.turnstream.contracts.RepeatsCounted;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.Usage;
import io.turnstream.events.Topics;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A run stops before it spends more than it may.
class CostLimitTest {

    private static final long WORST = WorstCase.ofModel(DispatcherFixture.pricedPlan(0));
    private static final long WORST_OF_JUDGE = WorstCase.ofJudge(DispatcherFixture.pricedPlan(0));

    private final DispatcherFixture dispatcher = new DispatcherFixture();

    @AfterEach
    void close() {
        dispatcher.close();
    }

    private void plan(int dialogues) {
        for (int ordinal = 0; ordinal < dialogues; ordinal++) {
            dispatcher.planPricedDialogue(ordinal);
        }
        dispatcher.planned(dialogues);
    }

    private List<RunStateChanged> states() {
        return dispatcher.take(Topics.RUNS).stream().filter(RunStateChanged.class::isInstance)
                .map(RunStateChanged.class::cast).toList();
    }

    @Test
    void asManyDialoguesBeginAsTheLimitHoldsWhateverTheWindow() {
        // Given money for two and a half dialogues, and a window of eight
        dispatcher.requestLimitedRun(8, 5 * WORST / 2, null);
        plan(4);

        // Then
        assertThat(dispatcher.asked()).containsExactly("0:r1@1", "1:r1@1");

        // When one ends that has cost next to nothing
        dispatcher.finish(0, 3);

        // Then the money set aside for it lets the next in, and nobody is halted meanwhile
        assertThat(dispatcher.asked()).containsExactly("0:r2@1", "0:r3@1", "2:r1@1");
        assertThat(states()).extracting(RunStateChanged::getState).doesNotContain(RunState.HALTED);
    }

    @Test
    void runStandsStillOnceNothingIsUnderWayAndTheNextDialogueMayCostTooMuch() {
        // Given money for one and a half dialogues
        dispatcher.requestLimitedRun(8, 3 * WORST / 2, null);
        plan(3);
        assertThat(dispatcher.asked()).containsExactly("0:r1@1");
        states();

        // When it costs all that was set aside
        dispatcher.finish(0, WORST / 3);

        // Then
        assertThat(dispatcher.asked()).containsExactly("0:r2@1", "0:r3@1");
        RunStateChanged halted = states().getLast();
        assertThat(halted.getState()).isEqualTo(RunState.HALTED);
        assertThat(halted.getReason()).contains("the cost limit of").contains("is reached").contains("--cost-limit");
        assertThat(halted.getCostNanoUsd()).isEqualTo(WORST / 3 * 3);
        assertThat(halted.getCostLimitNanoUsd()).isEqualTo(3 * WORST / 2);
        assertThat(halted.getUsage()).isEqualTo(new Usage(300L, 30L, 0L));
        assertThat(halted.getJudgeUsage()).isEqualTo(new Usage(100L, 10L, 0L));
    }

    @Test
    void haltedRunGoesOnWithAHigherLimitAndStandsStillAgainWithTheSame() {
        dispatcher.requestLimitedRun(8, WORST, null);
        plan(2);
        dispatcher.finish(0, WORST / 3);
        dispatcher.asked();
        states();

        // When it is resumed as it is
        dispatcher.command(RunCommand.RESUME);

        // Then
        assertThat(dispatcher.asked()).isEmpty();
        assertThat(states()).extracting(RunStateChanged::getState).containsExactly(RunState.RUNNING, RunState.HALTED);

        // When the limit is raised
        dispatcher.command(RunCommand.RESUME, 2 * WORST);

        // Then
        assertThat(dispatcher.asked()).containsExactly("1:r1@1");
        dispatcher.finish(1, 5);
        assertThat(states().getLast().getState()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void dialogueThatAloneMayCostTooMuchIsNeverBegun() {
        dispatcher.requestLimitedRun(8, WORST - 1, null);
        plan(1);

        assertThat(dispatcher.asked()).isEmpty();
        assertThat(states().stream().map(RunStateChanged::getState)).contains(RunState.HALTED);
    }

    @Test
    void judgeHasALimitOfItsOwn() {
        // Given money for one verdict, and no limit for the model
        dispatcher.requestLimitedRun(8, null, WORST_OF_JUDGE);
        plan(2);
        assertThat(dispatcher.asked()).containsExactly("0:r1@1");
        states();

        // When
        dispatcher.finish(0, 7);

        // Then
        RunStateChanged halted = states().getLast();
        assertThat(halted.getState()).isEqualTo(RunState.HALTED);
        assertThat(halted.getReason()).contains("--judge-cost-limit");
        assertThat(halted.getJudgeCostNanoUsd()).isEqualTo(7);
    }

    @Test
    void answerThatWasPaidAndNotAcceptedCountsOnceAlsoAfterTheEnd() {
        dispatcher.requestLimitedRun(8, 10 * WORST, null);
        plan(1);
        dispatcher.paidAnswer(0, "r1", 5);

        // When another worker answers the same, and again once the run has ended
        dispatcher.paidAnswer(0, "r1", 50);
        dispatcher.finish(0, 5);
        List<SpecificRecord> runs = dispatcher.take(Topics.RUNS);
        dispatcher.paidAnswer(0, "r3", 500);

        // Then finish(), which answers r1 anew, is paid for that, too; what was accepted stays as it is
        RunStateChanged completed = (RunStateChanged) runs.getLast();
        assertThat(completed.getState()).isEqualTo(RunState.COMPLETED);
        assertThat(completed.getCostNanoUsd()).isEqualTo(15);
        assertThat(dispatcher.take(Topics.RUNS)).singleElement().isInstanceOfSatisfying(RepeatsCounted.class,
                counted -> {
                    assertThat(counted.getJudgementSetId()).isNull();
                    assertThat(counted.getRepeats())
                            .isEqualTo(new Repeats(3L, new Usage(300L, 30L, 0L), 50 + 5 + 500L, 0L));
                });
    }
}
